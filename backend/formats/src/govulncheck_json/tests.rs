//! The mapping of govulncheck's messages, data in, data out.

use domain::finding::FindingClass;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

/// Purl, vulnerability and nearness of each finding.
fn told(scan: &Scan) -> Vec<(&str, &str, &str)> {
    let told = scan.findings.iter().filter_map(|finding| {
        let (component, record) = (scan.component_of(finding)?, scan.vulnerability_of(finding)?);
        Some((component.purl.as_str(), record.id.as_str(), finding.in_use.as_deref()?))
    });
    told.collect()
}

#[test]
fn a_stream_without_findings_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.tool.version.as_deref()), ("govulncheck", Some("v1.1.4")));
    let target = Target::Other { kind: "source".to_owned(), name: "example.org/shop/api/cmd/api".to_owned() };
    assert_eq!(scan.target, target);
    assert_eq!(scan.database_at, crate::time::parse("2026-02-03T02:00:00Z"));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Vulnerability]);
    assert!(scan.findings.is_empty() && parsed.warnings.is_empty());
}

#[test]
fn one_vulnerability_told_three_times_is_one() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(parsed.entries, 3);
    assert_eq!(told(scan), [("pkg:golang/stdlib@1.22.1", "GO-2025-0001", "called")]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.fix.versions.join(" ")), (Severity::Unknown, "v1.22.2".to_owned()));
    let record = &scan.vulnerabilities[0];
    assert_eq!(record.aliases[0].as_str(), "CVE-2025-10001");
    assert_eq!(record.title.as_deref(), Some("stdlib reads too much"));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn the_nearest_of_several_messages_is_kept() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((&scan.target, parsed.entries), (&Target::Unstated, 7));
    assert_eq!(
        told(scan),
        [
            ("pkg:golang/stdlib@1.22.1", "GO-2025-0001", "imported, not called"),
            ("pkg:golang/example.org/left@0.1.0", "GO-2025-0002", "called"),
            ("pkg:golang/example.org/right@0.2.0", "GO-2025-0003", "required, not imported"),
        ]
    );
    let warned: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!(warned, ["[8].finding", "[9].finding"]);
}

#[test]
fn reads_the_object_of_old_releases() {
    let parsed = parse(include_bytes!("fixtures/v0_many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), parsed.entries), ("govulncheck", 3));
    assert_eq!(
        told(scan),
        [
            ("pkg:golang/stdlib@1.19.0", "GO-2025-0001", "called"),
            ("pkg:golang/example.org/fork@0.1.1", "GO-2025-0002", "required, not imported"),
        ]
    );
    assert_eq!(scan.findings[0].fix.versions, ["1.21.9", "1.22.2"]);
    assert_eq!(scan.findings[1].fix.versions, ["1.2.0"]);
}

#[test]
fn says_where_a_stream_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`finding.trace`"), "{error}");
}
