//! The mapping of kube-linter's reports, data in, data out.

use domain::finding::{FindingClass, Subject};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

fn subjects(scan: &Scan) -> Vec<[&str; 3]> {
    let subjects = scan.findings.iter().map(|finding| match &finding.subject {
        Subject::Misconfiguration { check, path, resource, line: None } => {
            [check.as_str(), path.as_str(), resource.as_deref().unwrap_or_default()]
        }
        other => panic!("{other:?}"),
    });
    subjects.collect()
}

#[test]
fn files_without_findings_are_clean() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.tool.version.as_deref()), ("kube-linter", Some("0.8.3")));
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30.5Z"));
    assert!(scan.scanned_at.is_some() && scan.covers.contains(&FindingClass::Misconfiguration));
    assert_eq!((scan.findings.len(), parsed.entries, parsed.warnings.len()), (0, 0, 0));
}

#[test]
fn one_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(scan.target, Target::Unstated);
    assert_eq!(subjects(scan), [["demo-root-fs", "charts/shop/api.yaml", "Deployment shop/api"]]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::Unknown, ""));
    assert_eq!(finding.title.as_deref(), Some("container \"api\" may write to its root file system"));
    assert_eq!((parsed.entries, parsed.warnings.len()), (1, 0));
}

#[test]
fn objects_are_named_as_far_as_they_are_told() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    let expected = [
        ["demo-latest-tag", "a.yaml", "Deployment web"],
        ["demo-latest-tag", "a.yaml", "Deployment web"],
        ["demo-service", "b.yaml", "Service shop/web"],
        ["demo-service", "", ""],
    ];
    assert_eq!(subjects(scan), expected);
    let severities: Vec<Severity> = scan.findings.iter().map(|finding| finding.severity).collect();
    assert_eq!(severities, [Severity::Critical, Severity::Medium, Severity::Unknown, Severity::Unknown]);
    assert_eq!((parsed.entries, scan.scanned_at), (5, None));
    assert_eq!(parsed.warnings[0].at, "Reports[4]");
    assert_eq!(parsed.warnings[0].message, "a finding without a check was skipped");
}

#[test]
fn old_reports_hold_the_objects_themselves() {
    let parsed = parse(include_bytes!("fixtures/v0_many.json")).unwrap();
    let scan = scans(&parsed)[0];
    let expected = [["demo-root", "api.yaml", "Deployment shop/api"], ["demo-root", "job.yaml", "Job once"]];
    assert_eq!((subjects(scan), parsed.entries, &scan.tool.version), (expected.to_vec(), 2, &None));
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`Reports[0].Object.Metadata`"), "{error}");
}
