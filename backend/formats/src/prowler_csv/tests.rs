//! The mapping of Prowler's tables, data in, data out.

use domain::finding::{FindingClass, Subject, Verdict};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

fn name(scan: &Scan) -> String {
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    image.references[0].to_string()
}

#[test]
fn a_table_without_rows_says_nothing() {
    let parsed = parse(include_bytes!("fixtures/none.csv")).unwrap();
    assert_eq!((parsed.observations.len(), parsed.entries), (0, 0));
    assert_eq!(parsed.warnings[0].message, "the list is empty, so nothing is recorded as checked");
}

#[test]
fn one_vulnerability_of_an_image_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.csv")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((name(scan).as_str(), scan.tool.name.as_str()), ("ghcr.io/shop/api:1.4.0", "prowler"));
    assert_eq!(scan.tool.version.as_deref(), Some("5.20.0"));
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30.697446Z"));
    let finding = &scan.findings[0];
    assert_eq!(scan.component_of(finding).unwrap().purl.as_str(), "pkg:apk/alpine/libdemo@1.2.3-r4");
    assert_eq!(scan.vulnerability_of(finding).unwrap().title.as_deref(), Some("libdemo: reads too far"));
    assert_eq!((finding.severity, finding.fix.versions.join(" ")), (Severity::High, "1.2.3-r5".to_owned()));
    assert!(parsed.warnings.is_empty(), "{:?}", parsed.warnings);
}

#[test]
fn images_files_and_clusters() {
    let parsed = parse(include_bytes!("fixtures/many.csv")).unwrap();
    let scans = scans(&parsed);
    assert_eq!((scans.len(), parsed.entries), (2, 6));
    let (image, files) = (scans[0], scans[1]);
    assert_eq!(image.components[0].purl.as_str(), "pkg:npm/%40demo/left@1.0.0");
    assert_eq!(image.findings[0].verdict, Verdict::Suppressed("muted in Prowler".to_owned()));
    let secret = Subject::Secret { rule: "demo-key".to_owned(), path: "/app/.env".to_owned(), line: None };
    assert_eq!(image.findings[1].subject, secret);
    assert_eq!((image.findings.len(), image.covers.contains(&FindingClass::Secret)), (2, true));
    assert_eq!(files.target, Target::Unstated);
    let check = Subject::Misconfiguration {
        check: "AVD-DEMO-0088".to_owned(),
        path: "main.tf".to_owned(),
        resource: None,
        line: Some(3),
    };
    assert_eq!(files.findings[0].subject, check);
    let told: Vec<&str> = parsed.warnings.iter().map(|warning| warning.message.as_str()).collect();
    let why = "set aside: they name no container image, and Plimsoll has no place for them yet";
    let expected = [
        "a finding without a package name was skipped".to_owned(),
        "a row that has not 17 cells was left out".to_owned(),
        format!("1 finding of Prowler on KubernetesAPIServer was {why}"),
        format!("1 finding of Prowler on container-image was {why}"),
        "checks that people have to make, or that only inform, were passed over: 1".to_owned(),
    ];
    assert_eq!(told, expected);
}

#[test]
fn the_columns_of_other_versions() {
    let second = parse(include_bytes!("fixtures/v2_many.csv")).unwrap();
    let scan = scans(&second)[0];
    assert_eq!(name(scan), "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/api:1.4.0");
    assert!(
        matches!(&scan.findings[0].subject, Subject::Misconfiguration { check, .. } if check == "extra776")
    );
    assert_eq!((second.entries, second.warnings.len()), (2, 1));
    let third = parse(include_bytes!("fixtures/v3_many.csv")).unwrap();
    assert_eq!(name(scans(&third)[0]), "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/api:1.4.0");
    assert_eq!((third.entries, third.warnings.len()), (1, 0));
}

#[test]
fn says_where_a_table_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.csv")).unwrap_err().to_string();
    assert!(error.contains("prowler-csv") && error.contains("`line 2`"), "{error}");
}
