//! The mapping of Xeol's reports, data in, data out.

use domain::finding::{FindingClass, Subject};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

fn end_of_life(scan: &Scan) -> Option<bool> {
    match &scan.target {
        Target::Image(image) => image.distribution.as_ref().unwrap().end_of_life,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_image_without_matches_was_looked_at() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.tool.version.as_deref()), ("xeol", Some("0.10.8")));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Misconfiguration]);
    assert_eq!(scan.database_at, crate::time::parse("2026-02-03T02:00:00Z"));
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!(image.references[0].to_string(), "registry.example.com/shop/api:1.4");
    assert_eq!((image.digests.len(), end_of_life(scan)), (2, None));
    assert!(scan.findings.is_empty() && parsed.warnings.is_empty());
}

#[test]
fn software_past_its_end_is_a_failed_check() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let finding = &scans(&parsed)[0].findings[0];
    let subject = Subject::Misconfiguration {
        check: "end-of-life".to_owned(),
        path: "/app.jar".to_owned(),
        resource: Some("pkg:maven/org.example/left@2.0.4".to_owned()),
        line: None,
    };
    assert_eq!((&finding.subject, finding.severity), (&subject, Severity::Unknown));
    assert_eq!(finding.title.as_deref(), Some("End of life of org.example:left 2.0: 2019-03-01"));
    assert_eq!(end_of_life(scans(&parsed)[0]), None, "a library is not the distribution");
}

#[test]
fn the_distribution_itself_may_have_ended() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((end_of_life(scan), parsed.entries), (Some(true), 4));
    let titles: Vec<&str> = scan.findings.iter().filter_map(|finding| finding.title.as_deref()).collect();
    assert_eq!(
        titles,
        [
            "End of life of Alpine Linux 3.12: 2022-05-01",
            "End of life of Right 1: past",
            "End of life of Python 3.11: 2027-10-31",
        ]
    );
    assert!(matches!(&scan.findings[0].subject,
        Subject::Misconfiguration { resource: Some(resource), .. } if resource == "alpine 3.12.0"));
    assert_eq!(parsed.warnings[0].at, "matches[3]");
}

#[test]
fn an_end_to_come_is_no_end_of_the_distribution() {
    let text = include_str!("fixtures/many.json").replace("2022-05-01", "2027-05-01");
    assert_eq!(end_of_life(scans(&parse(text.as_bytes()).unwrap())[0]), None);
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`matches[0].artifact.locations`"), "{error}");
}
