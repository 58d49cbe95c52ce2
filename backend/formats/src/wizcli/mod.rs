//! What all scans of wizcli have in common: how one ended, what it was asked to look for, and secrets.
//!
//! Refuses the text that a secret's rule matched, even masked.

use domain::finding::FindingClass;
use domain::scan::Scan;
use serde::Deserialize;

use crate::checks::Check;
use crate::json::{Number, Text};
use crate::time;
use crate::untrusted::bounded;
use crate::warnings::Warnings;

/// The name under which what Wiz says is kept.
pub(crate) const TOOL: &str = "wiz";

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Status<'a> {
    /// `SUCCESS`.
    state: Text<'a>,
}

/// What was asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Policy<'a> {
    /// `IAC`, `SECRETS`, `VULNERABILITIES`.
    #[serde(rename = "type")]
    kind: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Secret<'a> {
    /// The rule, and in brackets what it matched, masked.
    description: Text<'a>,
    path: Text<'a>,
    line_number: Number,
    /// `PASSWORD`.
    #[serde(rename = "type")]
    kind: Text<'a>,
}

/// Notes when a scan was made, what it looked for, and how it ended.
pub(crate) fn begin(
    scan: &mut Scan,
    created_at: &str,
    policies: &[Policy<'_>],
    status: &Status<'_>,
    warnings: &mut Warnings,
) {
    scan.scanned_at = time::parse(created_at);
    scan.covers.extend(policies.iter().filter_map(|policy| looked_for(&policy.kind)));
    let state = status.state.filled().filter(|state| *state != "SUCCESS");
    scan.partial = state.map(|state| bounded(&format!("the scan ended as {state}"), "status", warnings));
}

fn looked_for(policy: &str) -> Option<FindingClass> {
    match policy {
        "IAC" => Some(FindingClass::Misconfiguration),
        "SECRETS" => Some(FindingClass::Secret),
        "VULNERABILITIES" => Some(FindingClass::Vulnerability),
        _ => None,
    }
}

/// A secret by its rule and place.
pub(crate) fn secret<'s>(found: &'s Secret<'_>) -> Check<'s> {
    let (title, _) = found.description.split_once(" (").unwrap_or((&*found.description, ""));
    Check {
        id: found.kind.filled().unwrap_or(title),
        path: &found.path,
        line: found.line_number.whole(),
        title,
        ..Check::default()
    }
}
