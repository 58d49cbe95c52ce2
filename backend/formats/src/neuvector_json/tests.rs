//! The mapping of NeuVector's reports, data in, data out.

use domain::finding::{FindingClass, Subject};
use domain::fix::FixState;
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

/// Purl and vulnerability of each finding that is one of a vulnerability.
fn told(scan: &Scan) -> Vec<(&str, &str)> {
    let pair = |finding| {
        Some((scan.component_of(finding)?.purl.as_str(), scan.vulnerability_of(finding)?.id.as_str()))
    };
    scan.findings.iter().filter_map(pair).collect()
}

#[test]
fn an_image_without_vulnerabilities_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.findings.len(), scan.covers.len()), ("neuvector", 0, 1));
    assert_eq!(scan.database_at, crate::time::parse("2026-02-03T02:00:00Z"));
    assert_eq!(image(scan).references[0].to_string(), "docker.io/library/demo:1.4");
    let roles: Vec<DigestRole> = image(scan).digests.iter().map(|(role, _)| *role).collect();
    assert_eq!(roles, [DigestRole::Repository, DigestRole::Config]);
    assert_eq!(image(scan).distribution.as_ref().unwrap().version.as_deref(), Some("3.20.3"));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn reads_a_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(image(scan).references[0].to_string(), "registry.example.com/shop/api:1.4");
    assert_eq!(told(scan), [("pkg:deb/debian/demo@1:2.0-1", "CVE-2025-10001")]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "High"));
    assert_eq!((finding.fix.state, finding.fix.versions.join(" ").as_str()), (FixState::Fixed, "1:2.0-2"));
    let record = &scan.vulnerabilities[0];
    assert_eq!(record.cvss.iter().map(|score| score.stated).collect::<Vec<_>>(), [Some(9.8), Some(7.5)]);
    assert_eq!(record.published_at, crate::time::parse("2025-01-02T03:04:05Z"));
    assert_eq!((record.references.len(), record.aliases.len()), (1, 0));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn modules_files_and_prefixes_tell_the_ecosystem() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(
        told(scan),
        [
            ("pkg:rpm/redhat/demo-libs@3.0.7-18.el9?epoch=1", "CVE-2025-10001"),
            ("pkg:rpm/redhat/demo-libs@3.0.7-18.el9?epoch=1", "CVE-2025-10002"),
            ("pkg:npm/left@1.0.0", "CVE-2025-10003"),
            ("pkg:golang/example.org/x/net@0.1.0", "CVE-2025-10004"),
            ("pkg:maven/org.example/right@1.0", "CVE-2025-10005"),
            ("pkg:pypi/oddly@2.0", "CVE-2025-10006"),
        ]
    );
    assert_eq!(scan.findings[2].fix.versions, ["1.2.3", "2.0.1"]);
    assert_eq!(scan.vulnerabilities[0].related[0].as_str(), "RHSA-2025:0001");
    assert!(scan.vulnerabilities[0].cvss.is_empty(), "an advisory's score is none of its vulnerabilities'");
    assert_eq!(scan.vulnerabilities[2].aliases[0].as_str(), "GHSA-aaaa-bbbb-cccc");
    assert_eq!(scan.components[1].paths, ["app/node_modules/left/package.json"]);
}

#[test]
fn checks_and_secrets_are_findings_and_evidence_is_not_kept() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    let classes: Vec<FindingClass> =
        scan.findings.iter().skip(6).map(|finding| finding.subject.class()).collect();
    assert_eq!(classes, [FindingClass::Misconfiguration, FindingClass::Secret]);
    assert!(matches!(&scan.findings[6].subject, Subject::Misconfiguration { check, .. } if check == "I.4.1"));
    assert_eq!(scan.findings[6].severity, Severity::Medium);
    assert_eq!(parsed.entries, 8);
    assert!(!format!("{parsed:?}").contains("hunter2"));
    let warned: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!(warned, ["report.digest", "report.vulnerabilities[5]"]);
}

#[test]
fn without_an_image_the_versions_tell() {
    let parsed = parse(include_bytes!("fixtures/v1_many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((&scan.target, parsed.entries), (&Target::Unstated, 2));
    assert_eq!(
        told(scan),
        [("pkg:apk/alpine/left@1.2.3-r4", "CVE-2025-10001"), ("pkg:generic/right@1.0", "CVE-2025-10002")]
    );
    assert_eq!(parsed.warnings[0].at, "report.vulnerabilities[1]");
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`report.vulnerabilities[0].cves`"), "{error}");
}
