//! The mapping of what `wizcli iac scan` writes, data in, data out.

use domain::finding::{FindingClass, Subject};
use domain::scan::Target;
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

#[test]
fn policies_tell_what_was_looked_for() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((parsed.entries, scan.findings.len(), &scan.target), (0, 0, &Target::Unstated));
    let classes = [&FindingClass::Secret, &FindingClass::Misconfiguration];
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), classes);
    assert_eq!((scan.scanned_at, &scan.partial), (crate::time::parse("2026-02-03T10:20:30.5Z"), &None));
}

#[test]
fn one_place_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(scan.tool.name, "wiz");
    let finding = &scan.findings[0];
    let subject = Subject::Misconfiguration {
        check: "00000000-1111-2222-3333-444444444444".to_owned(),
        path: "docker-compose.yml".to_owned(),
        resource: Some("api".to_owned()),
        line: Some(12),
    };
    assert_eq!((&finding.subject, finding.severity), (&subject, Severity::High));
    assert_eq!(finding.title.as_deref(), Some("Container runs as root"));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn secrets_are_told_without_what_they_are() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    let secret = scan.findings.last().unwrap();
    let subject = Subject::Secret {
        rule: "PASSWORD".to_owned(),
        path: "docker-compose.yml".to_owned(),
        line: Some(58),
    };
    assert_eq!(secret.subject, subject);
    assert_eq!(secret.title.as_deref(), Some("Passwords And Secrets - Password in URL"));
    assert!(!format!("{parsed:?}").contains("demo-user"));
}

#[test]
fn rules_without_places_and_scans_that_failed() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.findings.len(), parsed.entries), (4, 5));
    assert_eq!(scan.partial.as_deref(), Some("the scan ended as FAILED"));
    let nowhere = &scan.findings[2].subject;
    let named = |check: &str| check == "Demo rule";
    assert!(matches!(nowhere, Subject::Misconfiguration { check, line: None, .. } if named(check)));
    assert_eq!(parsed.warnings[0].at, "result.ruleMatches[2].matches[0]");
}

#[test]
fn says_where_a_document_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`result.ruleMatches[0].matches`"), "{error}");
}
