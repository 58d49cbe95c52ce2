//! Gitleaks' JSON report: of release 8, with rules by id, and of releases before, with offenders.
//!
//! Refuses an empty list, which nothing tells from that of other tools, and Gitleaks' SARIF, which is read as what
//! it is.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "gitleaks-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Gitleaks JSON report",
    docs: "https://github.com/gitleaks/gitleaks#reporting",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let has = |key: &str| head.has(&format!("[].{key}"));
    let found = ["Fingerprint", "Secret", "Match"].into_iter().any(has);
    (has("RuleID") && has("StartLine") && found) || (has("rule") && has("offender") && has("lineNumber"))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let report: Vec<wire::Leak<'_>> = json::from_slice(document, KIND)?;
    Ok(map::report(&report))
}
