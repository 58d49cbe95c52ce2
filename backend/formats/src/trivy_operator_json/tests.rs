//! The mapping of the operator's reports, data in, data out.

use domain::finding::{FindingClass, Subject};
use domain::fix::FixState;
use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use domain::sbom::Sbom;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::Parsed;
use crate::test_support::scans;

const MANY: &[u8] = include_bytes!("fixtures/many.json");

fn image(scan: &Scan) -> &Image {
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    image
}

fn names(image: &Image) -> Vec<String> {
    image.references.iter().map(ToString::to_string).collect()
}

fn messages(parsed: &Parsed) -> Vec<&str> {
    parsed.warnings.iter().map(|warning| warning.message.as_str()).collect()
}

#[test]
fn a_report_without_vulnerabilities_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.tool.version.as_deref()), ("trivy-operator", Some("0.60.0")));
    assert_eq!((scan.findings.len(), parsed.entries, parsed.warnings.len()), (0, 0, 0));
    assert!(scan.covers.contains(&FindingClass::Vulnerability) && scan.covers.len() == 1);
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30Z"));
    assert_eq!(names(image(scan)), ["ghcr.io/shop/api:1.4.0"]);
    assert_eq!(image(scan).digests[0].0, DigestRole::Config, "with a tag the digest is the image's id");
}

#[test]
fn one_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(names(image(scan)), [format!("docker.io/library/agent@sha256:{}", "b".repeat(64))]);
    assert_eq!(image(scan).digests[0].0, DigestRole::Repository, "without a tag it was asked for");
    let distribution = image(scan).distribution.as_ref().unwrap();
    assert_eq!((distribution.family.as_str(), distribution.end_of_life), ("alpine", Some(true)));
    let (finding, record) = (&scan.findings[0], &scan.vulnerabilities[0]);
    assert_eq!(scan.component_of(finding).unwrap().purl.as_str(), "pkg:apk/alpine/libdemo@1.2.3-r4");
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "HIGH"));
    assert_eq!(finding.fix.versions, ["1.2.3-r5", "1.3.0-r0"]);
    assert_eq!(record.title.as_deref(), Some("libdemo: reads too far"));
    assert_eq!(record.references, ["https://avd.example.org/cve-2026-10001", "https://example.org/advisory"]);
    assert_eq!((record.cvss[0].source.as_str(), record.cvss[0].stated), ("nvd", Some(7.5)));
    assert!(record.published_at.is_some() && record.modified_at.is_none());
}

#[test]
fn containers_of_one_image_are_one_scan() {
    let parsed = parse(MANY).unwrap();
    let scans = scans(&parsed);
    assert_eq!(scans.len(), 1);
    let scan = scans[0];
    let expected = ["registry.example.org:5000/shop/api:1.4.0", "registry.example.org:5000/shop/api:1.4"];
    assert_eq!(names(image(scan)), expected);
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T12:00:00Z"));
    assert_eq!(scan.covers.len(), 2, "vulnerabilities and secrets");
    let purls: Vec<&str> = scan.components.iter().map(|component| component.purl.as_str()).collect();
    assert_eq!(
        purls,
        [
            "pkg:deb/debian/libdemo1@1:2.0-1%2Bdeb12u1",
            "pkg:golang/example.org/x/net@0.10.0",
            "pkg:generic/left@1.0"
        ]
    );
    assert_eq!(scan.findings[0].fix.state, FixState::Unknown);
    assert_eq!(scan.findings[1].location.as_deref(), Some("srv/api"));
    let secret = Subject::Secret { rule: "demo-key".to_owned(), path: "srv/.env".to_owned(), line: None };
    assert_eq!(scan.findings[4].subject, secret);
}

#[test]
fn a_bill_of_materials_tells_the_digest_behind_the_name() {
    let parsed = parse(MANY).unwrap();
    let bills: Vec<&Sbom> = parsed
        .observations
        .iter()
        .filter_map(|observation| match observation {
            Observation::Sbom(bill) => Some(bill),
            _ => None,
        })
        .collect();
    let [bill] = bills.as_slice() else { panic!("{bills:?}") };
    let Target::Image(image) = &bill.target else { panic!("{:?}", bill.target) };
    let roles: Vec<DigestRole> = image.digests.iter().map(|(role, _)| *role).collect();
    assert_eq!(roles, [DigestRole::Repository, DigestRole::Config]);
    assert_eq!((bill.tool.name.as_str(), bill.listed, parsed.listed_components), ("trivy-operator", 2, 2));
    assert_eq!(bill.components[0].purl.as_str(), "pkg:deb/debian/libdemo1@1:2.0-1%2Bdeb12u1");
}

#[test]
fn what_is_about_no_image_is_counted_and_told() {
    let parsed = parse(MANY).unwrap();
    assert_eq!(parsed.entries, 13);
    let why = "they name no container image, and Plimsoll has no place for them yet";
    let expected = [
        "nothing tells where a package comes from, so it is known by name alone".to_owned(),
        "a finding without a usable vulnerability id was skipped".to_owned(),
        "a finding without a package name was skipped".to_owned(),
        "`not-a-digest` is not a digest".to_owned(),
        "a report without content was passed over".to_owned(),
        "an object of the kind `Pod` was passed over".to_owned(),
        format!("2 findings of ClusterComplianceReport were set aside: {why}"),
        format!("1 finding of ClusterVulnerabilityReport on ClusterSbomReport was set aside: {why}"),
        format!("2 findings of ConfigAuditReport on Deployment were set aside: {why}"),
        format!("1 finding of VulnerabilityReport was set aside: {why}"),
    ];
    assert_eq!(messages(&parsed), expected);
    assert_eq!(parsed.warnings[8].at, "items[4]");
}

#[test]
fn a_page_of_a_list_tells_the_kind_of_its_items() {
    let parsed = parse(include_bytes!("fixtures/page.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(scan.components[0].purl.as_str(), "pkg:apk/alpine/musl@1.2.5-r0");
    assert!(image(scan).digests.is_empty() && parsed.warnings.is_empty(), "{:?}", parsed.warnings);
    let array = format!("[{}]", include_str!("fixtures/one.json"));
    assert_eq!(scans_of(&array), 1);
    let lines = format!("{}\n{}", include_str!("fixtures/one.json"), include_str!("fixtures/none.json"));
    assert_eq!(scans_of(&lines), 2);
}

fn scans_of(document: &str) -> usize {
    scans(&parse(document.as_bytes()).unwrap()).len()
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`report.vulnerabilities[0]`"), "{error}");
}
