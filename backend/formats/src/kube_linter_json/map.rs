//! kube-linter's report in our words: one scan of files, whose findings name file and object. Refuses to take an object
//! in a file for one that runs.

use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};

use super::wire::{Finding, Named, Report};
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{Parsed, severity, time};

/// Maps a report.
pub(super) fn report(report: &Report<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let version = report.summary.kube_linter_version.filled();
    let version = version.map(|version| bounded(version, "Summary", &mut warnings));
    let tool = Tool { name: "kube-linter".to_owned(), version };
    let mut scan = ScanBuilder::new(tool.clone(), Target::Unstated);
    scan.scan_mut().covers.insert(FindingClass::Misconfiguration);
    scan.scan_mut().scanned_at = time::parse(&report.summary.check_end_time);
    for (number, found) in report.reports.iter().enumerate() {
        add(&mut scan, found, &format!("Reports[{number}]"), &mut warnings);
    }
    Parsed {
        tool: Some(tool),
        entries: report.reports.len(),
        listed_components: 0,
        observations: vec![Observation::Scan(scan.build())],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn add(scan: &mut ScanBuilder, found: &Finding<'_>, at: &str, warnings: &mut Warnings) {
    let Some(check) = found.check.filled() else {
        warnings.skip(at, "a finding without a check was skipped");
        return;
    };
    let resource = resource(&found.object.named);
    let subject = Subject::Misconfiguration {
        check: bounded(check, at, warnings),
        path: bounded(&found.object.file.file_path, at, warnings),
        resource: Some(bounded(&resource, at, warnings)).filter(|resource| !resource.is_empty()),
        line: None,
    };
    let word = &*found.diagnostic.severity;
    let mut finding = ReportedFinding::new(subject, severity::from_word(word), word);
    finding.title = found.diagnostic.message.filled().map(prose);
    scan.finding(finding);
}

/// `Deployment shop/api`, or as much of it as is told.
fn resource(named: &Named<'_>) -> String {
    let Named { namespace, name, typed, kind, metadata } = named;
    let kind = typed.kind.filled().or_else(|| kind.filled()).unwrap_or_default();
    let name = name.filled().or_else(|| metadata.name.filled()).unwrap_or_default();
    let namespace = namespace.filled().or_else(|| metadata.namespace.filled());
    let name = namespace.map_or_else(|| name.to_owned(), |namespace| format!("{namespace}/{name}"));
    format!("{kind} {name}").trim().to_owned()
}
