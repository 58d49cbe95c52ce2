//! The mapping of npm audit's reports, data in, data out.

use domain::finding::FindingClass;
use domain::fix::FixState;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

/// Purl, vulnerability, severity and fix of each finding.
fn told(scan: &Scan) -> Vec<(&str, &str, Severity, FixState)> {
    let told = scan.findings.iter().filter_map(|finding| {
        let (component, record) = (scan.component_of(finding)?, scan.vulnerability_of(finding)?);
        Some((component.purl.as_str(), record.id.as_str(), finding.severity, finding.fix.state))
    });
    told.collect()
}

#[test]
fn a_report_without_findings_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), &scan.target), ("npm-audit", &Target::Unstated));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Vulnerability]);
    assert!(scan.findings.is_empty() && parsed.warnings.is_empty());
}

#[test]
fn one_has_every_field() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    let expected = ("pkg:npm/left-pad", "GHSA-aaaa-bbbb-cccc", Severity::Critical, FixState::Fixed);
    assert_eq!(told(scan), [expected]);
    assert_eq!(scan.components[0].paths, ["node_modules/left-pad"]);
    let record = &scan.vulnerabilities[0];
    assert_eq!(record.title.as_deref(), Some("left-pad pads too much"));
    assert_eq!((record.cvss[0].stated, record.weaknesses.join(" ")), (Some(9.8), "CWE-1321".to_owned()));
    assert_eq!((parsed.entries, parsed.warnings.len()), (1, 0));
}

#[test]
fn many_counts_advisories_once() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    assert_eq!(parsed.entries, 4);
    assert_eq!(
        told(scans(&parsed)[0]),
        [
            ("pkg:npm/%40shop/left", "GHSA-aaaa-bbbb-cccc", Severity::Medium, FixState::NotFixed),
            ("pkg:npm/%40shop/left", "npm-1179", Severity::Low, FixState::NotFixed),
            ("pkg:npm/right", "GHSA-aaaa-bbbb-cccc", Severity::Unknown, FixState::Fixed),
        ]
    );
    let at: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!(at, ["vulnerabilities.right.via[1]"]);
}

#[test]
fn reads_what_npm_6_wrote() {
    let parsed = parse(include_bytes!("fixtures/v1_many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(parsed.entries, 4);
    assert_eq!(
        told(scan),
        [
            ("pkg:npm/left-pad@0.0.8", "GHSA-aaaa-bbbb-cccc", Severity::Low, FixState::Fixed),
            ("pkg:npm/left-pad@1.2.0", "GHSA-aaaa-bbbb-cccc", Severity::Low, FixState::Fixed),
            ("pkg:npm/right@2.0.0", "CVE-2030-0002", Severity::High, FixState::NotFixed),
            ("pkg:npm/right@2.0.0", "npm-3", Severity::High, FixState::Unknown),
        ]
    );
    let left = &scan.vulnerabilities[0];
    assert_eq!(left.aliases.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["CVE-2030-0001"]);
    assert_eq!(left.weaknesses, ["CWE-471"]);
    assert_eq!(scan.findings[0].fix.versions, [">=1.2.2"]);
    assert_eq!(scan.components[0].paths, ["shop>left-pad"]);
    assert_eq!(scan.vulnerabilities[2].related.len(), 2, "two CVEs are not one");
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`vulnerabilities.left-pad.nodes`"), "{error}");
}
