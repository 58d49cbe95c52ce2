//! The mapping of the operator's samples, data in, data out.

use domain::finding::Subject;
use domain::image::DigestRole;
use domain::scan::Target;
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

#[test]
fn an_empty_answer_says_nothing() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert_eq!((parsed.observations.len(), parsed.entries), (0, 0));
    assert!(parsed.warnings[0].message.contains("nothing is recorded as checked"));
}

#[test]
fn one_sample_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.scanned_at), ("trivy-operator", None));
    assert_eq!(
        scan.partial.as_deref(),
        Some("an answer of Prometheus does not say what the question left out")
    );
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!(image.references[0].to_string(), "ghcr.io/shop/api:1.4.0");
    assert_eq!(image.digests[0].0, DigestRole::Config);
    let finding = &scan.findings[0];
    assert_eq!(scan.component_of(finding).unwrap().purl.as_str(), "pkg:apk/alpine/libdemo@1.2.3-r4");
    assert_eq!(
        (finding.severity, finding.fix.versions.as_slice()),
        (Severity::High, &["1.2.3-r5".to_owned()][..])
    );
    assert!(scan.vulnerabilities[0].published_at.is_some() && scan.vulnerabilities[0].modified_at.is_some());
    assert_eq!(scan.vulnerabilities[0].title.as_deref(), Some("libdemo: reads too far"));
    assert!(parsed.warnings.is_empty(), "{:?}", parsed.warnings);
}

#[test]
fn samples_of_one_image_are_one_scan() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scans = scans(&parsed);
    assert_eq!((scans.len(), scans[0].findings.len(), scans[1].findings.len()), (2, 2, 1));
    assert_eq!(scans[0].components[0].purl.as_str(), "pkg:golang/example.org/x/net@0.10.0");
    assert_eq!(scans[0].findings[0].location.as_deref(), Some("srv/api"));
    let secret = Subject::Secret { rule: "demo-key".to_owned(), path: "srv/.env".to_owned(), line: None };
    assert_eq!(scans[0].findings[1].subject, secret);
    assert_eq!(scans[1].components[0].purl.as_str(), "pkg:generic/left@1");
}

#[test]
fn what_is_about_no_image_is_counted_and_told() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    assert_eq!(parsed.entries, 8);
    let why = "they name no container image, and Plimsoll has no place for them yet";
    let told: Vec<&str> = parsed.warnings.iter().map(|warning| warning.message.as_str()).collect();
    let expected = [
        "nothing tells where a package comes from, so it is known by name alone".to_owned(),
        "a finding without a usable vulnerability id was skipped".to_owned(),
        "samples of `trivy_image_vulnerabilities` name no findings and were passed over".to_owned(),
        format!("1 finding of trivy_compliance_info was set aside: {why}"),
        format!("1 finding of trivy_configaudits_info on Deployment was set aside: {why}"),
        format!("1 finding of trivy_rbacassessments_info on Role was set aside: {why}"),
        format!("1 finding of trivy_vulnerability_id on Node was set aside: {why}"),
    ];
    assert_eq!(told, expected);
}

#[test]
fn says_where_an_answer_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`data.result[0].metric.severity`"), "{error}");
}
