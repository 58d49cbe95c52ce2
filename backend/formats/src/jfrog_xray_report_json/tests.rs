//! The mapping of Xray's reports, data in, data out.

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
fn an_empty_report_says_nothing_of_any_image() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert_eq!((parsed.observations.len(), parsed.entries), (0, 0));
    assert_eq!(parsed.warnings[0].at, "rows");
}

#[test]
fn one_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    let target = Target::Other { kind: "docker".to_owned(), name: "docker-local/shop/api/1.4".to_owned() };
    assert_eq!((scan.tool.name.as_str(), &scan.target), ("jfrog-xray", &target));
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30Z"));
    assert!(scan.partial.is_some(), "a report has filters");
    assert_eq!(told(scan), [("pkg:rpm/demo-libs@2.0-1.el7?epoch=1", "CVE-2025-10001")]);
    let finding = &scan.findings[0];
    assert_eq!(
        (finding.severity, finding.fix.versions.join(" ")),
        (Severity::Medium, "1:2.0-2.el7".to_owned())
    );
    let record = &scan.vulnerabilities[0];
    assert_eq!(record.aliases[0].as_str(), "XRAY-100001");
    assert_eq!(record.published_at, crate::time::parse("2025-01-02T02:04:05Z"));
    assert_eq!(record.cvss.iter().map(|score| score.stated).collect::<Vec<_>>(), [Some(3.7), Some(4.3)]);
    assert!(parsed.warnings.is_empty());
}

#[test]
fn each_artifact_has_its_scan() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scans = scans(&parsed);
    assert_eq!((scans.len(), parsed.entries), (3, 5));
    assert_eq!(
        told(scans[0])[1..],
        [
            ("pkg:rpm/centos/demo@2.0-1.el7.centos", "CVE-2025-10002"),
            ("pkg:rpm/centos/demo@2.0-1.el7.centos", "CVE-2025-10003"),
        ]
    );
    assert_eq!(scans[0].scanned_at, crate::time::parse("2026-02-04T10:20:30Z"));
    let Target::Image(image) = &scans[1].target else { panic!("{:?}", scans[1].target) };
    assert_eq!(image.references[0].to_string(), "registry.example.com/shop/web:2");
    assert_eq!(told(scans[1]), [("pkg:npm/left@1.0.0", "XRAY-100003")]);
    assert!(matches!(&scans[2].target, Target::Other { kind, .. } if kind == "pypi"));
    let warned: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert!(warned.contains(&"rows[4]") && warned.contains(&"total_rows"), "{warned:?}");
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`rows[0].references`"), "{error}");
}
