//! Clair v4's report of the vulnerabilities in a manifest, one or several after another: packages, where each
//! was found, and which vulnerabilities match.
//!
//! Refuses Clair's report of an index, which lists packages before anything was matched, and the answers
//! of older Clairs.

mod map;
mod package;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "clair-v4-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Clair v4 vulnerability report",
    docs: "https://quay.github.io/clair/reference/api.html",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    // An index report tells its state; sorted by key, a report begins with its distributions.
    let has = |key: &str| head.has(key);
    let by_name = has("manifest_hash") && (has("packages") || has("vulnerabilities"));
    let sorted = has("distributions") && (has("enrichments") || has("environments"));
    head.is_json_object() && !has("state") && (has("package_vulnerabilities") || by_name || sorted)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let reports: Vec<wire::Report<'_>> = json::documents(document, KIND)?;
    Ok(map::reports(&reports))
}
