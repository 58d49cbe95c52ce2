//! CycloneDX 1.0 to 1.7 in JSON: a bill of materials, a scan, a VEX document, or all three in one.
//!
//! Refuses SPDX, and objects that name neither the format nor both of its version and components.

mod lists;
mod map;
pub(crate) mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

pub(crate) use lists::LISTS;

/// Name of the format.
const KIND: &str = "cyclonedx-json";

/// The format.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "CycloneDX (JSON)",
    docs: "https://cyclonedx.org/docs/1.6/json/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head<'_>) -> bool {
    match head.value("bomFormat") {
        Some(format) => format == "CycloneDX",
        None => head.has("specVersion") && head.has("components") || begins_with_components(head),
    }
}

/// Whether a long list of components hides the keys that follow it.
fn begins_with_components(head: &Head<'_>) -> bool {
    let listed = head.has("components[].type") && head.has("components[].name");
    !head.is_whole() && listed && (head.has("components[].bom-ref") || head.has("components[].purl"))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    json::from_slice(document, KIND).map(|bom| map::map(&bom))
}
