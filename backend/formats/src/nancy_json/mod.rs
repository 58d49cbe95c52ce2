//! nancy's JSON: modules of Go with what Sonatype's OSS Index knows of them.
//!
//! Refuses to count what nancy does not: of the modules that it audited, only those it calls vulnerable do, and
//! what was excluded stays set aside.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

/// Name of the format.
const KIND: &str = "nancy-json";

/// The format.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "nancy (JSON)",
    docs: "https://github.com/sonatype-nexus-community/nancy",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head<'_>) -> bool {
    let counted = head.has("num_audited") || head.has("num_vulnerable");
    let listed = head.has("audited[].Coordinates") || head.has("vulnerable[].Coordinates");
    head.is_json_object() && head.has("audited") && (counted || listed)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    json::from_slice(document, KIND).map(|report| map::report(&report))
}
