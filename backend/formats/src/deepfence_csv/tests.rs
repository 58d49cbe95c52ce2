//! The mapping of ThreatMapper's reports, data in, data out.

use domain::finding::{Subject, Verdict};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

fn other(scan: &Scan) -> (&str, &str) {
    match &scan.target {
        Target::Other { kind, name } => (kind, name),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_empty_report_says_nothing_of_any_node() {
    let parsed = parse(include_bytes!("fixtures/none.csv")).unwrap();
    assert_eq!((parsed.observations.len(), parsed.entries, parsed.warnings.len()), (0, 0, 1));
}

#[test]
fn reads_a_vulnerability_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.csv")).unwrap();
    let scan = scans(&parsed)[0];
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!(image.references[0].to_string(), "registry.example.com/shop/api:1.4");
    assert!(scan.partial.is_some(), "a report has filters");
    let component = &scan.components[0];
    assert_eq!(component.purl.as_str(), "pkg:deb/debian/libdemo1@1:2.0-1%2Bdeb12u1");
    assert_eq!(component.paths, ["/var/lib/dpkg/status"]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::Critical, "critical"));
    assert_eq!((finding.fix.versions.join(" "), &finding.title), ("1:2.0-1+deb12u2".to_owned(), &None));
    let record = &scan.vulnerabilities[0];
    assert_eq!((record.id.as_str(), record.cvss[0].stated), ("CVE-2025-10001", Some(9.8)));
    assert_eq!(record.description.as_deref(), Some("Demo reads too much, and more"));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn each_node_has_its_scan() {
    let parsed = parse(include_bytes!("fixtures/many.csv")).unwrap();
    let scans = scans(&parsed);
    assert_eq!((scans.len(), parsed.entries), (2, 4));
    let purls: Vec<&str> =
        scans.iter().flat_map(|scan| &scan.components).map(|component| component.purl.as_str()).collect();
    assert_eq!(
        purls,
        ["pkg:maven/org.example/left@1.0", "pkg:apk/alpine/right@1.2.3-r4", "pkg:generic/mystery@1"]
    );
    assert_eq!(scans[0].findings[1].verdict, Verdict::Suppressed("masked in ThreatMapper".to_owned()));
    assert!(scans[0].vulnerabilities[0].cvss.is_empty(), "a word is no vector");
    assert_eq!(other(scans[1]), ("host", "node-1"));
    let warned: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!(warned, ["line 4", "line 5"]);
}

#[test]
fn malware_names_its_file() {
    let parsed = parse(include_bytes!("fixtures/malware.csv")).unwrap();
    let finding = &scans(&parsed)[0].findings[0];
    let subject = Subject::Malware { name: "Demo_Miner".to_owned(), path: "/opt/miner".to_owned() };
    assert_eq!((&finding.subject, finding.title.as_deref()), (&subject, Some("Mines for others")));
}

#[test]
fn secrets_never_carry_the_match() {
    let parsed = parse(include_bytes!("fixtures/v1_secrets.csv")).unwrap();
    let scans = scans(&parsed);
    assert_eq!((scans.len(), parsed.entries), (2, 2));
    assert_eq!(other(scans[0]), ("container", "web / node-1.example.com"));
    let rule = "Contains a private key".to_owned();
    let subject = Subject::Secret { rule, path: "app/key.pem".to_owned(), line: None };
    assert_eq!((&scans[1].findings[0].subject, scans[1].findings[0].severity), (&subject, Severity::Medium));
    assert!(!format!("{parsed:?}").contains("hunter2"));
}

#[test]
fn only_checks_that_failed_are_findings() {
    let parsed = parse(include_bytes!("fixtures/v1_checks.csv")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.findings.len(), parsed.entries), (1, 1));
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30.272Z"));
    let finding = &scan.findings[0];
    assert!(matches!(&finding.subject, Subject::Misconfiguration { check, .. } if check == "gdpr_1.1.12"));
    assert_eq!((finding.severity, finding.title.as_deref()), (Severity::Medium, Some("Ensure auditing")));
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.csv")).unwrap_err().to_string();
    assert!(error.contains("`line 2`"), "{error}");
}
