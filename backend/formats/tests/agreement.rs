//! Documents of different tools that speak of the same finding on the same image make one finding.
//! Refuses tools' own words in identity: severity, paths and prose differ in every fixture here.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::collections::BTreeSet;

use domain::finding::Verdict;
use domain::observation::Observation;
use domain::scan::{Scan, Target};
use formats::Limits;
use normalise::aliases::AliasGroups;
use normalise::identity::FindingKey;

/// The scans of a fixture.
fn scans(fixture: &str) -> Vec<Scan> {
    let path = format!("{}/src/{fixture}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).unwrap();
    let parsed = formats::read(&bytes, Limits::default()).unwrap().parsed;
    let scan = |observation| match observation {
        Observation::Scan(scan) => Some(scan),
        _ => None,
    };
    parsed.observations.into_iter().filter_map(scan).collect()
}

/// Digest of the image and key of each finding that counts, as text.
fn findings(fixture: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for scan in scans(fixture) {
        let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
        let digest = image.best_digest().unwrap();
        let groups = AliasGroups::of_records(&scan.vulnerabilities);
        for finding in scan.findings.iter().filter(|finding| finding.verdict == Verdict::Affected) {
            found.insert(format!("{digest} {:?}", FindingKey::of(&scan, finding, &groups).unwrap()));
        }
    }
    found
}

#[test]
fn inspector_and_trivy_agree_on_a_distributions_package() {
    let trivy = findings("trivy_json/fixtures/one.json");
    assert_eq!(trivy.len(), 1);
    assert_eq!(findings("aws_inspector2/fixtures/one.json"), trivy);
}

#[test]
fn inspector_and_trivy_agree_on_a_languages_package() {
    let trivy = findings("trivy_json/fixtures/many.json");
    let inspector = findings("aws_inspector2/fixtures/many.json");
    let both: Vec<&String> = trivy.intersection(&inspector).collect();
    assert_eq!(both.len(), 3, "{both:#?}");
    assert!(both.iter().any(|key| key.contains("pkg:npm/%40demo/left@1.0.0")), "{both:#?}");
}

#[test]
fn both_scans_of_ecr_agree_with_trivy_on_a_distributions_package() {
    let trivy = findings("trivy_json/fixtures/one.json");
    assert_eq!(findings("aws_ecr_scan/fixtures/one.json"), trivy);
    assert!(findings("aws_ecr_scan/fixtures/many.ndjson").is_superset(&trivy));
}

#[test]
fn security_hub_agrees_with_trivy_whoever_found_it() {
    let trivy = findings("trivy_json/fixtures/one.json");
    assert_eq!(findings("aws_securityhub_asff/fixtures/one.json"), trivy);
}

#[test]
fn scanners_of_registries_agree_with_trivy_on_a_distributions_package() {
    let trivy = findings("trivy_json/fixtures/one.json");
    for fixture in ["harbor_json", "clair_v4_json", "quay_security_json"] {
        assert_eq!(findings(&format!("{fixture}/fixtures/one.json")), trivy, "{fixture}");
    }
}
