//! The mapping of Popeye's reports, data in, data out.

use domain::finding::{FindingClass, Subject};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

fn target(scan: &Scan) -> (&str, &str) {
    match &scan.target {
        Target::Other { kind, name } => (kind.as_str(), name.as_str()),
        Target::Unstated => ("", ""),
        other => panic!("{other:?}"),
    }
}

fn checks(scan: &Scan) -> Vec<(&str, &str, Severity)> {
    let checks = scan.findings.iter().map(|finding| match &finding.subject {
        Subject::Misconfiguration { check, path, resource, line: None } if path.is_empty() => {
            (check.as_str(), resource.as_deref().unwrap_or_default(), finding.severity)
        }
        other => panic!("{other:?}"),
    });
    checks.collect()
}

#[test]
fn objects_without_issues_are_looked_at() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scans = scans(&parsed);
    let found: Vec<_> = scans.iter().map(|scan| (target(scan), scan.findings.len())).collect();
    assert_eq!(found, [(("cluster", "demo"), 0), (("Pod", "shop/api-1"), 0)]);
    assert!(scans.iter().all(|scan| scan.covers.contains(&FindingClass::Misconfiguration)));
    assert!(scans.iter().all(|scan| scan.partial.is_some()));
    assert_eq!((parsed.tool.unwrap().name.as_str(), parsed.entries), ("popeye", 0));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn one_issue_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(target(scan), ("Deployment", "shop/api"));
    assert_eq!(checks(scan), [("POP-106", "api", Severity::Medium)]);
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30Z"));
    let finding = &scan.findings[0];
    assert_eq!(finding.severity_word, "warn");
    assert_eq!(finding.title.as_deref(), Some("Neither requests nor limits are set"));
    assert_eq!((parsed.entries, parsed.warnings.len()), (1, 0));
}

#[test]
fn every_level_of_every_object() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let found: Vec<_> = scans(&parsed).into_iter().map(|scan| (target(scan), checks(scan))).collect();
    let expected = [
        (
            ("Pod", "shop/api-1"),
            vec![
                ("POP-100", "api", Severity::Medium),
                ("POP-208", "", Severity::Low),
                ("POP-302", "side", Severity::High),
                ("POP-999", "", Severity::Unknown),
            ],
        ),
        (("ciliumidentities", "1234"), vec![("POP-1600", "", Severity::Low)]),
        (("Secret", "shop/key"), vec![]),
        (("cluster", "demo"), vec![("POP-405", "Version", Severity::Medium)]),
    ];
    assert_eq!((found.as_slice(), parsed.entries), (expected.as_slice(), 7));
    let told: Vec<(&str, &str)> =
        parsed.warnings.iter().map(|warning| (warning.at.as_str(), warning.message.as_str())).collect();
    let expected = [
        ("popeye.sections[0].issues.shop/api-1", "an issue without a code was skipped"),
        ("popeye.errors", "Popeye could not look at everything"),
    ];
    assert_eq!(told, expected);
}

#[test]
fn sanitizers_are_the_sections_of_old() {
    let parsed = parse(include_bytes!("fixtures/v0_many.json")).unwrap();
    let found: Vec<_> = scans(&parsed).into_iter().map(|scan| (target(scan), checks(scan))).collect();
    let expected = [
        (("", ""), vec![("POP-405", "Version", Severity::Medium)]),
        (("DaemonSet", "shop/agent"), vec![("POP-108", "agent", Severity::Low)]),
    ];
    assert_eq!((found.as_slice(), parsed.entries), (expected.as_slice(), 2));
}

#[test]
fn a_report_without_sections_says_nothing() {
    let parsed = parse(br#"{"popeye":{"score":0,"grade":"F","sections":null}}"#).unwrap();
    assert_eq!((parsed.observations.len(), parsed.entries, parsed.warnings.len()), (0, 0, 1));
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`popeye.sections[0]"), "{error}");
}
