//! The mapping of Wiz's tables, data in, data out.

use domain::finding::Verdict;
use domain::fix::FixState;
use domain::image::{DigestRole, Image};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::{parse, recognise};
use crate::test_support::scans;
use crate::{Head, Parsed};

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
    assert_eq!((scan.tool.name.as_str(), purls(scan)), ("wiz", vec!["pkg:deb/debian/libdemo1@1:2.0-1"]));
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "High"));
    assert_eq!((finding.fix.state, finding.fix.versions[0].as_str()), (FixState::Fixed, "1:2.0-1+deb12u1"));
    let record = &scan.vulnerabilities[0];
    assert_eq!((record.references.len(), record.threat.unwrap().exploit), (1, Some(true)));
    let image = image(scan);
    assert_eq!((image.references.len(), image.digests[0].0), (1, DigestRole::Repository));
    assert_eq!(image.distribution.as_ref().unwrap().version.as_deref(), Some("12"));
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30Z"));
    assert!(scan.partial.as_deref().is_some_and(|why| why.contains("filters")));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn findings_on_images_are_kept_and_all_others_told() {
    let parsed = parse(include_bytes!("fixtures/many.csv")).unwrap();
    let scans = scans(&parsed);
    assert_eq!((scans.len(), parsed.entries), (2, 9));
    assert_eq!(
        purls(scans[0]),
        [
            "pkg:deb/debian/libdemo1@1:2.0-1",
            "pkg:golang/example.org/left@1.0.0",
            "pkg:npm/left@1.0.0",
            "pkg:generic/mystery@7",
        ]
    );
    assert_eq!(purls(scans[1]), ["pkg:apk/alpine/musl-demo@1.2.4-r0"]);
    let ignored = &scans[0].findings[1];
    assert_eq!(ignored.verdict, Verdict::Suppressed("ignored in Wiz: accepted".to_owned()));
    assert_eq!((ignored.severity, ignored.location.as_deref()), (Severity::Critical, Some("/usr/bin/left")));
    assert_eq!(
        messages(&parsed),
        [
            "line 6: nothing tells the ecosystem of a package, so it is known by name alone",
            "line 9: a finding without a usable vulnerability id was skipped",
            "line 10: a finding without a package name was skipped",
            "line 8: 1 finding on machines was set aside: they name no container image, and Plimsoll has no place for \
             them yet",
            "line 7: 1 finding resolved in Wiz was set aside: they are not there any more",
        ]
    );
}

#[test]
fn issues_are_counted() {
    let table = b"Title,Resource Type,Control ID,Issue ID,Wiz URL\nA,User,1,2,\nB,User,1,3,\n";
    assert!(recognise(&Head::new(table)));
    let parsed = parse(table).unwrap();
    assert_eq!((parsed.entries, parsed.observations.len()), (2, 0));
    assert_eq!(
        messages(&parsed),
        [
            "line 2: 2 findings on User were set aside: they name no container image, and Plimsoll has no place for \
             them yet"
        ]
    );
}

#[test]
fn says_where_a_table_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.csv")).unwrap_err().to_string();
    assert!(error.contains("wiz-csv") && error.contains("`line 2`"), "{error}");
}
