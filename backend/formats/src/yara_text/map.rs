//! YARA's matches in our words: one scan for malware, of a target that YARA does not name. What a match means is a
//! matter of the rules, which Plimsoll does not know: each counts as found malware.
//!
//! Refuses to guess a severity where the rule states none, and to close anything: rules differ from run to run, and the
//! output does not name them.

use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};

use super::wire::Output;
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{Parsed, severity};

/// Maps a whole output.
pub(super) fn output(output: &Output<'_>) -> Parsed {
    let tool = Tool { name: "yara".to_owned(), version: None };
    let mut warnings = Warnings::default();
    let mut scan = ScanBuilder::new(tool.clone(), Target::Unstated);
    scan.scan_mut().covers.insert(FindingClass::Malware);
    scan.scan_mut().partial = Some(partial(output));
    for found in &output.found {
        let at = format!("line {}", found.line);
        let subject = Subject::Malware {
            name: bounded(found.rule, &at, &mut warnings),
            path: bounded(found.path, &at, &mut warnings),
        };
        let word = bounded(found.severity, &at, &mut warnings);
        let mut finding = ReportedFinding::new(subject, severity::from_word(&word), word);
        finding.title = Some(found.description).filter(|title| !title.is_empty()).map(prose);
        scan.finding(finding);
    }
    for stray in &output.strays {
        warnings.skip(format!("line {}", stray.line), "a line that names no rule and file was skipped");
    }
    Parsed {
        tool: Some(tool),
        entries: output.found.len(),
        listed_components: 0,
        observations: vec![Observation::Scan(scan.build())],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

/// Why the scan closes nothing.
fn partial(output: &Output<'_>) -> String {
    match output.failed {
        0 => "YARA names neither its rules nor the files that match none".to_owned(),
        1 => "1 file could not be scanned".to_owned(),
        failed => format!("{failed} files could not be scanned"),
    }
}
