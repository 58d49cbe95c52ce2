//! The mapping of Quay's answers, data in, data out.

use domain::fix::FixState;
use domain::scan::Target;
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

#[test]
fn a_layer_without_vulnerabilities_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.findings.len(), scan.covers.len()), ("Quay", 0, 1));
    assert_eq!((&scan.partial, parsed.entries, parsed.warnings.len()), (&None, 0, 0));
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!(image.best_digest().unwrap().short(), "bbbbbbbbbbbb");
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
    assert!(finding.location.as_ref().unwrap().starts_with("sha256:1111"));
    assert_eq!(scan.component_of(finding).unwrap().purl.as_str(), "pkg:deb/debian/libdemo1@1:2.0-1");
    let record = scan.vulnerability_of(finding).unwrap();
    assert_eq!((record.cvss[0].source.as_str(), record.cvss[0].stated), ("nvd", Some(9.8)));
    assert_eq!(record.references, ["https://security-tracker.debian.org/tracker/CVE-2025-10001"]);
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!(image.distribution.as_ref().unwrap().version.as_deref(), Some("12"));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn vulnerabilities_tell_the_ecosystem_of_their_package() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    let found: Vec<(&str, &str)> = scan
        .findings
        .iter()
        .map(|finding| {
            let id = scan.vulnerability_of(finding).unwrap().id.as_str();
            (scan.component_of(finding).unwrap().purl.as_str(), id)
        })
        .collect();
    assert_eq!(
        found,
        [
            ("pkg:rpm/redhat/demo-libs@3.0.7-18.el9?epoch=1", "CVE-2025-10002"),
            ("pkg:rpm/redhat/demo-libs@3.0.7-18.el9?epoch=1", "CVE-2025-10003"),
            ("pkg:rpm/redhat/demo-libs@3.0.7-18.el9?epoch=1", "CVE-2025-10004"),
            ("pkg:rpm/redhat/demo-tools@2.1-3.el9", "CVE-2025-10005"),
            ("pkg:pypi/demo-py@2.0", "pyup.io-1"),
            ("pkg:golang/go.example.org/demo@0.1.0", "GHSA-aaaa-bbbb-cccc"),
            ("pkg:generic/mystery@1", "CVE-2025-10008"),
        ]
    );
    assert_eq!((scan.tool.name.as_str(), parsed.entries), ("Quay", 8));
    let advisory = &scan.vulnerabilities[0];
    assert_eq!((advisory.related[0].as_str(), advisory.cvss.len()), ("RHSA-2025:0001", 0));
    assert_eq!(scan.vulnerabilities[2].cvss.len(), 1);
    assert_eq!(scan.vulnerabilities[4].aliases[0].as_str(), "CVE-2025-10006");
}

#[test]
fn what_is_odd_is_told() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let told: Vec<String> =
        parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect();
    assert_eq!(
        told,
        [
            "Layer.Features[0]: a vulnerability that neither name nor links identify was skipped",
            "Layer.Features[4]: nothing tells the ecosystem of a package, so it is known by name alone",
            "Layer.Features[5]: the vulnerabilities of a feature without a name were skipped",
        ]
    );
}

#[test]
fn a_layer_of_older_clairs_is_clairs() {
    let parsed = parse(include_bytes!("fixtures/v1_many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), &scan.target), ("clair", &Target::Unstated));
    let component = &scan.components[0];
    assert_eq!(component.purl.as_str(), "pkg:deb/debian/demo@1:2.0-1");
    assert_eq!(component.source.as_ref().unwrap().name, "demo");
    assert_eq!(scan.vulnerabilities[0].cvss[0].stated, Some(7.5));
    assert_eq!(parsed.warnings[0].at, "Layer.Name");
}

#[test]
fn a_scan_that_failed_is_not_whole() {
    let parsed = parse(include_bytes!("fixtures/unfinished.json")).unwrap();
    assert_eq!(scans(&parsed)[0].partial.as_deref(), Some("the scan is failed"));
}

#[test]
fn says_where_an_answer_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`data.Layer.Features[0].Vulnerabilities`"), "{error}");
}
