//! SARIF 2.1, the results format of many tools. Results whose rule is a CVE or GHSA become
//! vulnerabilities, those of secret scanners secrets, everything else misconfigurations.
//!
//! Runs of different tools are scans of their own; runs of one tool on one target are parts of one
//! scan, so that the second does not close what the first found. Refuses SARIF 1.0.

mod map;
mod package;
mod rule;
mod target;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "sarif";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "SARIF 2.1 results",
    docs: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html",
    version: 2,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    if !head.is_json_object() || !head.has("runs") || head.value("version") == Some("1.0.0") {
        return false;
    }
    let schema = head.value("$schema").is_some_and(|schema| schema.to_ascii_lowercase().contains("sarif"));
    let version = head.value("version").is_some_and(|version| version.starts_with("2.1"));
    schema || version || head.has("runs[].tool.driver")
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let log: wire::Log<'_> = json::from_slice(document, KIND)?;
    Ok(map::log(&log))
}
