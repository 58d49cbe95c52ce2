//! The mapping of ECR's answers, data in, data out.

use domain::coverage::Coverage;
use domain::finding::Verdict;
use domain::observation::Observation;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::Parsed;
use crate::test_support::scans;

fn unscanned(parsed: &Parsed) -> Vec<&Coverage> {
    parsed
        .observations
        .iter()
        .filter_map(|observation| match observation {
            Observation::Coverage(coverage) if coverage.in_use.is_none() => Some(coverage),
            _ => None,
        })
        .collect()
}

fn purls(scan: &Scan) -> Vec<&str> {
    scan.components.iter().map(|component| component.purl.as_str()).collect()
}

#[test]
fn a_finished_scan_without_findings_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.findings.len(), scan.covers.len()), ("aws-ecr", 0, 1));
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30Z"));
    assert_eq!(scan.database_at, crate::time::parse("2026-02-03T02:00:00Z"));
    assert_eq!((&scan.partial, parsed.warnings.len()), (&None, 0));
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert!(image.best_digest().is_some());
    assert!(image.references.is_empty(), "no region is known, and so no address");
}

#[test]
fn the_link_tells_the_distribution() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(purls(scan), ["pkg:deb/debian/libdemo1@1:2.0-1"]);
    assert_eq!((scan.findings[0].severity, parsed.warnings.len()), (Severity::High, 0));
    let record = &scan.vulnerabilities[0];
    assert_eq!(record.cvss.iter().map(|score| score.stated).collect::<Vec<_>>(), [Some(9.8), Some(7.5)]);
    assert_eq!(record.references, ["https://security-tracker.debian.org/tracker/CVE-2025-10001"]);
}

#[test]
fn what_was_not_scanned_is_not_clean() {
    let parsed = parse(include_bytes!("fixtures/many.ndjson")).unwrap();
    let words: Vec<(&str, &str, Option<bool>)> = unscanned(&parsed)
        .iter()
        .map(|coverage| (coverage.tool.as_str(), coverage.reason.as_str(), coverage.watched))
        .collect();
    assert_eq!(
        words,
        [
            ("aws-inspector", "SCAN_ELIGIBILITY_EXPIRED", Some(false)),
            ("aws-ecr", "UNSUPPORTED_IMAGE", Some(false)),
            ("aws-ecr", "IN_PROGRESS", Some(true)),
        ]
    );
    let told: Vec<&str> = parsed.warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert!(told.contains(
        &"the scan is SCAN_ELIGIBILITY_EXPIRED (The scan eligibility expired.): no scan was recorded and the image counts as not checked"
    ), "{told:?}");
    assert_eq!(scans(&parsed).len(), 5);
}

#[test]
fn packages_without_a_distribution_are_known_by_name_alone() {
    let parsed = parse(include_bytes!("fixtures/many.ndjson")).unwrap();
    let scans = scans(&parsed);
    assert_eq!(purls(scans[1]), ["pkg:apk/alpine/libleft@1.2.3-r4"]);
    assert_eq!(purls(scans[2]), ["pkg:generic/left@1.0"]);
    let told: Vec<(&str, &str)> =
        parsed.warnings.iter().map(|warning| (warning.at.as_str(), warning.message.as_str())).collect();
    assert_eq!(
        told[..2],
        [
            ("[1]", "a finding without a usable vulnerability id was skipped"),
            ("[2]", "no finding tells the distribution, so packages are known by name alone"),
        ]
    );
}

#[test]
fn enhanced_findings_are_inspectors() {
    let parsed = parse(include_bytes!("fixtures/many.ndjson")).unwrap();
    let scans = scans(&parsed);
    let (found, clean) = (scans[3], scans[4]);
    assert_eq!((found.tool.name.as_str(), found.findings.len()), ("aws-inspector", 4));
    assert_eq!((clean.tool.name.as_str(), clean.findings.len(), clean.covers.len()), ("aws-inspector", 0, 1));
    assert_eq!(found.findings[0].cvss[0].stated, Some(8.1), "adjusted scores are read here too");
    assert!(matches!(&found.findings[3].verdict, Verdict::Suppressed(_)));
    let Target::Image(image) = &found.target else { panic!("{:?}", found.target) };
    let address = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/api:1.4.0";
    assert_eq!(image.references[0].to_string(), address, "enhanced findings tell the region");
    assert_eq!(parsed.entries, 7);
}

#[test]
fn pages_of_an_image_are_one_scan() {
    let parsed = parse(include_bytes!("fixtures/pages.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scans(&parsed).len(), scan.findings.len(), &scan.partial), (1, 2, &None));
    let first = include_str!("fixtures/pages.json").split("\n}\n").next().unwrap();
    let parsed = parse(format!("[{first}}}]").as_bytes()).unwrap();
    let partial = scans(&parsed)[0].partial.as_deref();
    assert_eq!(partial, Some("the answer goes on: its next page is missing"));
}

#[test]
fn a_failed_scan_with_findings_is_not_whole() {
    let parsed = parse(include_bytes!("fixtures/unfinished.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.findings.len(), scan.partial.as_deref()), (1, Some("the scan is FAILED")));
    assert_eq!(
        parsed.warnings[0].message,
        "the scan is FAILED (The scan failed.): its 1 listed findings were kept as a scan that is not whole"
    );
}

#[test]
fn says_where_an_answer_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`imageScanFindings.findings[0].attributes`"), "{error}");
}
