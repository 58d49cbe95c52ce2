//! The mapping of findings in OCSF, data in, data out.

use domain::finding::{Subject, Verdict};
use domain::image::DigestRole;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;
use crate::time;

fn name(scan: &Scan) -> String {
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    image.references[0].to_string()
}

fn purls(scan: &Scan) -> Vec<&str> {
    scan.components.iter().map(|component| component.purl.as_str()).collect()
}

#[test]
fn checks_that_passed_are_no_findings() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert_eq!((parsed.observations.len(), parsed.entries, parsed.warnings.len()), (0, 0, 0));
    let tool = parsed.tool.unwrap();
    assert_eq!((tool.name.as_str(), tool.version.as_deref()), ("prowler", Some("5.20.0")));
}

#[test]
fn one_vulnerability_that_prowler_found_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((name(scan).as_str(), scan.tool.name.as_str()), ("ghcr.io/shop/api:1.4.0", "prowler"));
    assert_eq!((scan.scanned_at, &scan.partial), (time::parse("2026-02-03T10:20:30.697446Z"), &None));
    assert_eq!(purls(scan), ["pkg:apk/alpine/libdemo@1.2.3-r4"]);
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!(image.distribution.as_ref().unwrap().version.as_deref(), Some("3.20.1"));
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.fix.versions.join(" ")), (Severity::High, "1.2.3-r5".to_owned()));
    assert_eq!(scan.vulnerabilities[0].title.as_deref(), Some("libdemo: reads too far"));
    assert!(parsed.warnings.is_empty(), "{:?}", parsed.warnings);
}

#[test]
fn products_beside_each_other() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scans = scans(&parsed);
    assert_eq!((scans.len(), parsed.entries), (3, 8));
    let (prowler, inspector, other) = (scans[0], scans[1], scans[2]);
    let secret = Subject::Secret { rule: "demo-key".to_owned(), path: "/app/.env".to_owned(), line: Some(7) };
    assert_eq!(prowler.findings[0].subject, secret);
    assert_eq!(prowler.findings[1].verdict, Verdict::Suppressed("muted in Prowler".to_owned()));
    assert_eq!(purls(prowler), ["pkg:npm/left@1.0.0"]);
    assert_eq!(
        (inspector.tool.name.as_str(), purls(inspector)),
        ("aws-inspector", vec!["pkg:npm/left@1.0.0"])
    );
    assert_eq!(inspector.findings[0].verdict, Verdict::Suppressed("archived: demo".to_owned()));
    let record = &inspector.vulnerabilities[0];
    assert_eq!((record.cvss[0].stated, record.threat.unwrap().exploit), (Some(7.5), Some(true)));
    assert!(inspector.partial.is_some() && prowler.partial.is_none());
    assert_eq!((other.tool.name.as_str(), purls(other)), ("demo-scanner", vec!["pkg:pypi/right@2.0.0"]));
    let Target::Image(image) = &other.target else { panic!("{:?}", other.target) };
    assert_eq!((name(other).as_str(), image.digests[0].0), ("ghcr.io/shop/web", DigestRole::Repository));
    let told: Vec<&str> = parsed.warnings.iter().map(|warning| warning.message.as_str()).collect();
    let why = "set aside: they name no container image, and Plimsoll has no place for them yet";
    let expected = [
        format!("1 finding of Prowler on AwsIamRole was {why}"),
        "a vulnerability without a usable id was skipped".to_owned(),
        "a vulnerability that names no package was skipped".to_owned(),
        format!("1 finding of guardduty was {why}"),
    ];
    assert_eq!(told, expected);
}

#[test]
fn single_findings_are_no_whole_list() {
    let parsed = parse(include_bytes!("fixtures/lines.ndjson")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.findings.len(), parsed.entries), (2, 2));
    assert_eq!(scan.partial.as_deref(), Some("the document holds single findings, not a whole list"));
}

#[test]
fn says_where_a_list_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`[0].resources`"), "{error}");
}
