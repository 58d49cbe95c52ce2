//! The mapping of what klar and clair-scanner write, data in, data out.

use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

fn purls(scan: &Scan) -> Vec<&str> {
    scan.components.iter().map(|component| component.purl.as_str()).collect()
}

#[test]
fn layers_in_which_nothing_was_found_are_clean() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), &scan.target), ("clair", &Target::Unstated));
    assert_eq!((scan.findings.len(), scan.covers.len(), parsed.warnings.len()), (0, 1, 0));
}

#[test]
fn an_advisory_stands_for_itself() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(purls(scan), ["pkg:rpm/centos/demo-libs@5.16.3-293.el7?epoch=4"]);
    let (finding, record) = (&scan.findings[0], &scan.vulnerabilities[0]);
    assert_eq!((record.id.as_str(), record.related.len()), ("RHSA-2019:9001", 0));
    assert_eq!(record.references, ["https://tracker.example.org/RHSA-2019:9001"]);
    assert_eq!(
        (finding.severity, finding.fix.versions.join(" ").as_str()),
        (Severity::High, "4:5.16.3-294.el7_6")
    );
    assert!(parsed.warnings.is_empty());
}

#[test]
fn reads_every_severity() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(
        purls(scan),
        ["pkg:apk/alpine/musl-demo@1.1.18-r3", "pkg:deb/debian/demo@1:2.0-1", "pkg:generic/demo@1"]
    );
    let severities: Vec<(Severity, &str)> =
        scan.findings.iter().map(|finding| (finding.severity, finding.severity_word.as_str())).collect();
    assert_eq!(
        severities,
        [(Severity::Critical, "Defcon1"), (Severity::Low, "Negligible"), (Severity::Unknown, "Unknown"),]
    );
    assert_eq!(scan.components[1].source.as_ref().unwrap().name, "demo");
    let told: Vec<String> =
        parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect();
    assert_eq!(
        told,
        [
            "Vulnerabilities.Unknown[0]: nothing tells the ecosystem of a package, so it is known by name alone",
            "Vulnerabilities.Unknown[1]: a finding without a usable vulnerability id was skipped",
            "Vulnerabilities.Unknown[2]: a finding without a package name was skipped",
        ]
    );
    assert_eq!(parsed.entries, 5);
}

#[test]
fn clair_scanner_names_the_image() {
    let parsed = parse(include_bytes!("fixtures/scanner_none.json")).unwrap();
    let scan = scans(&parsed)[0];
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!(image.references[0].to_string(), "registry.example.com/shop/api:1.4.0");
    assert_eq!((scan.findings.len(), &scan.partial), (0, &None));
}

#[test]
fn a_list_without_all_that_is_unapproved_is_not_whole() {
    let parsed = parse(include_bytes!("fixtures/scanner_many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(
        (parsed.entries, scan.findings.len(), purls(scan)),
        (2, 2, vec!["pkg:deb/ubuntu/demo@2.27-3ubuntu1"])
    );
    assert_eq!(scan.partial.as_deref(), Some("1 of the unapproved vulnerabilities are not listed"));
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!(image.references[0].to_string(), "registry.example.com/shop/api:latest");
    assert_eq!(image.distribution.as_ref().unwrap().version.as_deref(), Some("18.04"));
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`Vulnerabilities"), "{error}");
}
