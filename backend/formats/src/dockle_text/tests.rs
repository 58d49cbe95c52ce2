//! The mapping of what Dockle prints, data in, data out.

use domain::finding::{Subject, Verdict};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

fn told(scan: &Scan) -> Vec<(&str, &str, &str)> {
    let told = scan.findings.iter().map(|finding| {
        let Subject::Misconfiguration { check, .. } = &finding.subject else {
            panic!("{:?}", finding.subject)
        };
        (check.as_str(), finding.severity_word.as_str(), finding.title.as_deref().unwrap_or_default())
    });
    told.collect()
}

#[test]
fn checks_that_passed_are_no_findings() {
    let parsed = parse(include_bytes!("fixtures/none.txt")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((parsed.entries, scan.findings.len(), &scan.partial), (0, 0, &None));
}

#[test]
fn one_check_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.txt")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((&scan.target, scan.tool.name.as_str()), (&Target::Unstated, "dockle"));
    let title = "Create a user for the container: Last user should not be root";
    assert_eq!(told(scan), [("CIS-DI-0001", "WARN", title)]);
    assert_eq!(scan.findings[0].severity, Severity::Medium);
    assert!(parsed.warnings.is_empty());
}

#[test]
fn colours_say_nothing() {
    let parsed = parse(include_bytes!("fixtures/many.txt")).unwrap();
    let scan = scans(&parsed)[0];
    let expected = [
        (
            "CIS-DI-0010",
            "FATAL",
            "Do not store secrets: Suspicious filename found : app/.env.demo (and 1 more)",
        ),
        ("CIS-DI-0005", "INFO", "Enable Content trust for Docker: export DOCKER_CONTENT_TRUST=1"),
        ("DKL-DI-0006", "IGNORE", "Avoid latest tag"),
    ];
    assert_eq!(told(scan), expected);
    assert!(matches!(scan.findings[2].verdict, Verdict::Suppressed(_)));
    assert_eq!(scan.partial.as_deref(), Some("checks that could not be made: DKL-LI-0001"));
    let warned: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!((parsed.entries, warned), (3, vec!["line 10"]));
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.txt")).unwrap_err().to_string();
    assert!(error.contains("dockle-text") && error.contains("`line 2`"), "{error}");
}
