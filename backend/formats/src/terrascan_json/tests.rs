//! The mapping of Terrascan's JSON, data in, data out.

use domain::finding::{Subject, Verdict};
use domain::scan::Target;
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

#[test]
fn files_that_are_not_there_are_no_errors() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((parsed.entries, scan.findings.len(), scan.covers.len()), (0, 0, 1));
    assert_eq!((&scan.partial, parsed.warnings.len()), (&None, 0));
}

#[test]
fn one_violation_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(scan.target, Target::Other { kind: "directory".to_owned(), name: "/work/shop".to_owned() });
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30.123456Z"));
    let finding = &scan.findings[0];
    let subject = Subject::Misconfiguration {
        check: "AC_DEMO_0001".to_owned(),
        path: "cluster.tf".to_owned(),
        resource: Some("demo_cluster.shop".to_owned()),
        line: Some(52),
    };
    assert_eq!((&finding.subject, finding.severity), (&subject, Severity::High));
    assert_eq!(finding.title.as_deref(), Some("Ensure the demo is not public."));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn skipped_violations_stay_with_their_reason() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    let verdicts: Vec<&Verdict> = scan.findings.iter().map(|finding| &finding.verdict).collect();
    let skipped = Verdict::Suppressed("skipped in Terrascan: demo only".to_owned());
    assert_eq!(verdicts, [&Verdict::Affected, &Verdict::Affected, &skipped]);
    let named = &scan.findings[1];
    assert!(
        matches!(&named.subject, Subject::Misconfiguration { check, resource: None, .. } if check == "demoRule")
    );
    assert_eq!(scan.partial.as_deref(), Some("files or folders that could not be read: 1"));
    let warned: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!((parsed.entries, warned), (5, vec!["results.violations[2]", "results.vulnerabilities[0]"]));
}

#[test]
fn the_first_version_only_counted() {
    let parsed = parse(include_bytes!("fixtures/v1_many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((&scan.target, scan.findings.len(), parsed.entries), (&Target::Unstated, 1, 1));
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`results.violations[0].line`"), "{error}");
}
