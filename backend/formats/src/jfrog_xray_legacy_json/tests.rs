//! The mapping of Xray's old exports, data in, data out.

use domain::finding::FindingClass;
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
fn an_export_without_entries_is_a_clean_scan_of_what_it_was_handed_in_for() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(
        (scan.tool.name.as_str(), &scan.target, &scan.partial),
        ("jfrog-xray", &Target::Unstated, &None)
    );
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Vulnerability]);
    assert!(scan.findings.is_empty() && parsed.warnings.is_empty());
}

#[test]
fn one_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(told(scan), [("pkg:deb/debian/libdemo1@2:1.6-3", "CVE-2019-10001")]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.fix.versions.join(" ")), (Severity::High, "2:1.6-4".to_owned()));
    let record = &scan.vulnerabilities[0];
    assert_eq!((record.aliases.len(), record.weaknesses.join(" ")), (0, "CWE-125".to_owned()));
    assert_eq!(record.cvss.iter().map(|score| score.stated).collect::<Vec<_>>(), [Some(9.8), Some(7.5)]);
    assert_eq!(record.modified_at, crate::time::parse("2019-05-14T00:21:16Z"));
    assert_eq!(record.description.as_deref(), Some("It reads past its buffer."));
}

#[test]
fn a_cut_export_is_not_whole_and_tells_what_it_skips() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert!(scan.partial.is_some());
    assert_eq!(parsed.entries, 5);
    assert_eq!(told(scan)[1..], [("pkg:deb/debian/libdemo3", "CVE-2019-10003")]);
    let warned: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!(warned, ["data[1]", "data[4]", "data[3]"]);
}

#[test]
fn says_where_an_export_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`data[0].component_versions`"), "{error}");
}
