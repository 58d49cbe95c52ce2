//! The mapping of pip-audit's report, data in, data out.

use domain::finding::FindingClass;
use domain::scan::{Scan, Target};

use super::parse;
use crate::test_support::scans;

/// Purl, vulnerability and fixed versions of each finding.
fn told(scan: &Scan) -> Vec<(&str, &str, String)> {
    let told = scan.findings.iter().filter_map(|finding| {
        let (component, record) = (scan.component_of(finding)?, scan.vulnerability_of(finding)?);
        Some((component.purl.as_str(), record.id.as_str(), finding.fix.versions.join(" ")))
    });
    told.collect()
}

#[test]
fn a_report_without_findings_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), &scan.target), ("pip-audit", &Target::Unstated));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Vulnerability]);
    assert!(scan.findings.is_empty() && scan.partial.is_none() && parsed.warnings.is_empty());
}

#[test]
fn one_has_every_field() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(told(scan), [("pkg:pypi/left-pad@3.6.2", "PYSEC-2030-1", "3.7.4".to_owned())]);
    let record = &scan.vulnerabilities[0];
    let aliases: Vec<&str> = record.aliases.iter().map(|id| id.as_str()).collect();
    assert_eq!(aliases, ["CVE-2030-0001", "GHSA-aaaa-bbbb-cccc"]);
    assert_eq!(record.description.as_deref(), Some("It pads without end."));
    assert_eq!((parsed.entries, parsed.warnings.len()), (1, 0));
}

#[test]
fn many_is_not_whole_where_packages_were_skipped() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(parsed.entries, 4);
    assert_eq!(
        told(scan),
        [
            ("pkg:pypi/left-pad@3.6.2", "PYSEC-2030-1", String::new()),
            ("pkg:pypi/left-pad@3.6.2", "CVE-2030-0002", "4.0 5.0".to_owned()),
        ]
    );
    assert_eq!(scan.partial.as_deref(), Some("1 packages were not audited"));
    let at: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!(at, ["dependencies[0].vulns[2]", "dependencies[1]", "dependencies[2]"]);
}

#[test]
fn an_array_was_written_before() {
    let parsed = parse(include_bytes!("fixtures/v1_many.json")).unwrap();
    assert_eq!(told(scans(&parsed)[0]), [("pkg:pypi/left-pad@3.6.2", "PYSEC-2030-1", "3.7.4".to_owned())]);
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`dependencies[0].vulns`"), "{error}");
}
