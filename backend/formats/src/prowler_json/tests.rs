//! The mapping of Prowler's own JSON, data in, data out.

use domain::finding::{Subject, Verdict};
use domain::image::DigestRole;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::Parsed;
use crate::test_support::scans;

fn name(scan: &Scan) -> String {
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    image.references[0].to_string()
}

fn told(parsed: &Parsed) -> Vec<&str> {
    parsed.warnings.iter().map(|warning| warning.message.as_str()).collect()
}

#[test]
fn checks_that_passed_are_no_findings() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert_eq!((parsed.observations.len(), parsed.entries, parsed.warnings.len()), (0, 0, 0));
    assert_eq!(parsed.tool.unwrap().name, "prowler");
}

#[test]
fn one_image_with_vulnerabilities_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(name(scan), "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/api:1.4.0");
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!(image.digests[0].0, DigestRole::Manifest);
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30.744599Z"));
    assert!(scan.partial.is_some());
    let finding = &scan.findings[0];
    let subject = Subject::Misconfiguration {
        check: "ecr_repositories_scan_vulnerabilities_in_latest_image".to_owned(),
        path: String::new(),
        resource: None,
        line: None,
    };
    assert_eq!((&finding.subject, finding.severity), (&subject, Severity::Medium));
    assert_eq!((finding.title.as_deref(), parsed.warnings.len()), (Some("Check the newest image"), 0));
}

#[test]
fn findings_on_accounts_are_counted_and_told() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scans = scans(&parsed);
    assert_eq!((scans.len(), parsed.entries), (1, 5));
    assert_eq!(name(scans[0]), "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/api:1.4.0");
    assert_eq!(scans[0].findings[0].verdict, Verdict::Suppressed("muted in Prowler".to_owned()));
    let why = "set aside: they name no container image, and Plimsoll has no place for them yet";
    let expected = [
        "a finding of the unknown status `PERHAPS` was passed over".to_owned(),
        format!("1 finding of Prowler on AwsEcrRepository was {why}"),
        format!("2 findings of Prowler on AwsIamRole were {why}"),
        format!("1 finding of Prowler on an unnamed resource was {why}"),
        "checks that people have to make, or that only inform, were passed over: 1".to_owned(),
    ];
    assert_eq!(told(&parsed), expected);
}

#[test]
fn the_second_version_writes_a_finding_a_line() {
    let parsed = parse(include_bytes!("fixtures/v2_many.ndjson")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(name(scan), "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/api:1.4.0");
    let finding = &scan.findings[0];
    assert!(matches!(&finding.subject, Subject::Misconfiguration { check, .. } if check == "extra776"));
    assert_eq!(finding.title.as_deref(), Some("Check the newest image"));
    assert_eq!((parsed.entries, parsed.warnings.len()), (2, 1));
    assert!(told(&parsed)[0].starts_with("1 finding of Prowler on iam was set aside"));
}

#[test]
fn says_where_a_list_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`[1].Severity`"), "{error}");
}
