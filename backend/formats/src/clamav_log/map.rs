//! ClamAV's log in our words: one scan for malware, of a target that it does not name.
//!
//! Refuses to guess a severity, and to take a scan for whole that could not read a file or has no summary: it closes
//! nothing.

use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::severity::Severity;

use super::wire::Log;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, time};

/// Maps a whole log.
pub(super) fn log(log: &Log<'_>) -> Parsed {
    let version = Some(log.version).filter(|version| !version.is_empty()).map(str::to_owned);
    let tool = Tool { name: "clamav".to_owned(), version };
    let mut warnings = Warnings::default();
    let mut scan = ScanBuilder::new(tool.clone(), Target::Unstated);
    scan.scan_mut().covers.insert(FindingClass::Malware);
    // The zone is the machine's and is not stated: taken as UTC it is less than a day off.
    scan.scan_mut().scanned_at = time::parse(&log.ended_at.replacen(':', "-", 2));
    scan.scan_mut().partial = partial(log);
    for found in &log.found {
        let at = format!("line {}", found.line);
        let subject = Subject::Malware {
            name: bounded(found.signature, &at, &mut warnings),
            path: bounded(found.path, &at, &mut warnings),
        };
        scan.finding(ReportedFinding::new(subject, Severity::Unknown, ""));
    }
    for stray in &log.strays {
        let at = format!("line {}", stray.line);
        warnings.skip(at, "a line that names no file or no signature was skipped");
    }
    Parsed {
        tool: Some(tool),
        entries: log.found.len() + log.strays.len(),
        listed_components: 0,
        observations: vec![Observation::Scan(scan.build())],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

/// Why the scan is not whole.
fn partial(log: &Log<'_>) -> Option<String> {
    let failed = log.errors.unwrap_or(0).max(log.failed);
    let listed = log.found.len() + log.strays.len();
    if !log.ended {
        return Some("the log has no summary: it may be cut".to_owned());
    }
    if failed > 0 {
        let noun = if failed == 1 { "file" } else { "files" };
        return Some(format!("{failed} {noun} could not be read"));
    }
    let infected = log.infected.filter(|infected| *infected > listed)?;
    Some(format!("the summary counts {infected} infected files and the log lists {listed}"))
}
