//! The mapping of Orca's alerts in CSV, data in, data out.

use domain::finding::Subject;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

fn name(scan: &Scan) -> String {
    match &scan.target {
        Target::Image(image) => image.references[0].to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_table_without_rows_says_nothing_of_any_image() {
    let parsed = parse(include_bytes!("fixtures/none.csv")).unwrap();
    assert_eq!((parsed.observations.len(), parsed.entries, parsed.warnings.len()), (0, 0, 1));
}

#[test]
fn both_exports_say_the_same() {
    let parsed = parse(include_bytes!("fixtures/one.csv")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(
        (scan.tool.name.as_str(), name(scan).as_str()),
        ("orca", "registry.example.com/shop/api:1.4.0")
    );
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30Z"));
    assert_eq!(scan.vulnerabilities[0].id.as_str(), "CVE-2025-10001");
    assert_eq!((scan.findings[0].severity, parsed.warnings[0].at.as_str()), (Severity::Critical, "line 2"));
}

#[test]
fn alerts_on_images_are_kept_and_all_others_told() {
    let parsed = parse(include_bytes!("fixtures/many.csv")).unwrap();
    let scans = scans(&parsed);
    let names: Vec<String> = scans.iter().map(|scan| name(scan)).collect();
    assert_eq!(names, ["registry.example.com/shop/api:1.4.0", "registry.example.com/shop/web:2"]);
    let checks: Vec<&str> = scans
        .iter()
        .flat_map(|scan| &scan.findings)
        .filter_map(|finding| match &finding.subject {
            Subject::Misconfiguration { check, .. } => Some(check.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(checks, ["Image runs as root, says Orca", "Image is old"]);
    let places: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!((places, parsed.entries), (vec!["line 4", "line 5"], 4));
}

#[test]
fn says_where_a_table_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.csv")).unwrap_err().to_string();
    assert!(error.contains("orca-csv") && error.contains("`line 2`"), "{error}");
}
