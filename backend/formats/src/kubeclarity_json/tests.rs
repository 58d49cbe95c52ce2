//! The mapping of KubeClarity's results, data in, data out.

use domain::fix::FixState;
use domain::image::DigestRole;
use domain::scan::Target;
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

#[test]
fn an_image_without_vulnerabilities_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.findings.len(), scan.covers.len()), ("kubeclarity", 0, 1));
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!(image.references[0].to_string(), "registry.example.com/shop/api:1.4");
    assert_eq!((image.digests.len(), image.digests[0].0), (1, DigestRole::Repository));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn reads_a_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!(image.distribution.as_ref().unwrap().version.as_deref(), Some("12"));
    let component = &scan.components[0];
    assert_eq!(component.purl.as_str(), "pkg:deb/debian/libdemo1@1:2.0-1");
    assert_eq!((component.source.as_ref().unwrap().name.as_str(), component.licences.len()), ("demo", 1));
    assert_eq!(component.paths, ["/var/lib/dpkg/status"]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.fix.state), (Severity::Critical, FixState::Fixed));
    let record = &scan.vulnerabilities[0];
    assert_eq!((record.id.as_str(), record.cvss[0].stated), ("CVE-2025-10001", Some(9.8)));
    assert_eq!((record.references.len(), parsed.entries, parsed.warnings.len()), (1, 1, 0));
}

#[test]
fn scanners_that_differ_are_all_kept() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(scan.target, Target::Other { kind: "dir".to_owned(), name: "/work/shop".to_owned() });
    let told: Vec<(&str, &str, FixState)> = scan
        .findings
        .iter()
        .map(|finding| {
            let purl = scan.component_of(finding).unwrap().purl.as_str();
            (purl, finding.severity_word.as_str(), finding.fix.state)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("pkg:npm/left@1.0.0", "HIGH", FixState::WontFix),
            ("pkg:npm/left@1.0.0", "MEDIUM", FixState::Fixed),
            ("pkg:pypi/flask@2.0", "LOW", FixState::Unknown),
        ]
    );
    assert_eq!((parsed.entries, scan.vulnerabilities.len()), (4, 2));
    assert_eq!(parsed.warnings[0].at, "vulnerabilities[2][0].vulnerability");
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`vulnerabilities[0][0].vulnerability.links`"), "{error}");
}
