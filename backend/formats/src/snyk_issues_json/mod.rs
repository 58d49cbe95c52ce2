//! Issues as Snyk's REST API lists them of an organisation or a group: in packages, code, infrastructure and licences, by
//! the project that they are in.
//!
//! Refuses what the command line writes, and the API's issues of a single package, which nobody need have.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "snyk-issues-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Snyk issues, REST API",
    docs: "https://docs.snyk.io/snyk-api/reference/issues",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let has = |key: &str| head.has(&format!("data[].{key}"));
    let listed = has("attributes.effective_severity_level") && has("attributes.key");
    head.is_json_object() && (listed || is_empty(head))
}

/// An answer without issues: its own address tells what was asked.
fn is_empty(head: &Head) -> bool {
    let asked = head.value("links.self").and_then(|link| link.split('?').next()).unwrap_or_default();
    let of_all = asked.contains("/orgs/") || asked.contains("/groups/");
    let issues = of_all && asked.ends_with("/issues") && !asked.contains("/packages/");
    issues && head.has("jsonapi") && head.has("data") && !head.has("data[].attributes")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    json::from_slice(document, KIND).map(|answer| map::issues(&answer))
}
