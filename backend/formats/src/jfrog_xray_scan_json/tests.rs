//! The mapping of Xray's scans of local images, data in, data out.

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

fn name(scan: &Scan) -> String {
    match &scan.target {
        Target::Image(image) => image.references[0].to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_image_without_vulnerabilities_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), &scan.partial), ("jfrog-xray", &None));
    assert_eq!(name(scan), "registry.example.com/shop/api:1.4");
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Vulnerability]);
    assert!(scan.findings.is_empty() && parsed.warnings.is_empty());
}

#[test]
fn one_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(told(scan), [("pkg:apk/alpine/libdemo@3.1.1-r1", "CVE-2025-10001")]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.fix.versions.join(" ")), (Severity::High, "3.1.1-r3".to_owned()));
    assert!(finding.location.as_deref().unwrap().starts_with("sha256:a1b2"));
    assert_eq!(
        (scan.components[0].licences.join(" "), scan.components[0].paths.len()),
        ("MIT".to_owned(), 0)
    );
    let record = &scan.vulnerabilities[0];
    assert_eq!(record.aliases[0].as_str(), "XRAY-100001");
    assert_eq!(record.cvss.iter().map(|score| score.stated).collect::<Vec<_>>(), [Some(9.8), Some(7.5)]);
    assert_eq!(record.description.as_deref(), Some("It reads past its buffer."));
    assert_eq!(record.title.as_deref(), Some("Demo reads too much"));
    assert_eq!(record.references, ["https://news.example.org/demo"]);
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!(image.distribution.as_ref().unwrap().version.as_deref(), Some("3.18"));
}

#[test]
fn a_scan_that_failed_and_one_of_violations_are_not_whole() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scans = scans(&parsed);
    assert_eq!(parsed.entries, 4);
    assert_eq!(name(scans[0]), "docker.io/library/nginx:latest");
    assert_eq!(
        told(scans[0]),
        [
            ("pkg:maven/org.example/left@1.0", "CVE-2025-10002"),
            ("pkg:deb/debian/tar@1.34-1", "CVE-2025-10002")
        ]
    );
    assert_eq!(scans[0].components[0].paths, ["app/lib/left-1.0.jar"]);
    assert_eq!(scans[0].findings[0].severity, Severity::Unknown);
    assert_eq!(scans[0].partial.as_deref(), Some("the status of the scan is failed"));
    assert_eq!(told(scans[1]), [("pkg:pypi/right@1.0", "CVE-2025-10004")]);
    assert_eq!(scans[1].partial.as_deref(), Some("only what policies forbid is listed"));
    assert!(matches!(&scans[1].target, Target::Other { kind, .. } if kind == "generic"));
    let warned: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!(warned, ["[0].vulnerabilities[1]", "[1].violations[1]"]);
}

#[test]
fn reads_one_answer_without_a_list() {
    let parsed = parse(include_bytes!("fixtures/single.json")).unwrap();
    assert_eq!((scans(&parsed).len(), told(scans(&parsed)[0]).len(), parsed.entries), (1, 2, 1));
}

#[test]
fn says_where_a_scan_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`[0].vulnerabilities[0].components`"), "{error}");
}
