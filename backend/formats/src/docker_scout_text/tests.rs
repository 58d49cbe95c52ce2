//! The mapping of what Docker Scout prints, data in, data out.

use domain::finding::{FindingClass, Verdict};
use domain::fix::FixState;
use domain::image::{DigestRole, Image};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

fn image(scan: &Scan) -> &Image {
    match &scan.target {
        Target::Image(image) => image,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_image_without_vulnerable_packages_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.txt")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.findings.len(), &scan.partial), ("docker scout", 0, &None));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Vulnerability]);
    assert_eq!(image(scan).references[0].to_string(), "registry.example.com/shop/api:1.4");
    assert_eq!(image(scan).platform.as_ref().unwrap().variant.as_deref(), Some("v8"));
    assert!(image(scan).digests.is_empty(), "a part of a digest is none");
    assert_eq!((parsed.entries, parsed.warnings.len()), (0, 0));
}

#[test]
fn reads_a_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.txt")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(image(scan).references[0].to_string(), "docker.io/library/shop:1.4");
    let distribution = image(scan).distribution.as_ref().unwrap();
    assert_eq!((distribution.family.as_str(), distribution.version.as_deref()), ("debian", Some("12")));
    let component = &scan.components[0];
    assert_eq!(component.purl.as_str(), "pkg:deb/debian/demo@1:2.0-1");
    assert_eq!(component.source.as_ref().unwrap().name, "demo");
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "HIGH"));
    assert_eq!((finding.fix.state, finding.fix.versions.join(" ").as_str()), (FixState::Fixed, "1:2.0-2"));
    let record = &scan.vulnerabilities[0];
    assert_eq!((record.id.as_str(), record.title.as_deref()), ("CVE-2025-10001", Some("Out-of-bounds Read")));
    assert_eq!((record.cvss[0].source.as_str(), record.cvss[0].stated), ("docker-scout", Some(8.1)));
    assert_eq!(record.threat.unwrap().epss, Some(0.005));
    assert_eq!(record.references.len(), 1);
    assert_eq!((&scan.partial, parsed.warnings.len()), (&None, 0));
}

#[test]
fn reads_what_other_terminals_make_of_it() {
    let parsed = parse(include_bytes!("fixtures/many.txt")).unwrap();
    let scan = scans(&parsed)[0];
    let told: Vec<(&str, &str, &str, String)> = scan
        .findings
        .iter()
        .map(|finding| {
            let purl = scan.component_of(finding).unwrap().purl.as_str();
            let id = scan.vulnerability_of(finding).unwrap().id.as_str();
            (purl, id, finding.severity_word.as_str(), finding.fix.versions.join(" "))
        })
        .collect();
    let left = "pkg:npm/%40demo/left@1.0.0";
    assert_eq!(
        told,
        [
            (left, "CVE-2025-10001", "CRITICAL", "2.0.0 1.1.0".to_owned()),
            (left, "GHSA-aaaa-bbbb-cccc", "MEDIUM", String::new()),
            (left, "GMS-2025-1", "UNSPECIFIED", String::new()),
            ("pkg:golang/stdlib@1.22.1", "CVE-2025-10003", "MEDIUM", "1.22.2".to_owned()),
        ]
    );
    let states: Vec<FixState> = scan.findings.iter().map(|finding| finding.fix.state).collect();
    assert_eq!(states, [FixState::Fixed, FixState::NotFixed, FixState::Unknown, FixState::Fixed]);
    assert_eq!(scan.findings[2].severity, Severity::Unknown);
    let reason = "not affected [vulnerable code not in execute path]".to_owned();
    assert_eq!(scan.findings[0].verdict, Verdict::Suppressed(reason));
    assert_eq!(image(scan).digests[0].0, DigestRole::Repository);
    assert_eq!(scan.partial.as_deref(), Some("the report counts 6 vulnerabilities and lists 5"));
    let warned: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!((parsed.entries, warned), (5, vec!["line 44", "line 44"]));
}

#[test]
fn a_report_that_was_cut_closes_nothing() {
    let parsed = parse(include_bytes!("fixtures/cut.txt")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(scan.target, Target::Other { kind: "fs".to_owned(), name: "work/shop".to_owned() });
    assert_eq!(scan.partial.as_deref(), Some("the report ends before its last line"));
    assert_eq!(scan.findings.len(), 1);
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.txt")).unwrap_err().to_string();
    assert!(error.contains("`line 1`") && error.contains("CVE-2025-10001"), "{error}");
}
