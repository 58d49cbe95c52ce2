//! The mapping of what Docker Bench prints, data in, data out.

use domain::finding::Subject;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;
use crate::time;

fn told(scan: &Scan) -> Vec<(&str, &str, &str)> {
    let told = scan.findings.iter().map(|finding| {
        let Subject::Misconfiguration { check, resource, .. } = &finding.subject else {
            panic!("{:?}", finding.subject)
        };
        (check.as_str(), resource.as_deref().unwrap_or_default(), finding.severity_word.as_str())
    });
    told.collect()
}

fn name(scan: &Scan) -> String {
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    image.references[0].to_string()
}

#[test]
fn checks_that_passed_are_no_findings() {
    let parsed = parse(include_bytes!("fixtures/none.txt")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((parsed.observations.len(), parsed.entries, scan.findings.len()), (1, 0, 0));
    assert_eq!((scan.tool.version.as_deref(), &scan.partial), (Some("1.6.0"), &None));
    assert_eq!(scan.target, Target::Other { kind: "host".to_owned(), name: "Docker".to_owned() });
}

#[test]
fn one_image_that_fails() {
    let parsed = parse(include_bytes!("fixtures/one.txt")).unwrap();
    let scans = scans(&parsed);
    assert_eq!((scans.len(), scans[0].findings.len(), parsed.entries), (2, 0, 1));
    assert_eq!(name(scans[1]), "ghcr.io/shop/api:1.4.0");
    let finding = &scans[1].findings[0];
    assert_eq!((told(scans[1]), finding.severity), (vec![("4.6", "", "WARN")], Severity::Medium));
    let title = "Ensure that HEALTHCHECK instructions have been added (Automated)";
    assert_eq!(finding.title.as_deref(), Some(title));
    assert_eq!(scans[1].scanned_at, time::parse("2026-02-03T09:20:30Z"));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn hosts_images_and_containers() {
    let parsed = parse(include_bytes!("fixtures/many.txt")).unwrap();
    let scans = scans(&parsed);
    let host = [
        ("1.1.1", "", "WARN"),
        ("3.15", "", "WARN"),
        ("4.5", "", "WARN"),
        ("5.9", "3003 in web-1", "WARN"),
        ("5.9", "3004 in web-1", "WARN"),
        ("5.27", "web-1", "WARN"),
    ];
    assert_eq!(told(scans[0]), host);
    let title =
        "Ensure that the socket file ownership is set (Automated): Wrong ownership for /run/demo.sock";
    assert_eq!(scans[0].findings[1].title.as_deref(), Some(title));
    assert_eq!(told(scans[1]), [("4.6", "", "WARN"), ("4.9", "", "INFO")]);
    assert_eq!(
        (told(scans[2]), name(scans[2])),
        (vec![("4.6", "", "WARN")], "docker.io/library/web:latest".to_owned())
    );
    let warned: Vec<&str> = parsed.warnings.iter().map(|warning| warning.message.as_str()).collect();
    let unread = "the name of an image cannot be read";
    assert_eq!(
        (parsed.entries, warned),
        (9, vec![unread, "a warning without the number of a check was passed over"])
    );
}

#[test]
fn a_report_that_was_cut_closes_nothing() {
    let parsed = parse(include_bytes!("fixtures/v1_many.txt")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(told(scan), [("1.1", "", "WARN"), ("6.1", "", "WARN")]);
    assert_eq!(scan.partial.as_deref(), Some("the report ends before its score"));
    assert_eq!(scan.scanned_at, time::parse("2026-02-03T09:20:30Z"));
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.txt")).unwrap_err().to_string();
    assert!(error.contains("docker-bench-text") && error.contains("expected checks"), "{error}");
}
