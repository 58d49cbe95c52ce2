//! The mapping of Dependency-Check's reports, data in, data out.

use domain::finding::Verdict;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

/// Purl and vulnerability of each finding.
fn told(scan: &Scan) -> Vec<(&str, &str)> {
    let pair = |finding| {
        Some((scan.component_of(finding)?.purl.as_str(), scan.vulnerability_of(finding)?.id.as_str()))
    };
    scan.findings.iter().filter_map(pair).collect()
}

#[test]
fn a_project_without_vulnerabilities_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.xml")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.tool.version.as_deref()), ("dependency-check", Some("12.1.0")));
    assert_eq!(scan.target, Target::Other { kind: "project".to_owned(), name: "shop".to_owned() });
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30.123Z"));
    assert_eq!((scan.findings.len(), scan.covers.len(), parsed.warnings.len()), (0, 1, 0));
}

#[test]
fn reads_a_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.xml")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(told(scan), [("pkg:maven/org.example/left@1.0", "CVE-2025-10001")]);
    assert_eq!(scan.components[0].paths, ["/app/shop.ear/left-1.0.jar", "/app/other.ear/left-1.0.jar"]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "HIGH"));
    let record = &scan.vulnerabilities[0];
    let scores: Vec<(&str, &str, Option<f64>)> = record
        .cvss
        .iter()
        .map(|score| (score.source.as_str(), score.vector.as_str(), score.stated))
        .collect();
    assert_eq!(
        scores,
        [
            ("nvd", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Some(9.8)),
            ("nvd", "AV:N/AC:L/Au:N/C:P/I:P/A:P", Some(7.5)),
        ]
    );
    assert_eq!((record.weaknesses.join(" ").as_str(), record.references.len()), ("CWE-79", 1));
    assert_eq!(record.description.as_deref(), Some("Left writes <too> much."));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn what_a_rule_suppressed_is_kept() {
    let parsed = parse(include_bytes!("fixtures/many.xml")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(
        told(scan),
        [
            ("pkg:npm/right@5.0.0", "NPM-1500"),
            ("pkg:npm/right@5.0.0", "CVE-2025-10002"),
            ("pkg:generic/jquery.js", "CVE-2025-10003"),
        ]
    );
    assert_eq!(scan.findings[1].verdict, Verdict::Suppressed("another product".to_owned()));
    assert_eq!(scan.findings[1].severity, Severity::Critical);
    assert!(scan.vulnerabilities[1].cvss.is_empty(), "half a vector is none");
    assert_eq!((&scan.target, parsed.entries), (&Target::Unstated, 3));
    let warned: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!(warned, ["dependencies/dependency[1]", "dependencies/dependency[2]"]);
}

#[test]
fn reads_older_identifiers() {
    let parsed = parse(include_bytes!("fixtures/v1_many.xml")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(
        told(scan),
        [
            ("pkg:maven/org.example/left@1.0", "CVE-2025-10001"),
            ("pkg:maven/org.example/right@2.0", "CVE-2025-10002"),
        ]
    );
    assert_eq!(scan.scanned_at, crate::time::parse("2016-11-05T18:52:15.748Z"));
    assert_eq!((scan.findings[0].severity, scan.vulnerabilities[0].weaknesses.len()), (Severity::Medium, 1));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.xml")).unwrap_err().to_string();
    assert!(error.contains("dependency-check-xml"), "{error}");
}
