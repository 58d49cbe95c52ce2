//! The mapping of Clair v4's reports, data in, data out.

use domain::finding::FindingClass;
use domain::fix::FixState;
use domain::image::DigestRole;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

fn purls(scan: &Scan) -> Vec<&str> {
    scan.components.iter().map(|component| component.purl.as_str()).collect()
}

#[test]
fn a_manifest_that_nothing_matches_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.findings.len(), &scan.partial), ("clair", 0, &None));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Vulnerability]);
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!(image.digests[0].0, DigestRole::Manifest);
    let distribution = image.distribution.as_ref().unwrap();
    assert_eq!((distribution.family.as_str(), distribution.version.as_deref()), ("debian", Some("12")));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn reads_a_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "High"));
    assert_eq!(
        (finding.fix.state, finding.fix.versions.join(" ").as_str()),
        (FixState::Fixed, "1:2.0-1+deb12u1")
    );
    let component = scan.component_of(finding).unwrap();
    assert_eq!(component.purl.as_str(), "pkg:deb/debian/libdemo1@1:2.0-1");
    let source = component.source.as_ref().unwrap();
    assert_eq!((source.name.as_str(), source.version.as_deref()), ("demo", Some("2.0-1")));
    let record = scan.vulnerability_of(finding).unwrap();
    assert_eq!((record.cvss[0].source.as_str(), record.cvss[0].stated), ("nvd", Some(9.8)));
    let threat = record.threat.unwrap();
    assert_eq!((threat.epss, threat.stated_at), (Some(0.1), crate::time::parse("2026-02-02")));
    assert_eq!(record.published_at, crate::time::parse("2025-06-01"));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn an_advisory_is_each_vulnerability_that_it_covers() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    let found: Vec<(&str, &str, usize)> = scan
        .findings
        .iter()
        .map(|finding| {
            let record = scan.vulnerability_of(finding).unwrap();
            (scan.component_of(finding).unwrap().name.as_str(), record.id.as_str(), record.related.len())
        })
        .collect();
    assert_eq!(
        found,
        [
            ("demo-libs", "CVE-2025-10002", 1),
            ("demo-libs", "CVE-2025-10003", 1),
            ("demo-libs", "CVE-2025-10004", 0),
            ("go.example.org/demo", "GHSA-aaaa-bbbb-cccc", 0),
            ("left", "GHSA-aaaa-bbbb-cccc", 0),
            ("Demo_py", "pyup.io-1", 0),
            ("mystery", "CVE-2025-10004", 0),
            ("demo-tools", "CVE-2025-10004", 0),
        ]
    );
    assert!(scan.vulnerabilities[0].cvss.is_empty(), "nothing says whose score it is");
    assert_eq!(scan.vulnerabilities[0].published_at, None);
    let aliases: Vec<usize> = scan.vulnerabilities.iter().map(|record| record.aliases.len()).collect();
    assert_eq!(aliases, [0, 0, 0, 1, 1]);
    assert_eq!(parsed.entries, 10);
}

#[test]
fn where_a_package_was_found_tells_its_ecosystem() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(
        purls(scan),
        [
            "pkg:rpm/redhat/demo-libs@3.0.7-18.el9?epoch=1",
            "pkg:golang/go.example.org/demo@0.1.0",
            "pkg:npm/left@1.0.0",
            "pkg:pypi/demo-py@2.0",
            "pkg:generic/mystery@1",
            "pkg:rpm/redhat/demo-tools@2.1-3.el9",
        ]
    );
    assert_eq!(scan.components[1].paths, ["usr/bin/demo"]);
    assert_eq!(scan.components[2].paths, ["app/node_modules/left/package.json"]);
    assert!(scan.components[0].paths.is_empty());
    let ghsa = &scan.vulnerabilities[3];
    assert_eq!(ghsa.cvss[0].source, "clair", "a vector in place of a severity is kept");
    assert_eq!(scan.findings[3].fix.versions, ["0.2.0"]);
}

#[test]
fn what_leads_nowhere_is_told() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let told: Vec<String> =
        parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect();
    assert_eq!(
        told,
        [
            "enrichments: scores could not be read and were passed over",
            "package_vulnerabilities.1: a match whose vulnerability neither name nor links identify was skipped",
            "package_vulnerabilities.3: a match with a vulnerability that is not in the report was skipped",
            "package_vulnerabilities.5: nothing tells the ecosystem of a package, so it is known by name alone",
            "package_vulnerabilities.6: matches of a package without a name, or not in the report, were skipped",
        ]
    );
}

#[test]
fn reports_may_stand_one_after_another() {
    let parsed = parse(include_bytes!("fixtures/pages.ndjson")).unwrap();
    assert_eq!((scans(&parsed).len(), parsed.entries), (2, 2));
    assert_ne!(scans(&parsed)[0].target, scans(&parsed)[1].target);
}

#[test]
fn a_report_of_an_index_is_not_taken_for_a_clean_one() {
    let index = br#"{"manifest_hash":"","packages":{},"environments":{}}"#;
    let error = parse(index).unwrap_err().to_string();
    assert!(error.contains("package_vulnerabilities"), "{error}");
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`environments"), "{error}");
}
