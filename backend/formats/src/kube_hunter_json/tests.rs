//! The mapping of kube-hunter's reports, data in, data out.

use domain::finding::{FindingClass, Subject};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

fn target(scan: &Scan) -> (&str, &str) {
    match &scan.target {
        Target::Other { kind, name } => (kind.as_str(), name.as_str()),
        Target::Unstated => ("", ""),
        other => panic!("{other:?}"),
    }
}

fn checks(scan: &Scan) -> Vec<(&str, &str)> {
    let subjects = scan.findings.iter().map(|finding| match &finding.subject {
        Subject::Misconfiguration { check, path, resource: None, line: None } => {
            (check.as_str(), path.as_str())
        }
        other => panic!("{other:?}"),
    });
    subjects.collect()
}

#[test]
fn hosts_without_weaknesses_are_looked_at() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scans = scans(&parsed);
    let [scan] = scans.as_slice() else { panic!("{scans:?}") };
    assert_eq!((scan.tool.name.as_str(), target(scan)), ("kube-hunter", ("host", "10.0.0.1")));
    assert!(scan.covers.contains(&FindingClass::Misconfiguration) && scan.partial.is_some());
    assert_eq!((scan.findings.len(), parsed.entries, parsed.warnings.len()), (0, 0, 0));
}

#[test]
fn one_weakness_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((target(scan), checks(scan)), (("host", "10.0.0.1"), vec![("KHV044", "10255")]));
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "high"));
    assert_eq!(finding.title.as_deref(), Some("Demo container with privileges"));
    assert_eq!((parsed.entries, parsed.warnings.len()), (1, 0));
}

#[test]
fn each_place_has_its_own_scan() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let found: Vec<_> = scans(&parsed).into_iter().map(|scan| (target(scan), checks(scan))).collect();
    let expected = [
        (("host", "10.0.0.1"), vec![("KHV002", "443"), ("KHV005", "443")]),
        (("host", "fe80::1"), vec![("KHV052", "10255"), ("KHV043", "")]),
        (("Pod", "demo-hunter-1"), vec![("KHV050", ""), ("Demo capability", "")]),
        (("", ""), vec![("KHV051", ""), ("KHV041", "")]),
        (("host", "10.0.0.9"), vec![("KHV003", "")]),
    ];
    assert_eq!(found, expected);
    assert_eq!(parsed.entries, 10);
    assert_eq!(parsed.warnings[0].at, "vulnerabilities[9]");
    assert_eq!(parsed.warnings[0].message, "a vulnerability without an id or a name was skipped");
}

#[test]
fn evidence_is_not_kept() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    assert!(!format!("{parsed:?}").contains("demo-token"));
}

#[test]
fn a_report_that_reached_nothing_says_nothing() {
    let parsed = parse(br#"{"nodes":[],"services":[],"vulnerabilities":[]}"#).unwrap();
    assert_eq!((parsed.observations.len(), parsed.entries, parsed.warnings.len()), (0, 0, 1));
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`vulnerabilities[0].vid`"), "{error}");
}
