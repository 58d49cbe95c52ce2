//! The mapping of Sysdig's tables, data in, data out.

use domain::finding::Verdict;
use domain::fix::FixState;
use domain::image::DigestRole;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::Parsed;
use crate::test_support::scans;

fn purls(scan: &Scan) -> Vec<&str> {
    scan.components.iter().map(|component| component.purl.as_str()).collect()
}

fn messages(parsed: &Parsed) -> Vec<String> {
    parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect()
}

#[test]
fn a_table_without_rows_says_nothing_of_any_image() {
    let parsed = parse(include_bytes!("fixtures/none.csv")).unwrap();
    assert!(parsed.observations.is_empty());
    assert_eq!(messages(&parsed), ["line 1: the table is empty, so nothing is recorded as checked"]);
}

#[test]
fn one_row_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.csv")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), purls(scan)), ("sysdig", vec!["pkg:deb/debian/libdemo1@1:2.0-1"]));
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.fix.state), (Severity::High, FixState::Fixed));
    assert_eq!(finding.in_use.as_deref(), Some("in use where the image runs"));
    let record = &scan.vulnerabilities[0];
    assert_eq!((record.cvss[0].stated, record.threat.unwrap().exploit), (Some(9.8), Some(true)));
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!((image.references.len(), image.digests[0].0), (1, DigestRole::Config));
    assert_eq!(image.distribution.as_ref().unwrap().version.as_deref(), Some("12.9"));
    assert!(scan.partial.as_deref().is_some_and(|why| why.contains("filters")));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn each_image_has_a_scan_of_its_own() {
    let parsed = parse(include_bytes!("fixtures/many.csv")).unwrap();
    let scans = scans(&parsed);
    assert_eq!(scans.iter().map(|scan| scan.findings.len()).collect::<Vec<_>>(), [2, 1, 1]);
    assert_eq!((scans[0].components.len(), parsed.entries), (1, 6));
    assert_eq!(purls(scans[1]), ["pkg:apk/alpine/musl-demo@1.2.4-r0"]);
    assert!(matches!(&scans[1].findings[0].verdict, Verdict::Suppressed(_)));
    assert_eq!((&scans[1].findings[0].in_use, &scans[1].vulnerabilities[0].threat), (&None, &None));
    assert_eq!(scans[2].target, Target::Unstated);
    assert_eq!(
        messages(&parsed),
        [
            "line 5: a finding without a usable vulnerability id was skipped",
            "line 6: a finding without a package name was skipped",
            "line 7: the digest of an image cannot be read",
            "line 7: the name of an image cannot be read",
        ]
    );
}

#[test]
fn a_package_is_unused_where_another_of_its_image_runs() {
    let one = include_str!("fixtures/one.csv");
    let row = one.lines().nth(1).unwrap();
    let other = row.replace("libdemo1", "libdemo2").replace(",true,false,,,,", ",false,false,,,,");
    let used = |document: &str| -> Vec<Option<bool>> {
        let parsed = parse(document.as_bytes()).unwrap();
        scans(&parsed)[0].findings.iter().map(|finding| finding.used).collect()
    };
    assert_eq!(used(&format!("{}\n{other}\n", one.trim_end())), [Some(true), Some(false)]);
    assert_eq!(used(&one.replace(row, &other)), [None]);
}

#[test]
fn older_columns_say_the_same() {
    let parsed = parse(include_bytes!("fixtures/v1_many.csv")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(purls(scan), ["pkg:maven/org.demo/left@2.9.7"]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.in_use.is_some()), (Severity::Critical, true));
    assert_eq!(finding.location.as_deref(), Some("/app/a.jar:BOOT-INF/lib/left.jar"));
    assert_eq!(scan.vulnerabilities[0].references, ["https://example.org/CVE-2025-10002"]);
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!(image.references[0].to_string(), "docker.io/library/mongo");
}

#[test]
fn the_scanner_names_no_image() {
    let parsed = parse(include_bytes!("fixtures/cli_many.csv")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((&scan.target, purls(scan)), (&Target::Unstated, vec!["pkg:pypi/left@1.0"]));
    assert_eq!(scan.vulnerabilities[0].threat.unwrap().epss, Some(0.00587));
    assert!(scan.partial.is_some());
}

#[test]
fn says_where_a_table_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.csv")).unwrap_err().to_string();
    assert!(error.contains("sysdig-csv") && error.contains("`line 2`"), "{error}");
}
