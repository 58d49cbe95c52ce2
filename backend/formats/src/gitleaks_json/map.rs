//! Gitleaks' report in our words: one scan for each repository, or one of a target that is not stated. Gitleaks looks
//! at files, and does not know whether they are an image's.
//!
//! Refuses to keep what was matched, and to guess a severity: Gitleaks states none.

use std::collections::HashMap;

use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::severity::Severity;

use super::wire::Leak;
use crate::Parsed;
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;

/// Maps a whole report.
pub(super) fn report(leaks: &[Leak<'_>]) -> Parsed {
    let tool = Tool { name: "gitleaks".to_owned(), version: None };
    let mut warnings = Warnings::default();
    let mut scans: Vec<ScanBuilder> = Vec::new();
    let mut known: HashMap<Option<&str>, usize> = HashMap::new();
    let mut entries = 0;
    for (number, leak) in leaks.iter().enumerate() {
        let at = format!("[{number}]");
        if leak.rule().is_none() && leak.path().is_none() {
            warnings.skip(at, "an entry that names neither rule nor file was skipped");
            continue;
        }
        entries += 1;
        let index = *known.entry(leak.place()).or_insert_with(|| {
            scans.push(ScanBuilder::new(tool.clone(), target(leak.place(), &at, &mut warnings)));
            scans.len() - 1
        });
        if let Some(scan) = scans.get_mut(index) {
            scan.finding(finding(leak, &at, &mut warnings));
        }
    }
    if scans.is_empty() {
        let mut scan = ScanBuilder::new(tool.clone(), Target::Unstated);
        scan.scan_mut().covers.insert(FindingClass::Secret);
        scans.push(scan);
    }
    Parsed {
        tool: Some(tool),
        entries,
        listed_components: 0,
        observations: scans.into_iter().map(|scan| Observation::Scan(scan.build())).collect(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn target(repository: Option<&str>, at: &str, warnings: &mut Warnings) -> Target {
    match repository {
        Some(name) => Target::Other { kind: "repository".to_owned(), name: bounded(name, at, warnings) },
        None => Target::Unstated,
    }
}

fn finding(leak: &Leak<'_>, at: &str, warnings: &mut Warnings) -> ReportedFinding {
    let subject = Subject::Secret {
        rule: bounded(leak.rule().unwrap_or_default(), at, warnings),
        path: bounded(leak.path().unwrap_or_default(), at, warnings),
        line: leak.line(),
    };
    let mut finding = ReportedFinding::new(subject, Severity::Unknown, "");
    finding.title = leak.description.filled().map(prose);
    finding.location = leak.mark().map(|mark| bounded(mark, at, warnings));
    finding
}
