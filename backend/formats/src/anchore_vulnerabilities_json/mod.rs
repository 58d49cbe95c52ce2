//! What Anchore finds in an image: the answer of Engine and Enterprise with the image's digest around it, in snake
//! case or in camel case, and the bare list that anchorectl writes.
//!
//! Refuses Grype's report, which is of the same house, and evaluations of policies.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

pub(crate) use map::TOOL;

const KIND: &str = "anchore-vulnerabilities-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Anchore vulnerabilities",
    docs: "https://docs.anchore.com/current/docs/vulnerability_management/images/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let item = |prefix: &str| {
        let has = |key: &str| head.has(&format!("{prefix}{key}"));
        has("vuln") && (has("package_type") || has("packageType"))
    };
    if head.is_json_array() {
        return item("[].");
    }
    let empty = head.has("imageDigest") && (head.has("vulnerability_type") || head.has("vulnerabilityType"));
    item("vulnerabilities[].") || empty && head.has("vulnerabilities")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    if Head::new(document).is_json_array() {
        let items: Vec<wire::Item<'_>> = json::from_slice(document, KIND)?;
        return Ok(map::list(&items));
    }
    let report: wire::Report<'_> = json::from_slice(document, KIND)?;
    Ok(map::report(&report))
}
