//! The mapping of Kubescape's reports, data in, data out.

use domain::image::{DigestRole, Image};
use domain::scan::{Scan, Target};

use super::parse;
use crate::test_support::scans;

/// Old and new spellings of a control's state, in a report that goes on.
const POSTURE: &str = r#"{
  "customerGUID": "0", "clusterName": "demo",
  "paginationInfo": { "chunkNumber": 0, "isLastChunk": false },
  "results": [
    { "resourceID": "apps/v1/shop/Deployment/api", "controls": [
      { "controlID": "C-0001", "status": { "status": "failed" } },
      { "controlID": "C-0002", "status": "failed" },
      { "controlID": "C-0003", "rules": [{ "status": "passed" }, { "status": "failed" }] },
      { "controlID": "C-0004", "rules": [{ "status": "passed" }] },
      { "controlID": "C-0005", "status": { "status": "skipped" } }
    ] },
    { "resourceID": "demo", "controls": [{ "controlID": "C-0001", "status": { "status": "failed" } }] },
    { "resourceID": "v1//Namespace/shop", "controls": null }
  ]
}"#;

fn image(scan: &Scan) -> &Image {
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    image
}

fn digests(image: &Image) -> Vec<(DigestRole, &str)> {
    image.digests.iter().map(|(role, digest)| (*role, &digest.as_str()[7..8])).collect()
}

#[test]
fn controls_that_passed_say_nothing() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert_eq!((parsed.observations.len(), parsed.entries, parsed.warnings.len()), (0, 0, 0));
    let tool = parsed.tool.unwrap();
    assert_eq!((tool.name.as_str(), tool.version.as_deref()), ("kubescape", Some("v3.0.40")));
}

#[test]
fn controls_that_failed_are_counted_and_told() {
    let parsed = parse(POSTURE.as_bytes()).unwrap();
    assert_eq!((parsed.observations.len(), parsed.entries), (0, 4));
    let told: Vec<&str> = parsed.warnings.iter().map(|warning| warning.message.as_str()).collect();
    let why = "set aside: they name no container image, and Plimsoll has no place for them yet";
    let expected = [
        "this is one part of a longer report: the rest is missing".to_owned(),
        format!("1 finding of Kubescape's controls was {why}"),
        format!("3 findings of Kubescape's controls on Deployment were {why}"),
    ];
    assert_eq!(told, expected);
}

#[test]
fn one_manifest_is_grypes_report_under_its_own_name() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.tool.version.as_deref()), ("kubescape", Some("v0.79.3")));
    assert_eq!((scan.scanned_at, &scan.partial), (crate::time::parse("2026-02-03T10:20:30Z"), &None));
    let names: Vec<String> = image(scan).references.iter().map(ToString::to_string).collect();
    assert_eq!(
        names,
        [format!("ghcr.io/shop/api@sha256:{}", "a".repeat(64)), "ghcr.io/shop/api:1.4.0".to_owned()]
    );
    assert_eq!(digests(image(scan)), [(DigestRole::Repository, "a")]);
    let finding = &scan.findings[0];
    assert_eq!(scan.component_of(finding).unwrap().purl.as_str(), "pkg:apk/alpine/libdemo@1.2.3-r4");
    assert_eq!((finding.fix.versions[0].as_str(), finding.in_use.as_deref()), ("1.2.3-r5", None));
    assert_eq!((parsed.entries, parsed.warnings.len()), (1, 0));
}

#[test]
fn what_runs_is_told_and_closes_nothing() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scans = scans(&parsed);
    assert_eq!(scans.len(), 3);
    assert!(scans[0].partial.is_none() && scans[2].partial.is_none());
    assert_eq!(scans[1].partial.as_deref(), Some("it lists only what was loaded where the image runs"));
    assert_eq!(scans[1].findings[0].in_use.as_deref(), Some("loaded where the image runs"));
    assert_eq!(digests(image(scans[1])), [(DigestRole::Config, "c"), (DigestRole::Manifest, "b")]);
    assert_eq!(image(scans[1]).layers.len(), 1);
    assert_eq!((scans[2].findings.len(), scans[2].covers.len()), (0, 1), "its maker is told, so it is clean");
}

#[test]
fn what_is_not_read_is_told() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    assert_eq!(parsed.entries, 4);
    let told: Vec<(&str, &str)> =
        parsed.warnings.iter().map(|warning| (warning.at.as_str(), warning.message.as_str())).collect();
    let expected = [
        ("items[2]", "a manifest without content was passed over: the list has to be asked for in full"),
        ("items[4]", "a control of the unknown state `undecided` was passed over"),
        ("items[5]", "a scan without controls was passed over"),
        ("items[6]", "an object of the kind `VulnerabilitySummary` was passed over"),
        (
            "items[4]",
            "2 findings of Kubescape's controls on Deployment were set aside: they name no container image, and Plimsoll has no place for them yet",
        ),
    ];
    assert_eq!(told, expected);
}

#[test]
fn says_where_a_manifest_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`spec.payload.matches[0].artifact`"), "{error}");
}
