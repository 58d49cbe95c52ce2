//! The mapping of GitLab's reports, data in, data out.

use domain::finding::FindingClass;
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

/// Purl and vulnerability of each finding.
fn told(scan: &Scan) -> Vec<(&str, &str)> {
    let pair = |finding| {
        Some((scan.component_of(finding)?.purl.as_str(), scan.vulnerability_of(finding)?.id.as_str()))
    };
    scan.findings.iter().filter_map(pair).collect()
}

#[test]
fn a_report_without_entries_is_a_clean_scan_of_what_it_was_handed_in_for() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.tool.version.as_deref()), ("GitLab", Some("trivy 0.66.0")));
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:45Z"));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Vulnerability]);
    assert_eq!((&scan.target, &scan.partial), (&Target::Unstated, &None));
    assert!(scan.findings.is_empty() && parsed.warnings.is_empty());
}

#[test]
fn names_image_package_and_vulnerability() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert!(scan.tool.version.as_ref().unwrap().starts_with("grype"));
    let image = image(scan);
    assert_eq!(image.references.len(), 1, "the name on the default branch is another image's");
    assert_eq!(image.digests[0].0, DigestRole::Repository);
    let distribution = image.distribution.as_ref().unwrap();
    assert_eq!((distribution.family.as_str(), distribution.version.as_deref()), ("debian", Some("12.8")));
    assert_eq!(told(scan), [("pkg:deb/debian/libdemo1@1:2.0-1", "CVE-2025-10001")]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "High"));
    assert_eq!((finding.fix.state, finding.fix.versions.join(" ")), (FixState::Fixed, "1:2.0-2".to_owned()));
    let record = &scan.vulnerabilities[0];
    assert_eq!(record.aliases[0].as_str(), "GHSA-aaaa-bbbb-cccc");
    assert_eq!(record.related[0].as_str(), "OSVDB-113928");
    assert_eq!((record.weaknesses.join(" "), &record.title), ("CWE-125".to_owned(), &None));
    assert_eq!(record.cvss[0].source, "nvd");
    assert_eq!(record.references.len(), 3, "{:?}", record.references);
    assert!(parsed.warnings.is_empty());
}

#[test]
fn tells_packages_of_languages_from_those_of_the_distribution() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scans = scans(&parsed);
    assert_eq!(
        told(scans[0]),
        [
            ("pkg:maven/org.example/left@2.14.1", "CVE-2025-10001"),
            ("pkg:golang/example.org/x/net@0.17.0", "CVE-2025-10002"),
            ("pkg:npm/%40demo/left@1.0.0", "GHSA-aaaa-bbbb-cccc"),
            ("pkg:generic/Right_Hand@65.5.0", "CVE-2025-10003"),
            ("pkg:deb/debian/libdemo1@1:2.0-1", "CVE-2025-10004"),
            ("pkg:deb/debian/libdemo1@1:2.0-1", "CVE-2025-10005"),
            ("pkg:deb/debian/tar@1.34%2Bdemo-1.2", "CVE-2025-10006"),
        ]
    );
    assert_eq!(told(scans[1]), [("pkg:apk/alpine/musl@1.2.4-r2", "CVE-2025-10008")]);
    assert_eq!(told(scans[2]), [("pkg:rpm/redhat/bash@5.1-6.el9", "CVE-2025-10009")]);
    assert_eq!(scans[0].vulnerabilities[2].title.as_deref(), Some("Left reads too much"));
    let advisory = &scans[0].vulnerabilities[4];
    assert_eq!((advisory.aliases.len(), advisory.related[0].as_str()), (0, "RHSA-2025:1001"));
}

#[test]
fn each_target_has_its_scan_and_none_is_whole_after_a_failure() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scans = scans(&parsed);
    assert_eq!((scans.len(), parsed.entries), (3, 10));
    assert_eq!(image(scans[1]).references[0].to_string(), "docker.io/shop/web:2");
    let archive = Target::Other { kind: "archive".to_owned(), name: "./builds/base.tar.gz".to_owned() };
    assert_eq!(scans[2].target, archive);
    for scan in scans {
        assert_eq!(scan.tool.name, "GitLab");
        assert_eq!(scan.partial.as_deref(), Some("the status of the scan is failure"));
        assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30Z"));
    }
    let warned: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!(warned, ["vulnerabilities[3]", "vulnerabilities[6]", "vulnerabilities[7]"]);
}

#[test]
fn reads_the_fix_out_of_sentences_and_remediations() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scans = scans(&parsed);
    let fixes = |scan: &Scan| -> Vec<String> {
        scan.findings.iter().map(|finding| finding.fix.versions.join(" ")).collect()
    };
    assert_eq!(fixes(scans[0]), ["2.15.0 2.16.0", "", "", "", "", "", "1.34+demo-1.3"]);
    assert_eq!(fixes(scans[1]), ["1.2.4-r3 1.2.5-r1"]);
    assert_eq!(scans[0].findings[1].fix.state, FixState::Unknown);
}

#[test]
fn reads_what_the_template_of_trivy_wrote_in_2021() {
    let parsed = parse(include_bytes!("fixtures/v14_many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scans(&parsed).len(), scan.tool.name.as_str(), scan.scanned_at), (1, "GitLab", None));
    assert_eq!(image(scan).references[0].to_string(), "registry.example.com/shop/api:1.4");
    assert_eq!(
        told(scan),
        [
            ("pkg:generic/libdemo1@2.0-r1", "CVE-2025-10001"),
            ("pkg:npm/left@1.0.0", "CVE-2025-10002"),
            ("pkg:pypi/right@1.0.0", "CVE-2025-10003"),
        ]
    );
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`vulnerabilities[0].identifiers`"), "{error}");
}
