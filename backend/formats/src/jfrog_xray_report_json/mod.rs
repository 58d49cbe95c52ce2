//! Xray's report of vulnerabilities over repositories: the rows that the web console exports and
//! `/xray/api/v1/reports/vulnerabilities` hands out.
//!
//! Refuses its reports of licences, violations and operational risks, whose rows hold other things.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "jfrog-xray-report-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "JFrog Xray vulnerabilities report",
    docs: "https://jfrog.com/help/r/xray-rest-apis/get-vulnerabilities-report-content",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    if !head.is_json_object() || !head.has("total_rows") || !head.has("rows") {
        return false;
    }
    let of_vulnerabilities = head.has("rows[].vulnerable_component") || head.has("rows[].issue_id");
    let of_policies = head.has("rows[].watch_name") || head.has("rows[].license");
    let empty = head.keys().len() == 2 && head.value("total_rows") == Some("0");
    of_vulnerabilities && !of_policies || empty
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let report: wire::Report<'_> = json::from_slice(document, KIND)?;
    Ok(map::report(&report))
}
