//! The mapping of Dependency-Track's findings, data in, data out.

use domain::finding::Verdict;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

/// Purl and vulnerability of each finding.
fn told(scan: &Scan) -> Vec<(&str, &str)> {
    let pair = |finding| {
        Some((scan.component_of(finding)?.purl.as_str(), scan.vulnerability_of(finding)?.id.as_str()))
    };
    scan.findings.iter().filter_map(pair).collect()
}

#[test]
fn a_project_without_findings_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.tool.version.as_deref()), ("dependency-track", Some("4.14.0")));
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30Z"));
    assert_eq!(scan.target, Target::Other { kind: "project".to_owned(), name: "shop 1.4".to_owned() });
    assert_eq!((scan.findings.len(), scan.covers.len(), parsed.warnings.len()), (0, 1, 0));
}

#[test]
fn reads_a_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!(image.references[0].to_string(), "registry.example.com/shop/api:1.4");
    assert_eq!(told(scan), [("pkg:deb/debian/libdemo1@1:2.0-1", "CVE-2025-10001")]);
    assert_eq!(scan.components[0].source.as_ref().unwrap().name, "demo");
    assert_eq!((scan.findings[0].severity, &scan.findings[0].verdict), (Severity::High, &Verdict::Affected));
    let record = &scan.vulnerabilities[0];
    assert_eq!(
        (record.aliases[0].as_str(), record.weaknesses.join(" ").as_str()),
        ("GHSA-aaaa-bbbb-cccc", "CWE-125 CWE-787")
    );
    assert_eq!((record.cvss[0].source.as_str(), record.cvss[0].stated), ("github", Some(8.1)));
    assert_eq!(record.threat.unwrap().epss, Some(0.25));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn what_people_set_aside_is_kept() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(
        told(scan),
        [
            ("pkg:npm/left@1.0.0", "NPM-533"),
            ("pkg:npm/left@1.0.0", "CVE-2025-10002"),
            ("pkg:generic/org.example/right@2.0", "CVE-2025-10003"),
        ]
    );
    let verdicts: Vec<&Verdict> = scan.findings.iter().map(|finding| &finding.verdict).collect();
    assert_eq!(verdicts[0], &Verdict::Suppressed("suppressed".to_owned()));
    assert_eq!(verdicts[1], &Verdict::Suppressed("false positive: Never called.".to_owned()));
    assert_eq!((verdicts[2], scan.findings[1].severity), (&Verdict::Affected, Severity::Unknown));
    let warned: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!((parsed.entries, warned), (4, vec!["findings[2]", "findings[3]"]));
}

#[test]
fn a_bare_list_names_no_project() {
    let parsed = parse(include_bytes!("fixtures/v1_many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((&scan.target, scan.scanned_at), (&Target::Unstated, None));
    assert_eq!(told(scan), [("pkg:maven/org.example/left@1.0", "00000000-0000-0000-0000-00000000000a")]);
    assert_eq!(scan.vulnerabilities[0].weaknesses, ["CWE-79"]);
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`findings[0].vulnerability.aliases`"), "{error}");
}
