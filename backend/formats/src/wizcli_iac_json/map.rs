//! The scan in our words: what was looked at has no name but that of the scan, which is another each time. Refuses the
//! text that a secret's rule matched, even masked.

use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};

use super::wire::{Document, Place, RuleMatch};
use crate::checks::Check;
use crate::warnings::Warnings;
use crate::{Parsed, wizcli};

/// Maps a document.
pub(super) fn scan(document: &Document<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let tool = Tool { name: wizcli::TOOL.to_owned(), version: None };
    let mut scan = ScanBuilder::new(tool.clone(), Target::Unstated);
    let Document { created_at, policies, status, .. } = document;
    wizcli::begin(scan.scan_mut(), created_at, policies, status, &mut warnings);
    let mut entries = document.result.secrets.len();
    for (number, matched) in document.result.rule_matches.iter().enumerate() {
        entries += matched.matches.len().max(1);
        rule(&mut scan, matched, &format!("result.ruleMatches[{number}]"), &mut warnings);
    }
    for (number, found) in document.result.secrets.iter().enumerate() {
        let at = || format!("result.secrets[{number}]");
        if let Some(finding) = wizcli::secret(found).secret(&at, &mut warnings) {
            scan.finding(finding);
        }
    }
    Parsed {
        tool: Some(tool),
        entries,
        listed_components: 0,
        observations: vec![Observation::Scan(scan.build())],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
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
