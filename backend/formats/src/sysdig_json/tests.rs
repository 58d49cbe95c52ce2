//! The mapping of Sysdig's results, data in, data out.

use domain::finding::Verdict;
use domain::fix::FixState;
use domain::image::DigestRole;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::Parsed;
use crate::test_support::scans;

fn purls(scan: &Scan) -> Vec<&str> {
    scan.components.iter().map(|component| component.purl.as_str()).collect()
}

fn messages(parsed: &Parsed) -> Vec<String> {
    parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect()
}

#[test]
fn an_image_without_findings_was_looked_at() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.tool.version.as_deref()), ("sysdig", Some("1.20.0")));
    assert_eq!((scan.findings.len(), scan.covers.len(), &scan.partial), (0, 1, &None));
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30.5Z"));
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    let roles: Vec<DigestRole> = image.digests.iter().map(|(role, _)| *role).collect();
    assert_eq!(roles, [DigestRole::Config, DigestRole::Repository]);
    assert_eq!(image.references[0].to_string(), "registry.example.com/shop/api:1.4.0");
    assert_eq!(image.platform.as_ref().unwrap().architecture, "amd64");
    assert_eq!(image.distribution.as_ref().unwrap().version.as_deref(), Some("12.9"));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn one_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(purls(scan), ["pkg:deb/debian/libdemo1@1:2.0-1"]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.fix.state), (Severity::High, FixState::Fixed));
    assert_eq!((finding.fix.versions[0].as_str(), &finding.location), ("1:2.0-1+deb12u1", &None));
    let record = &scan.vulnerabilities[0];
    assert_eq!((record.cvss[0].source.as_str(), record.cvss[0].stated), ("nvd", Some(7.5)));
    assert_eq!(record.threat.unwrap().exploit, Some(true));
    assert_eq!(record.published_at, crate::time::parse("2025-03-01"));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn packages_refer_to_their_vulnerabilities() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(
        purls(scan),
        ["pkg:deb/debian/libdemo1@1:2.0-1", "pkg:npm/%40demo/left@1.0.0", "pkg:maven/org.demo/left@1.0"]
    );
    assert_eq!((parsed.entries, scan.findings.len()), (6, 5));
    let told: Vec<(Severity, Option<bool>, &Verdict)> =
        scan.findings.iter().map(|finding| (finding.severity, finding.used, &finding.verdict)).collect();
    let accepted = Verdict::Suppressed("risk accepted in Sysdig: RiskTransferred".to_owned());
    let removed = Verdict::Suppressed("removed in a later layer".to_owned());
    assert_eq!(
        told,
        [
            (Severity::High, Some(true), &Verdict::Affected),
            (Severity::Low, Some(true), &Verdict::Affected),
            (Severity::Critical, Some(false), &accepted),
            (Severity::Medium, Some(false), &Verdict::Affected),
            (Severity::High, Some(false), &removed),
        ]
    );
    assert_eq!(
        messages(&parsed),
        ["result.packages.p5.vulnerabilitiesRefs[0]: a reference that leads to no vulnerability was skipped"]
    );
}

#[test]
fn where_nothing_runs_nothing_is_said_of_use() {
    let many = include_bytes!("fixtures/many.json");
    let used = |document: &[u8]| -> Vec<(Option<bool>, Option<String>)> {
        let parsed = parse(document).unwrap();
        scans(&parsed)[0].findings.iter().map(|finding| (finding.used, finding.in_use.clone())).collect()
    };
    assert_eq!(used(many)[2], (Some(false), Some("not in use where the image runs".to_owned())));
    let mut document: serde_json::Value = serde_json::from_slice(many).unwrap();
    document["result"]["packages"]["p1"]["isRunning"] = false.into();
    assert_eq!(used(document.to_string().as_bytes()), vec![(None, None); 5]);
    // A package without findings shows as well that there is a profile.
    document["result"]["packages"]["p4"]["isRunning"] = true.into();
    let told = used(document.to_string().as_bytes());
    assert!(told.len() == 5 && told.iter().all(|(used, _)| *used == Some(false)));
}

#[test]
fn the_answer_of_the_api_says_the_same() {
    let parsed = parse(include_bytes!("fixtures/bare_many.json")).unwrap();
    let many = parse(include_bytes!("fixtures/many.json")).unwrap();
    let (bare, whole) = (scans(&parsed)[0], scans(&many)[0]);
    assert_eq!((&bare.target, &bare.findings), (&whole.target, &whole.findings));
    assert_eq!(bare.scanned_at, crate::time::parse("2026-02-03T10:00:00Z"));
    assert!(parsed.warnings[0].at.starts_with("packages.p5"));
}

#[test]
fn what_cannot_be_kept_is_told() {
    let parsed = parse(include_bytes!("fixtures/v0_many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((parsed.entries, purls(scan)), (4, vec!["pkg:generic/tar@1.34", "pkg:pypi/left@1.0"]));
    assert_eq!(scan.findings[0].verdict, Verdict::Suppressed("risk accepted in Sysdig".to_owned()));
    assert_eq!(
        (scan.findings[1].severity, scan.findings[1].severity_word.as_str()),
        (Severity::Unknown, "Other")
    );
    assert_eq!((&scan.target, scan.components[1].paths.len()), (&Target::Unstated, 1));
    assert_eq!(
        messages(&parsed),
        [
            "metadata: the digest of an image cannot be read",
            "metadata: the name of an image cannot be read",
            "metadata: the document names no image that can be read",
            "result.packages[0].vulns[0]: nothing tells the ecosystem of a package, so it is known by name alone",
            "result.packages[1].vulns[1]: a finding without a usable vulnerability id was skipped",
            "result.packages[2].vulns[0]: a finding without a package name was skipped",
        ]
    );
}

#[test]
fn says_where_a_result_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`result.packages`") && error.contains("a list or an object"), "{error}");
}
