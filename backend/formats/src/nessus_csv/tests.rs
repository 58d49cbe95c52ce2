//! The mapping of Tenable's tables, data in, data out.

use domain::finding::Subject;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::{parse, recognise};
use crate::Head;
use crate::test_support::scans;

fn name(scan: &Scan) -> String {
    match &scan.target {
        Target::Image(image) => image.references[0].to_string(),
        other => panic!("{other:?}"),
    }
}

fn ids(scan: &Scan) -> Vec<&str> {
    scan.vulnerabilities.iter().map(|record| record.id.as_str()).collect()
}

#[test]
fn a_table_without_rows_says_nothing_of_any_image() {
    let parsed = parse(include_bytes!("fixtures/none.csv")).unwrap();
    assert_eq!((parsed.observations.len(), parsed.entries, parsed.warnings.len()), (0, 0, 1));
}

#[test]
fn one_row_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.csv")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(
        (name(scan).as_str(), ids(scan)),
        ("registry.example.com/shop/api:1.4.0", vec!["CVE-2025-10001"])
    );
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30.123Z"));
    assert_eq!(scan.components[0].purl.as_str(), "pkg:rpm/amazon/demo-libs@1.0-1.amzn2");
    assert_eq!((scan.findings[0].severity, scan.findings[0].fix.versions.len()), (Severity::High, 1));
    assert_eq!(scan.vulnerabilities[0].threat.unwrap().exploit, Some(true));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn what_is_about_no_image_is_counted() {
    let parsed = parse(include_bytes!("fixtures/many.csv")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((ids(scan), parsed.entries), (vec!["CVE-2025-10001", "CVE-2025-10002"], 7));
    let check = &scan.findings[2].subject;
    assert!(matches!(check, Subject::Misconfiguration { check, .. } if check == "nessus-190002"));
    let places: Vec<&str> = parsed
        .warnings
        .iter()
        .map(|warning| warning.message.split(" was ").next().unwrap_or_default())
        .collect();
    assert_eq!(
        places,
        [
            "a finding without the number of its plugin",
            "1 finding of severity None",
            "1 finding of state FIXED",
            "1 finding on hosts",
        ]
    );
}

#[test]
fn other_columns_say_the_same() {
    for table in [
        &include_bytes!("fixtures/security_center.csv")[..],
        include_bytes!("fixtures/vulnerability_management.csv"),
    ] {
        assert!(recognise(&Head::new(table)));
        let parsed = parse(table).unwrap();
        let scan = scans(&parsed)[0];
        assert_eq!(name(scan), "registry.example.com/shop/web:2");
        assert_eq!(ids(scan), ["CVE-2025-10002", "CVE-2025-10003"]);
        assert_eq!(scan.components[0].purl.as_str(), "pkg:generic/unknown");
        assert_eq!(scan.vulnerabilities[0].related[0].as_str(), "nessus-190003");
        assert!(scan.scanned_at.is_some());
    }
}

#[test]
fn says_where_a_table_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.csv")).unwrap_err().to_string();
    assert!(error.contains("nessus-csv") && error.contains("`line 2`"), "{error}");
}
