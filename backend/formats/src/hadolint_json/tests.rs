//! The mapping of Hadolint's JSON, data in, data out.

use domain::finding::Subject;
use domain::scan::Target;
use domain::severity::Severity;

use super::{parse, recognise};
use crate::Head;
use crate::test_support::scans;

#[test]
fn rules_that_are_ignored_are_no_findings() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((parsed.entries, scan.findings.len(), scan.covers.len()), (0, 0, 1));
    assert_eq!(parsed.warnings[0].message, "a rule that is set to be ignored was passed over");
}

#[test]
fn one_rule_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((&scan.target, scan.tool.name.as_str()), (&Target::Unstated, "hadolint"));
    let finding = &scan.findings[0];
    let subject = Subject::Misconfiguration {
        check: "DL3008".to_owned(),
        path: "shop/Dockerfile".to_owned(),
        resource: None,
        line: Some(9),
    };
    assert_eq!((&finding.subject, finding.severity), (&subject, Severity::Medium));
    assert_eq!(finding.title.as_deref(), Some("Pin versions of demo packages"));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn every_level() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let levels: Vec<Severity> = scans(&parsed)[0].findings.iter().map(|finding| finding.severity).collect();
    assert_eq!(levels, [Severity::High, Severity::Low, Severity::Low, Severity::Unknown]);
    let lines: Vec<Option<u64>> = scans(&parsed)[0]
        .findings
        .iter()
        .map(|finding| match &finding.subject {
            Subject::Misconfiguration { line, .. } => *line,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(lines, [Some(3), Some(12), None, Some(1)]);
    let warned: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!((parsed.entries, warned), (5, vec!["[4]"]));
}

#[test]
fn lists_of_other_tools_are_left_to_them() {
    let claims = |text: &str| recognise(&Head::new(text.as_bytes()));
    let shellcheck = r#"[{"file":"a","line":1,"column":1,"level":"info","code":2086,"message":"demo"}]"#;
    assert!(!claims(shellcheck) && !claims("[]"));
    assert!(claims(&shellcheck.replace("2086", "\"SC2086\"")));
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`[1].line`"), "{error}");
}
