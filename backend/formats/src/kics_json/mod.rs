//! KICS' JSON report: queries with the places in files that failed them.
//!
//! Refuses its SARIF, its CycloneDX and its GitLab report, which are read as what they are.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "kics-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "KICS JSON report",
    docs: "https://docs.kics.io/latest/results/#json",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let counted = head.has("queries_total") && head.has("files_scanned");
    let listed = head.has("queries[].query_id") && head.has("queries[].files[].similarity_id");
    head.is_json_object() && (counted || listed)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    json::from_slice(document, KIND).map(|report| map::report(&report))
}
