//! The mapping of policy reports, data in, data out.

use domain::scan::Target;
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

const MANY: &[u8] = include_bytes!("fixtures/many.json");

#[test]
fn a_report_without_results_says_nothing() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert_eq!((parsed.observations.len(), parsed.entries, parsed.tool), (0, 0, None));
    assert!(parsed.warnings[0].message.ends_with("nothing is recorded as checked"));
}

#[test]
fn one_vulnerability_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(scan.tool.name, "trivy-vulnerability");
    assert_eq!((scan.scanned_at, &scan.partial), (crate::time::parse("2026-02-03T10:03:20Z"), &None));
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!(image.references[0].to_string(), "ghcr.io/shop/api:1.4.0");
    assert_eq!(image.distribution.as_ref().unwrap().version.as_deref(), Some("3.20.1"));
    let (finding, record) = (&scan.findings[0], &scan.vulnerabilities[0]);
    assert_eq!(scan.component_of(finding).unwrap().purl.as_str(), "pkg:apk/alpine/libdemo@1.2.3-r4");
    assert_eq!((finding.severity, finding.fix.versions[0].as_str()), (Severity::High, "1.2.3-r5"));
    assert_eq!(record.title.as_deref(), Some("libdemo: reads too far"));
    assert_eq!(record.references, ["https://avd.example.org/cve-2026-10001"]);
    assert_eq!((record.cvss[0].source.as_str(), record.cvss[0].stated), ("nvd", Some(7.5)));
    assert!(parsed.warnings.is_empty(), "{:?}", parsed.warnings);
}

#[test]
fn without_an_image_vulnerabilities_wait_for_what_runs_it() {
    let parsed = parse(MANY).unwrap();
    let scans = scans(&parsed);
    let [scan] = scans.as_slice() else { panic!("{scans:?}") };
    assert_eq!(scan.target, Target::Other { kind: "Deployment".to_owned(), name: "shop/web".to_owned() });
    assert_eq!(scan.partial.as_deref(), Some("a report counts 6 results and lists only 5"));
    let purls: Vec<&str> = scan.components.iter().map(|component| component.purl.as_str()).collect();
    assert_eq!(purls, ["pkg:npm/left@1.0.0", "pkg:generic/libdemo@1.2.3-r4"]);
    assert_eq!(scan.findings[0].fix.versions, ["1.0.1", "2.0.0"]);
    assert_eq!(scan.findings[0].location.as_deref(), Some("srv/package.json"));
    assert_eq!(scan.findings[1].severity, Severity::Unknown);
}

#[test]
fn every_outcome_of_a_policy() {
    let parsed = parse(MANY).unwrap();
    assert_eq!(parsed.entries, 7);
    let why = "they name no container image, and Plimsoll has no place for them yet";
    let told: Vec<&str> = parsed.warnings.iter().map(|warning| warning.message.as_str()).collect();
    let expected = [
        "a report names no image: its vulnerabilities are kept for what runs it (2 times)".to_owned(),
        "nothing tells where a package comes from, so it is known by name alone".to_owned(),
        "a finding without a usable vulnerability id was skipped".to_owned(),
        "a policy could not be evaluated, which says neither yes nor no".to_owned(),
        "a result of the unknown outcome `perhaps` was passed over".to_owned(),
        "a report only counts its results and lists none".to_owned(),
        "an object of the kind `ClusterPolicy` was passed over".to_owned(),
        format!("1 finding of demo-checks on Deployment was set aside: {why}"),
        format!("2 findings of kyverno on Pod were set aside: {why}"),
        format!("1 finding of policy-report was set aside: {why}"),
    ];
    assert_eq!(told, expected);
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`items[0].results`"), "{error}");
}
