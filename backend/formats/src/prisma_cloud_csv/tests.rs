//! The mapping of exported tables, data in, data out.

use domain::finding::Subject;
use domain::fix::FixState;
use domain::image::{DigestRole, Image};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::Parsed;
use crate::test_support::scans;

fn image(scan: &Scan) -> &Image {
    match &scan.target {
        Target::Image(image) => image,
        other => panic!("{other:?}"),
    }
}

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
    assert_eq!(
        (scan.tool.name.as_str(), purls(scan)),
        ("prisma-cloud", vec!["pkg:deb/debian/libdemo1@1:2.0-1"])
    );
    let component = &scan.components[0];
    assert_eq!((component.source.as_ref().unwrap().name.as_str(), component.licences.len()), ("demo", 1));
    let finding = &scan.findings[0];
    assert_eq!(
        (finding.severity, finding.fix.versions.join(" ")),
        (Severity::High, "1:2.0-1+deb12u1".to_owned())
    );
    assert_eq!(finding.in_use.as_deref(), Some("in use"));
    assert_eq!(scan.vulnerabilities[0].published_at, crate::time::parse("2025-03-01"));
    let image = image(scan);
    assert_eq!(image.references[0].to_string(), "registry.example.com/shop/api:1.4.0");
    assert_eq!(image.digests[0].0, DigestRole::Config);
    assert!(scan.partial.as_deref().is_some_and(|why| why.contains("filters")));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn each_image_and_each_package_counts() {
    let parsed = parse(include_bytes!("fixtures/many.csv")).unwrap();
    let scans = scans(&parsed);
    assert_eq!((scans.len(), parsed.entries), (2, 8));
    assert_eq!(purls(scans[0]), ["pkg:deb/debian/libdemo1@1:2.0-1", "pkg:maven/org.demo/left@1.0"]);
    assert_eq!(
        purls(scans[1]),
        [
            "pkg:apk/alpine/libssl1.1@1.1.1g-r0",
            "pkg:apk/alpine/libcrypto1.1@1.1.1g-r0",
            "pkg:apk/alpine/openssl@1.1.1g-r0"
        ]
    );
    assert_eq!((scans[1].findings.len(), scans[1].findings[0].severity), (3, Severity::Medium));
    assert_eq!(image(scans[1]).references[0].to_string(), "docker.io/shop/web");
    let check = &scans[0].findings[1];
    assert!(matches!(&check.subject, Subject::Misconfiguration { check, .. } if check == "41"));
    let title = "Image should be created with a non-root user: runs as root";
    assert_eq!(check.title.as_deref(), Some(title));
    assert_eq!(
        messages(&parsed),
        [
            "line 6: a finding without a usable vulnerability id was skipped",
            "line 7: a finding without a package name was skipped",
            "line 8: a row that names no image was skipped",
            "line 9: a row that has not 27 cells was left out",
        ]
    );
}

#[test]
fn of_two_columns_of_one_name_the_last_is_the_packages() {
    let parsed = parse(include_bytes!("fixtures/twistcli_many.csv")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((purls(scan), scan.findings[0].fix.state), (vec!["pkg:pypi/left@1.0"], FixState::NotFixed));
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30Z"));
}

#[test]
fn says_where_a_table_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.csv")).unwrap_err().to_string();
    assert!(error.contains("prisma-cloud-csv") && error.contains("`line 2`"), "{error}");
}
