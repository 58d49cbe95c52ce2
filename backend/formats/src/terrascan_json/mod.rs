//! Terrascan's JSON (`terrascan scan -o json`): violations of policies by resources of infrastructure as code.
//!
//! Refuses its SARIF, which is read as such, and its listings of resources, which hold no findings.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "terrascan-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Terrascan JSON report",
    docs: "https://runterrascan.io/docs/usage/command_line_mode/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    let summary = ["results.scan_summary.policies_validated", "results.scan_summary.violated_policies"];
    let listed = ["results.scan_errors[].iac_type", "results.passed_rules[].rule_id"];
    let counted = head.has("results.count.total") || summary.iter().any(|path| head.has(path));
    let told = head.has("results.violations") && (counted || head.has("results.violations[].rule_id"));
    head.is_json_object() && (told || listed.iter().any(|path| head.has(path)))
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    json::from_slice(document, KIND).map(|document| map::report(&document))
}
