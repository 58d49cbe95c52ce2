//! The mapping of Qualys' lists, data in, data out.

use domain::finding::{Subject, Verdict};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

fn host(scan: &Scan) -> &str {
    match &scan.target {
        Target::Other { kind, name } if kind == "host" => name,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_empty_list_says_nothing_of_any_host() {
    let parsed = parse(include_bytes!("fixtures/none.csv")).unwrap();
    assert_eq!((parsed.observations.len(), parsed.entries, parsed.warnings.len()), (0, 0, 1));
}

#[test]
fn a_cve_is_a_vulnerability_of_its_host() {
    let parsed = parse(include_bytes!("fixtures/one.csv")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), host(scan)), ("qualys", "node-1"));
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T07:00:00Z"));
    assert!(scan.partial.is_some(), "a list has a search");
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::Critical, "severity 5"));
    assert_eq!(finding.title.as_deref(), Some("Demo Out-of-bounds Read"));
    assert_eq!(scan.components[0].purl.as_str(), "pkg:generic/unknown");
    let record = &scan.vulnerabilities[0];
    assert_eq!((record.id.as_str(), record.related[0].as_str()), ("CVE-2025-10001", "QID-800001"));
    assert_eq!(record.description.as_deref(), Some("Demo reads too much, and more"));
    assert_eq!(parsed.warnings[0].at, "line 3");
}

#[test]
fn what_has_no_cve_is_a_check_that_failed() {
    let parsed = parse(include_bytes!("fixtures/many.csv")).unwrap();
    let scans = scans(&parsed);
    assert_eq!(scans.iter().map(|scan| host(scan)).collect::<Vec<_>>(), ["node-1", "2001:db8::1"]);
    let places: Vec<(&str, &str)> = scans
        .iter()
        .flat_map(|scan| &scan.findings)
        .filter_map(|finding| match &finding.subject {
            Subject::Misconfiguration { check, path, .. } => Some((check.as_str(), path.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(places, [("QID-100001", "443/tcp"), ("QID-100003", ""), ("QID-100004", "80/tcp")]);
    assert_eq!(scans[0].findings[1].verdict, Verdict::Suppressed("ignored in Qualys".to_owned()));
    assert_eq!(scans[1].findings[0].severity, Severity::Unknown);
    assert_eq!(scans[0].scanned_at, crate::time::parse("2026-02-04T19:00:00Z"));
    let told: Vec<&str> = parsed.warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert_eq!(
        told,
        [
            "a row without a QID was skipped",
            "1 finding of status Fixed was set aside: Qualys no longer detects them",
        ]
    );
    assert_eq!(parsed.entries, 5);
}

#[test]
fn a_detection_may_cover_several_cves() {
    let parsed = parse(include_bytes!("fixtures/v1_many.csv")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((host(scan), parsed.entries, scan.scanned_at), ("node-1.example.com", 2, None));
    let ids: Vec<&str> = scan.vulnerabilities.iter().map(|record| record.id.as_str()).collect();
    assert_eq!(ids, ["CVE-2025-10001", "CVE-2025-10002"]);
    assert_eq!(scan.vulnerabilities[0].description.as_deref(), Some("First line.\nSecond line."));
    assert_eq!(scan.findings.len(), 2, "what only informs is no finding");
}

#[test]
fn says_where_a_list_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.csv")).unwrap_err().to_string();
    assert!(error.contains("`line 2`") && error.contains("QID"), "{error}");
}
