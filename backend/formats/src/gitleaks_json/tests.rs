//! The mapping of Gitleaks' reports, data in, data out.

use domain::finding::{FindingClass, Subject};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::Head;
use crate::test_support::scans;

/// Findings in one line each: rule, file, line, what tells them apart.
fn lines(scan: &Scan) -> Vec<String> {
    let line = |finding: &domain::finding::ReportedFinding| match &finding.subject {
        Subject::Secret { rule, path, line } => {
            format!("{rule} {path} {} {}", line.unwrap_or(0), finding.location.as_deref().unwrap_or("-"))
        }
        other => panic!("{other:?}"),
    };
    scan.findings.iter().map(line).collect()
}

#[test]
fn entries_that_say_nothing_are_no_findings() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((parsed.entries, scan.findings.len(), &scan.target), (0, 0, &Target::Unstated));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Secret]);
    assert_eq!(parsed.warnings[0].message, "an entry that names neither rule nor file was skipped");
}

#[test]
fn keeps_where_a_secret_is_and_never_what_it_is() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(lines(scan), ["demo-token deploy/api.env 7 deploy/api.env:demo-token:7"]);
    let finding = &scan.findings[0];
    assert_eq!(finding.title.as_deref(), Some("Found a token of Demo."));
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::Unknown, ""));
    assert_eq!((scan.tool.name.as_str(), &scan.target), ("gitleaks", &Target::Unstated));
    assert!(parsed.warnings.is_empty() && !format!("{parsed:?}").contains("hunter2"));
}

#[test]
fn a_secret_in_several_commits_is_listed_for_each() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let first = "1111111111111111111111111111111111111111";
    assert_eq!(
        lines(scans(&parsed)[0]),
        [
            format!("demo-token src/a.py 3 {first}:src/a.py:demo-token:3"),
            "demo-token src/a.py 3 2222222222222222222222222222222222222222".to_owned(),
            "private-key  0 -".to_owned(),
            " src/b.py 0 -".to_owned(),
        ]
    );
    assert_eq!((parsed.entries, parsed.warnings.len()), (4, 0));
}

#[test]
fn old_releases_name_the_repository() {
    let parsed = parse(include_bytes!("fixtures/v7_many.json")).unwrap();
    let scans = scans(&parsed);
    let targets: Vec<&Target> = scans.iter().map(|scan| &scan.target).collect();
    let repository = |name: &str| Target::Other { kind: "repository".to_owned(), name: name.to_owned() };
    assert_eq!(targets, [&repository("https://git.example.com/shop/api"), &repository("web")]);
    assert_eq!(
        lines(scans[0]),
        [
            "Demo Token config/a.yml 12 3333333333333333333333333333333333333333",
            "Demo Token config/b.yml 1 -"
        ]
    );
    assert!(!format!("{parsed:?}").contains("hunter2"));
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`[0].RuleID`"), "{error}");
}

#[test]
fn lists_of_other_tools_are_refused() {
    for text in [
        "[]",
        r#"[{"RuleID":"a","StartLine":1}]"#,
        r#"[{"rule":"a","lineNumber":1}]"#,
        r#"{"RuleID":"a","StartLine":1,"Match":"b"}"#,
    ] {
        assert!(!super::recognise(&Head::new(text.as_bytes())), "{text}");
    }
}
