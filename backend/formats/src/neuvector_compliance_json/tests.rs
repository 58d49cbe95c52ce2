//! The mapping of NeuVector's compliance reports, data in, data out.

use domain::finding::Subject;
use domain::scan::Target;
use domain::severity::Severity;

use super::parse;
use crate::test_support::{messages, scans};

#[test]
fn a_report_without_checks_says_nothing() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert!(parsed.observations.is_empty());
    assert_eq!(messages(&parsed), ["there are no checks, so nothing is recorded as checked"]);
}

#[test]
fn one_check_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), &scan.target), ("neuvector", &Target::Unstated));
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30Z"));
    assert!(scan.partial.is_some(), "nothing tells what it is of");
    let finding = &scan.findings[0];
    let subject = Subject::Misconfiguration {
        check: "D.4.1".to_owned(),
        path: String::new(),
        resource: Some("container".to_owned()),
        line: None,
    };
    assert_eq!((&finding.subject, finding.severity), (&subject, Severity::Medium));
    assert_eq!(finding.title.as_deref(), Some("Ensure that a user is made"));
    assert_eq!((parsed.entries, parsed.warnings.len()), (1, 0));
}

#[test]
fn only_what_failed_is_found() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    assert_eq!((scans(&parsed)[0].findings.len(), parsed.entries), (2, 3));
    assert_eq!(
        messages(&parsed),
        [
            "a check is left to people, which says neither yes nor no (2 times)",
            "a check without an id was skipped",
            "a check of the unknown level `PERHAPS` was passed over",
        ]
    );
    assert!(!format!("{parsed:?}").contains("demo-answer"));
}

#[test]
fn says_where_a_document_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`items`"), "{error}");
}
