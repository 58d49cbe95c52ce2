//! The mapping of StackRox's documents, data in, data out.

use domain::finding::Verdict;
use domain::fix::FixState;
use domain::image::{DigestRole, Image};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::{parse, recognise};
use crate::test_support::scans;
use crate::{Head, Parsed};

fn image(scan: &Scan) -> &Image {
    match &scan.target {
        Target::Image(image) => image,
        other => panic!("{other:?}"),
    }
}

fn purls(scan: &Scan) -> Vec<&str> {
    scan.components.iter().map(|component| component.purl.as_str()).collect()
}

fn messages(parsed: &Parsed) -> Vec<String> {
    parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect()
}

#[test]
fn a_summary_without_vulnerabilities_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), &scan.target), ("stackrox", &Target::Unstated));
    assert_eq!((scan.findings.len(), scan.covers.len(), parsed.warnings.len()), (0, 1, 0));
}

#[test]
fn one_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.version.as_deref(), &scan.partial), (Some("2.28.0"), &None));
    assert_eq!(purls(scan), ["pkg:deb/debian/libdemo1@1:2.0-1"]);
    assert_eq!(scan.components[0].source.as_ref().unwrap().name, "libdemo1");
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "IMPORTANT"));
    assert_eq!((finding.fix.state, finding.fix.versions[0].as_str()), (FixState::Fixed, "1:2.0-1+deb12u1"));
    let record = &scan.vulnerabilities[0];
    assert_eq!((record.cvss.len(), record.cvss[0].stated), (1, Some(9.8)));
    assert_eq!(record.references, ["https://security-tracker.debian.org/tracker/CVE-2025-10001"]);
    let image = image(scan);
    let roles: Vec<DigestRole> = image.digests.iter().map(|(role, _)| *role).collect();
    assert_eq!(roles, [DigestRole::Repository, DigestRole::Config]);
    assert_eq!((image.references.len(), image.created_at), (1, crate::time::parse("2026-01-01")));
    assert_eq!(image.distribution.as_ref().unwrap().version.as_deref(), Some("12"));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn packages_are_those_of_their_sources() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(
        purls(scan),
        [
            "pkg:deb/debian/tar@1.34",
            "pkg:pypi/left@1.0",
            "pkg:golang/example.org/left@1.0.0",
            "pkg:generic/microsoft.demo@6.0",
            "pkg:generic/mystery@7",
        ]
    );
    assert_eq!((&scan.components[0].source, scan.components[1].paths.len()), (&None, 1));
    assert_eq!(scan.partial.as_deref(), Some("StackRox notes OS_CVES_UNAVAILABLE"));
    let roles: Vec<DigestRole> = image(scan).digests.iter().map(|(role, _)| *role).collect();
    assert_eq!(roles, [DigestRole::Repository, DigestRole::Config], "a number of its own is no digest");
    assert_eq!(scan.vulnerabilities[3].related.len(), 1);
    assert_eq!((parsed.entries, scan.findings.len()), (9, 7));
    assert_eq!(
        messages(&parsed),
        [
            "scan.components[4].vulns[0]: nothing tells the ecosystem of a package, so it is known by name alone",
            "scan.components[5].vulns[0]: a finding without a package name was skipped",
            "scan.components[6].vulns[0]: a finding without a usable vulnerability id was skipped",
        ]
    );
}

#[test]
fn what_was_set_aside_stays_with_its_reason() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    let verdicts: Vec<&Verdict> = scan.findings.iter().map(|finding| &finding.verdict).collect();
    let aside = |why: &str| Verdict::Suppressed(why.to_owned());
    assert_eq!(*verdicts[0], aside("deferred in StackRox"));
    assert_eq!(*verdicts[1], aside("a false positive in StackRox"));
    assert_eq!(*verdicts[2], aside("snoozed in StackRox"));
    assert_eq!(*verdicts[3], Verdict::Affected);
    assert_eq!(
        (scan.findings[2].severity, scan.findings[3].severity),
        (Severity::Critical, Severity::Unknown)
    );
}

#[test]
fn a_summary_tells_packages_by_their_versions() {
    let parsed = parse(include_bytes!("fixtures/summary_many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(
        purls(scan),
        ["pkg:deb/debian/libdemo1@1:2.0-1%2Bdeb12u1", "pkg:maven/org.demo/left@1.0", "pkg:generic/left@1.0"]
    );
    assert_eq!(scan.vulnerabilities[0].related[0].as_str(), "DSA-1-1");
    let partial = "the summary counts 6 vulnerabilities and lists 5";
    assert_eq!((parsed.entries, scan.partial.as_deref()), (5, Some(partial)));
    assert_eq!(
        messages(&parsed),
        [
            "result.vulnerabilities[2]: nothing tells the ecosystem of a package, so it is known by name alone",
            "result.vulnerabilities[3]: a finding without a usable vulnerability id was skipped",
            "result.vulnerabilities[4]: a finding without a package name was skipped",
        ]
    );
}

#[test]
fn an_image_without_a_scan_is_not_clean() {
    let image = br#"{"id":"sha256:00","name":{"fullName":"a/b:1"},"metadata":{"v1":{}},"scan":null}"#;
    assert!(recognise(&Head::new(image)));
    let parsed = parse(image).unwrap();
    assert!(parsed.observations.is_empty());
    assert_eq!(messages(&parsed), ["scan: the image was not scanned, so nothing is recorded as checked"]);
}

#[test]
fn says_where_an_image_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`scan.components[0].vulns`"), "{error}");
}
