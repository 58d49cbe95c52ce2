//! What kube-linter finds in files of Kubernetes objects and charts (`kube-linter lint --format json`).
//!
//! Refuses its SARIF, which another format reads, and its lists of checks and templates.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "kube-linter-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "kube-linter report",
    docs: "https://docs.kubelinter.io/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    // Reports stand behind the checks, which may be longer than the beginning that is looked at.
    let checks = head.has("Checks[].template") && head.has("Checks[].name");
    let reports = head.has("Reports[].Diagnostic") && head.has("Reports[].Check");
    head.is_json_object() && (checks || reports || head.has("Summary.KubeLinterVersion"))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let report: wire::Report<'_> = json::from_slice(document, KIND)?;
    Ok(map::report(&report))
}
