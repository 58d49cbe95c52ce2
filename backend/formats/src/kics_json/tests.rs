//! The mapping of KICS' JSON, data in, data out.

use domain::finding::{FindingClass, Subject};
use domain::scan::Target;
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

#[test]
fn a_report_without_queries_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((parsed.entries, scan.findings.len(), &scan.partial), (0, 0, &None));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Misconfiguration]);
}

#[test]
fn one_place_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.tool.version.as_deref()), ("kics", Some("2.1.3")));
    assert_eq!(scan.target, Target::Other { kind: "directory".to_owned(), name: "/work/shop".to_owned() });
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:40Z"));
    let finding = &scan.findings[0];
    let subject = Subject::Misconfiguration {
        check: "00000000-1111-2222-3333-444444444444".to_owned(),
        path: "shop/Dockerfile".to_owned(),
        resource: Some("FROM={{demo:1}}".to_owned()),
        line: Some(1),
    };
    assert_eq!((&finding.subject, finding.severity), (&subject, Severity::Critical));
    assert_eq!(finding.title.as_deref(), Some("Missing User Instruction"));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn places_of_every_severity() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    let told: Vec<(Severity, String)> = scan
        .findings
        .iter()
        .map(|finding| match &finding.subject {
            Subject::Misconfiguration { resource, .. } => {
                (finding.severity, resource.clone().unwrap_or_default())
            }
            Subject::Secret { path, .. } => (finding.severity, path.clone()),
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [
        (Severity::High, "main.tf"),
        (Severity::Medium, "RUN=demo"),
        (Severity::Medium, "RUN=sample"),
        (Severity::Low, "demo_bucket.shop"),
        (Severity::Low, ""),
    ];
    assert_eq!(told, expected.map(|(severity, text)| (severity, text.to_owned())));
    assert_eq!(scan.partial.as_deref(), Some("files that failed: 1; queries that failed: 0"));
    assert_eq!((&scan.target, parsed.entries), (&Target::Unstated, 6));
    let warned: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!(warned, ["queries[4].files[0]", "bill_of_materials"]);
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`queries[0].files`"), "{error}");
}
