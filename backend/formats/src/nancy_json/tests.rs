//! The mapping of nancy's report, data in, data out.

use domain::finding::{FindingClass, Verdict};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

/// Purl, vulnerability and whether each finding counts.
fn told(scan: &Scan) -> Vec<(&str, &str, bool)> {
    let told = scan.findings.iter().filter_map(|finding| {
        let (component, record) = (scan.component_of(finding)?, scan.vulnerability_of(finding)?);
        Some((component.purl.as_str(), record.id.as_str(), finding.verdict == Verdict::Affected))
    });
    told.collect()
}

#[test]
fn a_report_without_findings_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.tool.version.as_deref()), ("nancy", Some("1.0.46")));
    assert_eq!(scan.target, Target::Unstated);
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Vulnerability]);
    assert!(scan.findings.is_empty() && scan.partial.is_none() && parsed.warnings.is_empty());
}

#[test]
fn one_has_every_field() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(told(scan), [("pkg:golang/example.org/left@0.1.0", "CVE-2030-0001", true)]);
    assert_eq!((parsed.entries, scan.findings[0].severity), (1, Severity::Medium));
    let record = &scan.vulnerabilities[0];
    assert_eq!(record.title.as_deref(), Some("[CVE-2030-0001] Open redirect"));
    assert_eq!((record.cvss[0].source.as_str(), record.cvss[0].stated), ("ossindex", Some(6.1)));
    assert_eq!(record.references, ["https://index.example/vuln/1"]);
    assert!(parsed.warnings.is_empty());
}

#[test]
fn many_sets_aside_what_was_excluded() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(parsed.entries, 5);
    assert_eq!(
        told(scan),
        [
            ("pkg:golang/example.org/left@0.1.0", "CVE-2030-0001", true),
            ("pkg:golang/example.org/left@0.1.0", "00000000-0000-4000-8000-000000000002", false),
            ("pkg:golang/example.org/right@2.0.0", "CVE-2030-0003", false),
        ]
    );
    assert_eq!(scan.partial.as_deref(), Some("1 modules have no version that nancy could audit"));
    let at: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!(at, ["invalid", "vulnerable[0]", "vulnerable[1]", "vulnerable[1]"]);
    assert_eq!(parsed.skipped, 2);
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`audited[0].Vulnerabilities`"), "{error}");
}
