//! The mapping of Harbor's reports, data in, data out.

use domain::fix::FixState;
use domain::image::DigestRole;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

fn purls(scan: &Scan) -> Vec<&str> {
    scan.components.iter().map(|component| component.purl.as_str()).collect()
}

fn digests(scan: &Scan) -> Vec<(DigestRole, &str)> {
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    image.digests.iter().map(|(role, digest)| (*role, digest.short())).collect()
}

#[test]
fn a_finished_scan_without_findings_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.tool.version.as_deref()), ("Harbor", Some("Trivy v0.68.1")));
    assert_eq!((&scan.target, scan.findings.len(), scan.covers.len()), (&Target::Unstated, 0, 1));
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30.5Z"));
    assert_eq!((&scan.partial, parsed.warnings.len()), (&None, 0));
}

#[test]
fn reads_a_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(digests(scan), [(DigestRole::Manifest, "bbbbbbbbbbbb")]);
    assert_eq!(
        purls(scan),
        ["pkg:deb/debian/libdemo1@1:2.0-1"],
        "the mark in the fix tells the distribution"
    );
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "High"));
    assert_eq!(
        (finding.fix.state, finding.fix.versions.join(" ").as_str()),
        (FixState::Fixed, "1:2.0-1+deb12u1")
    );
    let record = &scan.vulnerabilities[0];
    let scores: Vec<_> = record.cvss.iter().map(|score| (score.source.as_str(), score.stated)).collect();
    assert_eq!(scores, [("nvd", Some(9.8)), ("nvd", Some(7.5)), ("redhat", Some(7.5))]);
    assert_eq!(record.weaknesses, ["CWE-787"]);
    assert_eq!(record.references, ["https://vuln.example.org/CVE-2025-10001"]);
    assert!(parsed.warnings.is_empty());
}

#[test]
fn each_artifact_of_an_index_has_its_scan() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scans = scans(&parsed);
    assert_eq!(digests(scans[0]), [(DigestRole::Manifest, "bbbbbbbbbbbb")]);
    assert_eq!(digests(scans[1]), [(DigestRole::Manifest, "cccccccccccc")]);
    assert_eq!(
        purls(scans[0]),
        [
            "pkg:deb/debian/libdemo1@1:2.0-1",
            "pkg:generic/demo-native@2.6.1",
            "pkg:deb/debian/libleft2@3.1-4",
            "pkg:npm/%40demo/left@1.0.0",
            "pkg:maven/org.example/demo-core@2.0",
        ]
    );
    assert_eq!(purls(scans[1]), ["pkg:deb/debian/libleft2@3.1-4", "pkg:golang/go.example.org/demo@0.1.0"]);
    assert_eq!(scans[1].findings[0].fix.versions, ["3.1-4+deb12u2", "3.1-5"]);
    assert_eq!(scans[1].findings[1].severity, Severity::Low);
    let preferred = &scans[0].vulnerabilities[3].cvss[0];
    assert_eq!((preferred.source.as_str(), preferred.stated), ("harbor", Some(5.3)));
    assert_eq!((parsed.entries, scans[0].findings.len(), scans[1].findings.len()), (9, 5, 2));
}

#[test]
fn what_is_odd_is_told() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let told: Vec<String> =
        parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect();
    let place = "application/vnd.security.vulnerability.report.vulnerabilities";
    for expected in [
        "application/vnd.security.sbom.report+json; version=1.0: it is not a report of vulnerabilities and was passed over".to_owned(),
        format!("{place}[1]: nothing tells the ecosystem of a package, so it is known by name alone"),
        format!("{place}[4]: what the scanner adds could not be read and was passed over"),
        format!("{place}[6]: a finding without a usable vulnerability id was skipped"),
        format!("{place}[7]: a finding without a package name was skipped"),
        format!("{place}[8]: a finding that names no artifact was skipped: the report is on several"),
    ] {
        assert!(told.contains(&expected), "{expected}: {told:#?}");
    }
    assert!(told.iter().any(|line| line.contains("`sha256:short` is not a digest")), "{told:#?}");
    assert_eq!(told.len(), 7);
}

#[test]
fn a_report_alone_may_name_no_artifact() {
    let parsed = parse(include_bytes!("fixtures/bare.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((&scan.target, scan.findings.len()), (&Target::Unstated, 2));
    assert_eq!(purls(scan), ["pkg:rpm/demo-libs@4.4.19-8.el8", "pkg:apk/alpine/musl-demo@1.2.4-r2"]);
}

#[test]
fn links_of_clair_tell_the_distribution() {
    let parsed = parse(include_bytes!("fixtures/v1_many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(scan.tool.version.as_deref(), Some("Clair 2.x"));
    assert_eq!(digests(scan).len(), 1, "the finding without an artifact is on the only one");
    assert_eq!(purls(scan), ["pkg:deb/debian/demo@1.0", "pkg:deb/debian/libold@1.0-2"]);
    assert_eq!(scan.findings[0].severity, Severity::Low);
    let links_of_trivy = include_str!("fixtures/v1_many.json").replace("\"Clair\"", "\"Trivy\"");
    let parsed = parse(links_of_trivy.as_bytes()).unwrap();
    assert_eq!(purls(scans(&parsed)[0]), ["pkg:generic/demo@1.0", "pkg:generic/libold@1.0-2"]);
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("vulnerabilities[0].links"), "{error}");
}
