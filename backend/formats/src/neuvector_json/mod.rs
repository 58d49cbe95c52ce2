//! What NeuVector found in one image: the file that its scanner writes, and the answer of its controller for an
//! image, a container or a node.
//!
//! Refuses its benchmark reports, and its lists across assets.

mod map;
mod package;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

pub(crate) use map::{TOOL, is_failed};

const KIND: &str = "neuvector-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "NeuVector scan report",
    docs: "https://open-docs.neuvector.com/scanning/scanning/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let has = |key: &str| head.has(&format!("report.{key}"));
    let found = has("vulnerabilities[].package_name") && has("vulnerabilities[].name");
    let empty = has("vulnerabilities") && (has("modules") || has("cvedb_version") || has("setid_perms"));
    head.is_json_object() && (found || empty)
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let answer: wire::Answer<'_> = json::from_slice(document, KIND)?;
    Ok(map::report(&answer.report))
}
