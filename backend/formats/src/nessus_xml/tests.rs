//! The mapping of Nessus' reports in XML, data in, data out.

use domain::finding::Subject;
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

/// Purl and vulnerability of each finding that has them.
fn told(scan: &Scan) -> Vec<(&str, &str)> {
    let pair = |finding| {
        Some((scan.component_of(finding)?.purl.as_str(), scan.vulnerability_of(finding)?.id.as_str()))
    };
    scan.findings.iter().filter_map(pair).collect()
}

fn messages(parsed: &Parsed) -> Vec<String> {
    parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect()
}

#[test]
fn a_report_without_findings_says_nothing_of_any_image() {
    let parsed = parse(include_bytes!("fixtures/none.xml")).unwrap();
    assert_eq!((parsed.observations.len(), parsed.entries, parsed.warnings.len()), (0, 0, 1));
}

#[test]
fn what_was_found_in_an_image_is_kept_of_it() {
    let parsed = parse(include_bytes!("fixtures/one.xml")).unwrap();
    let scan = scans(&parsed)[0];
    let image = image(scan);
    assert_eq!(image.references[0].to_string(), "registry.example.com/shop/api:1.4.0");
    assert_eq!(image.digests[0].0, DigestRole::Config);
    assert_eq!(
        (scan.tool.name.as_str(), scan.scanned_at),
        ("nessus", crate::time::parse("2026-02-03T10:20:30Z"))
    );
    assert!(scan.partial.is_some(), "nothing tells that all of the image was looked at");
    assert_eq!(told(scan), [("pkg:rpm/amazon/demo-libs@1.0-1.amzn2", "CVE-2025-10001")]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "High"));
    assert_eq!(finding.fix.versions, ["1.0-2.amzn2"]);
    assert_eq!(finding.title.as_deref(), Some("Amazon Linux 2 : demo (ALAS-2026-1)"));
    let record = &scan.vulnerabilities[0];
    assert_eq!(record.related[0].as_str(), "nessus-190001");
    assert_eq!(record.threat.unwrap().exploit, Some(true));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn what_is_about_hosts_is_counted() {
    let parsed = parse(include_bytes!("fixtures/many.xml")).unwrap();
    let scans = scans(&parsed);
    assert_eq!((scans.len(), parsed.entries), (2, 7));
    let unknown = "pkg:generic/unknown";
    assert_eq!(
        told(scans[1]),
        [
            (unknown, "CVE-2025-10002"),
            (unknown, "CVE-2025-10003"),
            ("pkg:deb/ubuntu/libdemo1@1.0-1ubuntu1", "CVE-2025-10004"),
        ]
    );
    let check = &scans[1].findings[2];
    assert!(matches!(&check.subject, Subject::Misconfiguration { check, .. } if check == "nessus-190004"));
    assert_eq!((check.severity, check.severity_word.as_str()), (Severity::Unknown, "9"));
    assert_eq!(
        messages(&parsed),
        [
            "node-2/ReportItem[1]: Nessus does not tell the package of a vulnerability, so it is the image's",
            "node-2/ReportItem[4]: a finding without the number of its plugin was skipped",
            "node-1/ReportItem[2]: 1 finding of severity None was set aside: they inform and are no weaknesses",
            "node-1/ReportItem[3]: 1 finding on hosts was set aside: they name no container image, and Plimsoll has no \
             place for them yet",
        ]
    );
}

#[test]
fn says_what_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.xml")).unwrap_err().to_string();
    assert!(error.contains("nessus-xml"), "{error}");
    let error = parse(b"<NessusClientData_v2><Policy/></NessusClientData_v2>").unwrap_err().to_string();
    assert!(error.contains("only its policy"), "{error}");
}
