//! SPDX 2.2 and 2.3 in JSON: the packages of one image, directory or product.
//!
//! Refuses SPDX 3, which is another model (JSON-LD), and lists of files: packages are what is kept.

mod map;
pub(crate) mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

/// Name of the format.
const KIND: &str = "spdx-json";

/// The format.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "SPDX 2 (JSON)",
    docs: "https://spdx.github.io/spdx-spec/v2.3/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head<'_>) -> bool {
    let version = head.value("spdxVersion").or_else(|| head.value("SPDXVersion"));
    match version {
        Some(version) => version.starts_with("SPDX-"),
        None => !head.has("@context") && (is_document(head) || head.has("packages[].SPDXID")),
    }
}

fn is_document(head: &Head<'_>) -> bool {
    head.value("SPDXID") == Some("SPDXRef-DOCUMENT")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    json::from_slice(document, KIND).map(|document| map::map(&document))
}
