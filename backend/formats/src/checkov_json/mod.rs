//! Checkov's JSON (`checkov -o json`): a report for each kind of file, one or listed, with failed checks of
//! infrastructure as code, secrets, and vulnerabilities and licences of packages.
//!
//! Refuses its SARIF, its CycloneDX and its GitLab report, which are read as what they are.

mod map;
mod package;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "checkov-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Checkov JSON report",
    docs: "https://www.checkov.io/8.Outputs/JSON.html",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    ["", "[]."].iter().any(|prefix| {
        let has = |path: &str| head.has(&format!("{prefix}{path}"));
        let told = ["results.failed_checks", "results.passed_checks", "summary.checkov_version"];
        let empty = has("checkov_version") && has("passed") && has("failed");
        has("check_type") && told.into_iter().any(has) || empty
    })
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    if Head::new(document).is_json_array() {
        let reports: Vec<wire::Report<'_>> = json::from_slice(document, KIND)?;
        return Ok(map::reports(&reports));
    }
    let report: wire::Report<'_> = json::from_slice(document, KIND)?;
    Ok(map::reports(&[report]))
}
