//! Results in our words: one scan of what was looked at, which no report names. Rules bear the ids that Trivy gives
//! them too. Refuses rules that hold, which are listed on request.

use domain::finding::FindingClass;
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};

use super::wire::{Outcome, Report};
use crate::Parsed;
use crate::checks::Check;
use crate::warnings::Warnings;

/// Maps a report.
pub(super) fn report(report: &Report<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let tool = Tool { name: "tfsec".to_owned(), version: None };
    let mut scan = ScanBuilder::new(tool.clone(), Target::Unstated);
    scan.scan_mut().covers.insert(FindingClass::Misconfiguration);
    let mut entries = 0;
    for (number, outcome) in report.results.iter().enumerate() {
        let State::Told(aside) = state(outcome) else { continue };
        entries += 1;
        let check = Check {
            id: &outcome.rule_id,
            path: &outcome.location.filename,
            resource: &outcome.resource,
            line: outcome.location.start_line.whole(),
            severity: &outcome.severity,
            title: outcome.description.filled().unwrap_or(&outcome.rule_description),
            aside,
        };
        if let Some(finding) = check.finding(&|| format!("results[{number}]"), &mut warnings) {
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

enum State {
    Holds,
    /// Broken, and why that does not count, if it does not.
    Told(Option<String>),
}

fn state(outcome: &Outcome<'_>) -> State {
    match &*outcome.status {
        "1" | "passed" => State::Holds,
        "2" | "ignored" => State::Told(Some("ignored in tfsec".to_owned())),
        _ if &*outcome.passed == "true" => State::Holds,
        _ => State::Told(None),
    }
}
