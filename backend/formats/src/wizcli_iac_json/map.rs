//! The scan in our words: what was looked at has no name but that of the scan, which is another each time. Refuses the
//! text that a secret's rule matched, even masked.

use domain::finding::FindingClass;
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};

use super::wire::{Document, Place, RuleMatch, Secret};
use crate::checks::Check;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, time};

/// Maps a document.
pub(super) fn scan(document: &Document<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let tool = Tool { name: "wiz".to_owned(), version: None };
    let mut scan = ScanBuilder::new(tool.clone(), Target::Unstated);
    let known = scan.scan_mut();
    known.scanned_at = time::parse(&document.created_at);
    known.covers.extend(document.policies.iter().filter_map(|policy| looked_for(&policy.kind)));
    let state = document.status.state.filled().filter(|state| *state != "SUCCESS");
    known.partial =
        state.map(|state| bounded(&format!("the scan ended as {state}"), "status", &mut warnings));
    let mut entries = document.result.secrets.len();
    for (number, matched) in document.result.rule_matches.iter().enumerate() {
        entries += matched.matches.len().max(1);
        rule(&mut scan, matched, &format!("result.ruleMatches[{number}]"), &mut warnings);
    }
    for (number, found) in document.result.secrets.iter().enumerate() {
        let at = || format!("result.secrets[{number}]");
        if let Some(finding) = secret(found).secret(&at, &mut warnings) {
            scan.finding(finding);
        }
    }
    Parsed {
        tool: Some(tool),
        entries,
        listed_components: 0,
        observations: vec![Observation::Scan(scan.build())],
        warnings: warnings.into_vec(),
    }
}

fn looked_for(policy: &str) -> Option<FindingClass> {
    match policy {
        "IAC" => Some(FindingClass::Misconfiguration),
        "SECRETS" => Some(FindingClass::Secret),
        _ => None,
    }
}

/// Adds a finding for each place that breaks a rule, or one without a place.
fn rule(scan: &mut ScanBuilder, matched: &RuleMatch<'_>, at: &str, warnings: &mut Warnings) {
    let nowhere = Place::default();
    let nowhere = matched.matches.is_empty().then_some(&nowhere);
    for (number, place) in matched.matches.iter().chain(nowhere).enumerate() {
        let check = Check {
            id: matched.rule.id.filled().unwrap_or(&matched.rule.name),
            path: &place.file_name,
            resource: &place.resource_name,
            line: place.line_number.whole(),
            severity: &matched.severity,
            title: &matched.rule.name,
            aside: None,
        };
        if let Some(finding) = check.finding(&|| format!("{at}.matches[{number}]"), warnings) {
            scan.finding(finding);
        }
    }
}

fn secret<'s>(found: &'s Secret<'_>) -> Check<'s> {
    let (title, _) = found.description.split_once(" (").unwrap_or((&*found.description, ""));
    Check {
        id: found.kind.filled().unwrap_or(title),
        path: &found.path,
        line: found.line_number.whole(),
        title,
        ..Check::default()
    }
}
