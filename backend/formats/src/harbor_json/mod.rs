//! Harbor's report of what its scanner found in an artifact: the answer of its API, an object by media type,
//! and a report alone.
//!
//! Refuses Harbor's overviews of scans, which only count, and its bills of materials.

mod map;
mod package;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "harbor-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Harbor vulnerability report",
    docs: "https://github.com/goharbor/pluggable-scanner-spec",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    head.is_json_object() && (is_bare(head) || is_keyed(head))
}

/// A report alone.
fn is_bare(head: &Head) -> bool {
    let stated = head.has("scanner.name") && head.has("generated_at") && head.has("vulnerabilities");
    let item = |key: &str| head.has(&format!("vulnerabilities[].{key}"));
    stated || item("fix_version") && item("package") && item("links")
}

/// Reports by media type.
fn is_keyed(head: &Head) -> bool {
    head.keys().iter().any(|key| {
        let member = |name: &str| head.has(&format!("{key}.{name}"));
        wire::is_report(key) && (member("vulnerabilities") || member("scanner") && member("generated_at"))
    })
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    if is_bare(&Head::new(document)) {
        let report: wire::Report<'_> = json::from_slice(document, KIND)?;
        return Ok(map::reports(&[("", &report)], Vec::new()));
    }
    let answer: wire::Answer<'_> = json::from_slice(document, KIND)?;
    let (reports, others) = answer.sorted();
    Ok(map::reports(&reports, others))
}
