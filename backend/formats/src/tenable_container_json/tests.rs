//! The mapping of Tenable's report on an image, data in, data out.

use domain::finding::{FindingClass, Subject};
use domain::image::{DigestRole, Image};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

fn image(scan: &Scan) -> &Image {
    match &scan.target {
        Target::Image(image) => image,
        other => panic!("{other:?}"),
    }
}

fn purls(scan: &Scan) -> Vec<&str> {
    scan.components.iter().map(|component| component.purl.as_str()).collect()
}

#[test]
fn an_image_in_which_nothing_was_found_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.findings.len(), parsed.entries, parsed.warnings.len()), (0, 0, 0));
    let covered: Vec<&FindingClass> = scan.covers.iter().collect();
    assert_eq!(covered, [&FindingClass::Vulnerability, &FindingClass::Malware]);
    let image = image(scan);
    assert_eq!(image.references[0].to_string(), "registry.example.com/shop/api:1.4.0");
    assert_eq!(image.digests[0].0, DigestRole::Repository);
    assert_eq!(image.digests[0].1.as_str(), format!("sha256:{}", "a".repeat(64)));
    assert_eq!(image.distribution.as_ref().unwrap().version.as_deref(), Some("12"));
    assert_eq!(image.platform.as_ref().unwrap().architecture, "amd64");
}

#[test]
fn one_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(scan.tool.name, "tenable-container-security");
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30.123Z"));
    assert_eq!(purls(scan), ["pkg:deb/debian/libdemo1@1:2.0-1"]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "10.0"));
    let record = &scan.vulnerabilities[0];
    let related: Vec<&str> = record.related.iter().map(|id| id.as_str()).collect();
    assert_eq!((record.id.as_str(), related), ("CVE-2025-10001", vec!["DSA-9001"]));
    assert_eq!(record.cvss[0].vector, "AV:N/AC:L/Au:N/C:P/I:N/A:C");
    assert_eq!((record.cvss[0].stated, record.weaknesses.join(" ").as_str()), (Some(10.0), "CWE-125"));
    assert_eq!(record.published_at, crate::time::parse("2025-11-01"));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn every_package_has_the_vulnerability() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert!(image(scan).references.is_empty(), "no registry is told");
    assert_eq!(
        purls(scan),
        ["pkg:deb/ubuntu/wget-demo@1.17.1-1ubuntu1.2", "pkg:pypi/demo-left@1.0", "pkg:generic/mystery@7"]
    );
    let severities: Vec<Severity> = scan.findings.iter().map(|finding| finding.severity).collect();
    assert_eq!(
        severities[..4],
        [Severity::Critical, Severity::Critical, Severity::Critical, Severity::Unknown]
    );
    assert!(scan.vulnerabilities[1].cvss.is_empty(), "half a vector is none");
    let files: Vec<(&str, &str)> = scan
        .findings
        .iter()
        .filter_map(|finding| match &finding.subject {
            Subject::Malware { name, path } => Some((name.as_str(), path.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(
        files,
        [
            ("sha256:01", "/tmp/bad"),
            ("md5:00000000000000000000000000000002", "/tmp/worse"),
            ("unnamed", "/usr/bin/netcat-demo"),
        ]
    );
    assert_eq!(parsed.entries, 8);
    let told: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!(told, ["findings[0]", "findings[0]", "findings[2]", "malware[2]"]);
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`findings[0].packages`"), "{error}");
}
