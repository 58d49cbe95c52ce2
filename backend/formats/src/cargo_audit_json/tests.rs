//! The mapping of cargo-audit's report, data in, data out.

use domain::finding::FindingClass;
use domain::fix::FixState;
use domain::scan::{Scan, Target};

use super::parse;
use crate::test_support::scans;

/// Purl, vulnerability and fix of each finding.
fn told(scan: &Scan) -> Vec<(&str, &str, FixState, String)> {
    let told = scan.findings.iter().filter_map(|finding| {
        let (component, record) = (scan.component_of(finding)?, scan.vulnerability_of(finding)?);
        let versions = finding.fix.versions.join(" | ");
        Some((component.purl.as_str(), record.id.as_str(), finding.fix.state, versions))
    });
    told.collect()
}

#[test]
fn a_report_without_findings_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), &scan.target), ("cargo-audit", &Target::Unstated));
    assert_eq!(scan.database_at, crate::time::parse("2030-02-03T04:05:06Z"));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Vulnerability]);
    assert!(scan.findings.is_empty() && parsed.warnings.is_empty() && parsed.entries == 0);
}

#[test]
fn one_has_every_field() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(
        told(scan),
        [(
            "pkg:cargo/left@0.4.7",
            "RUSTSEC-2030-0001",
            FixState::Fixed,
            ">=1.1.0 | >=0.4.8, <0.5.0".to_owned()
        )]
    );
    let record = &scan.vulnerabilities[0];
    assert_eq!(record.aliases.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["CVE-2030-0001"]);
    assert_eq!(record.title.as_deref(), Some("left pads too much"));
    assert_eq!((record.cvss[0].source.as_str(), record.references.len()), ("rustsec", 2));
    assert_eq!(record.published_at, crate::time::parse("2030-01-02"));
    assert_eq!((parsed.entries, parsed.warnings.len()), (1, 0));
}

#[test]
fn many_sets_aside_what_is_no_vulnerability() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(parsed.entries, 8);
    assert_eq!(
        told(scan),
        [
            ("pkg:cargo/left@0.4.7", "RUSTSEC-2030-0001", FixState::NotFixed, String::new()),
            ("pkg:cargo/left@0.5.0", "RUSTSEC-2030-0001", FixState::Unknown, String::new()),
            ("pkg:cargo/right@1.0.0", "RUSTSEC-2030-0002", FixState::Fixed, ">=1.0.1".to_owned()),
        ]
    );
    assert_eq!((scan.vulnerabilities[1].aliases.len(), scan.vulnerabilities[1].related.len()), (0, 2));
    let warnings: Vec<String> =
        parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect();
    assert_eq!(
        warnings,
        [
            "vulnerabilities.list[3]: an advisory without a crate was skipped",
            "vulnerabilities.list[4]: an advisory without a usable id was skipped",
            "warnings: 2 findings of the kind `unmaintained` were set aside: they tell of the crate, not of a vulnerability",
            "warnings: 1 finding of the kind `yanked` was set aside: they tell of the crate, not of a vulnerability",
        ]
    );
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`vulnerabilities.list[0].advisory.aliases`"), "{error}");
}
