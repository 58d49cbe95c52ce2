//! The mapping of recommendations, data in, data out.

use domain::finding::{Subject, Verdict};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::{messages, scans};

fn target(scan: &Scan) -> (&str, &str) {
    match &scan.target {
        Target::Other { kind, name } => (kind.as_str(), name.as_str()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_table_without_rows_says_nothing() {
    let parsed = parse(include_bytes!("fixtures/none.csv")).unwrap();
    assert!(parsed.observations.is_empty());
    assert_eq!(messages(&parsed), ["the table is empty, so nothing is recorded as checked"]);
}

#[test]
fn one_row_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.csv")).unwrap();
    let scan = scans(&parsed)[0];
    let (kind, name) = target(scan);
    assert_eq!((scan.tool.name.as_str(), kind), ("azure-defender", "managedclusters"));
    assert!(name.ends_with("/microsoft.demo/managedclusters/demo"), "{name}");
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30.5Z"));
    assert!(scan.partial.is_some(), "a table closes nothing");
    let finding = &scan.findings[0];
    let subject = Subject::Misconfiguration {
        check: "00000000-1111-2222-3333-000000000001".to_owned(),
        path: String::new(),
        resource: None,
        line: None,
    };
    assert_eq!((&finding.subject, finding.severity), (&subject, Severity::High));
    assert_eq!(finding.title.as_deref(), Some("Clusters should be private"));
    assert_eq!((parsed.entries, parsed.warnings.len()), (1, 0));
}

#[test]
fn each_resource_has_one_scan() {
    let parsed = parse(include_bytes!("fixtures/many.csv")).unwrap();
    let scans = scans(&parsed);
    let kinds: Vec<_> = scans.iter().map(|scan| (target(scan).0, scan.findings.len())).collect();
    assert_eq!(kinds, [("managedclusters", 2), ("subscription", 1), ("storageaccounts", 1)]);
    assert_eq!(parsed.entries, 4);
    assert_eq!(
        messages(&parsed),
        [
            "an assessment of the unknown state `perhaps` was passed over",
            "a row that has not 16 cells was left out"
        ]
    );
}

#[test]
fn what_does_not_apply_is_set_aside_with_its_reason() {
    let parsed = parse(include_bytes!("fixtures/many.csv")).unwrap();
    let scans = scans(&parsed);
    let suppressed =
        |reason: &str| Verdict::Suppressed(format!("not applicable in Defender for Cloud: {reason}"));
    assert_eq!(scans[0].findings[1].verdict, suppressed("Exempt"));
    assert_eq!(scans[2].findings[0].verdict, suppressed("no reason"));
}

#[test]
fn a_table_of_which_no_row_fits_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.csv")).unwrap_err().to_string();
    assert!(error.contains("expected rows of 16 cells"), "{error}");
}
