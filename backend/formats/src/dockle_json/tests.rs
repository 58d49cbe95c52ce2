//! The mapping of Dockle's JSON, data in, data out.

use domain::finding::{Subject, Verdict};
use domain::scan::Target;
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

#[test]
fn an_image_that_passes_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((parsed.entries, scan.findings.len(), scan.covers.len()), (0, 0, 1));
    assert_eq!((&scan.partial, parsed.warnings.len()), (&None, 0));
}

#[test]
fn one_check_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!(image.references[0].to_string(), "ghcr.io/shop/api:latest");
    let finding = &scan.findings[0];
    let subject = Subject::Misconfiguration {
        check: "CIS-DI-0001".to_owned(),
        path: String::new(),
        resource: None,
        line: None,
    };
    assert_eq!((&finding.subject, finding.severity), (&subject, Severity::Medium));
    let title = "Create a user for the container: Last user should not be root";
    assert_eq!((finding.title.as_deref(), &finding.verdict), (Some(title), &Verdict::Affected));
}

#[test]
fn every_level() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    let told: Vec<(&str, Severity)> =
        scan.findings.iter().map(|finding| (finding.severity_word.as_str(), finding.severity)).collect();
    assert_eq!(
        told,
        [
            ("FATAL", Severity::High),
            ("INFO", Severity::Low),
            ("IGNORE", Severity::Unknown),
            ("ODD", Severity::Unknown)
        ]
    );
    assert_eq!(scan.findings[1].title.as_deref(), Some("setuid file: urwxr-xr-x bin/demo (and 2 more)"));
    assert_eq!(scan.findings[2].verdict, Verdict::Suppressed("ignored in Dockle".to_owned()));
    assert_eq!(scan.partial.as_deref(), Some("checks that could not be made: DKL-LI-0001"));
    assert_eq!(scan.target, Target::Other { kind: "archive".to_owned(), name: "api.tar".to_owned() });
    assert_eq!((parsed.entries, parsed.warnings[0].at.as_str()), (5, "details[4]"));
}

#[test]
fn old_versions_name_no_image() {
    let parsed = parse(include_bytes!("fixtures/v0_many.json")).unwrap();
    assert_eq!((&scans(&parsed)[0].target, parsed.entries), (&Target::Unstated, 2));
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`details[0].alerts`"), "{error}");
}
