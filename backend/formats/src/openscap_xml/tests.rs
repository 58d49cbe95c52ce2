//! The mapping of OpenSCAP's results, data in, data out.

use domain::finding::{FindingClass, Subject};
use domain::fix::FixState;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

fn host(scan: &Scan) -> &str {
    match &scan.target {
        Target::Other { kind, name } if kind == "host" => name,
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

#[test]
fn a_host_that_lacks_no_advisory_is_clean() {
    let parsed = parse(include_bytes!("fixtures/none.xml")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.tool.version.as_deref()), ("openscap", Some("1.3.10")));
    assert_eq!((host(scan), &scan.partial), ("node-1.example.com", &None));
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:21:30Z"));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Vulnerability]);
    assert_eq!((scan.findings.len(), parsed.entries, parsed.warnings.len()), (0, 0, 0));
}

#[test]
fn an_advisory_covers_its_vulnerabilities() {
    let parsed = parse(include_bytes!("fixtures/one.xml")).unwrap();
    let scan = scans(&parsed)[0];
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!(image.references[0].to_string(), "registry.example.com/shop/api:1.4.0");
    let purl = "pkg:rpm/redhat/demo-cron";
    assert_eq!(told(scan), [(purl, "CVE-2025-10001"), (purl, "CVE-2025-10002")]);
    assert!(scan.vulnerabilities.iter().all(|record| record.related[0].as_str() == "RHSA-2026:0117"));
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::Critical, "Critical"));
    assert_eq!((finding.fix.state, finding.fix.versions.len()), (FixState::Fixed, 0));
    assert_eq!((parsed.entries, parsed.warnings.len()), (1, 0));
}

#[test]
fn rules_of_settings_are_checks() {
    let parsed = parse(include_bytes!("fixtures/many.xml")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((host(scan), scan.covers.len()), ("node-1.example.com", 2));
    assert_eq!(told(scan), [("pkg:generic/unknown", "CVE-2025-10003")]);
    assert_eq!(scan.findings[0].severity_word, "low", "`Odd` is no severity");
    let check = &scan.findings[1];
    let id = "xccdf_org.example.content_rule_no_root";
    assert!(matches!(&check.subject, Subject::Misconfiguration { check, .. } if check == id));
    assert_eq!(
        (check.severity, check.title.as_deref()),
        (Severity::High, Some("Disable the demo login of root"))
    );
    let partial = Some("OpenSCAP could not tell whether some rules hold, 1 in number");
    assert_eq!((scan.partial.as_deref(), parsed.entries, scan.findings.len()), (partial, 3, 2));
    let places: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!(places, ["rhsa-several", "", "results", "results"]);
}

#[test]
fn oval_tells_the_packages() {
    let parsed = parse(include_bytes!("fixtures/oval.xml")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((host(scan), scan.tool.version.as_deref()), ("node-1.example.com", Some("1.3.10")));
    assert_eq!(
        told(scan),
        [("pkg:rpm/redhat/demo", "CVE-2025-10001"), ("pkg:generic/unknown", "CVE-2025-10002")]
    );
    assert_eq!(scan.findings[0].fix.versions, ["1.2-3.el9"]);
    let severities: Vec<Severity> = scan.findings.iter().map(|finding| finding.severity).collect();
    assert_eq!(severities, [Severity::High, Severity::Medium]);
    assert_eq!((scan.findings[1].fix.state, parsed.entries), (FixState::Unknown, 2));
}

#[test]
fn an_image_may_be_known_by_its_id() {
    let id = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";
    let target = |name: &str| {
        let text = include_str!("fixtures/none.xml").replace("node-1.example.com", name);
        scans(&parse(text.as_bytes()).unwrap())[0].target.clone()
    };
    let Target::Image(image) = target(&format!("docker-image://{id}")) else { panic!("an image") };
    assert_eq!(image.best_digest().unwrap().as_str(), format!("sha256:{id}"));
    let short = Target::Other { kind: "docker-image".to_owned(), name: id[..12].to_owned() };
    assert_eq!(target(&format!("docker-image://{}", &id[..12])), short);
}

#[test]
fn says_what_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.xml")).unwrap_err().to_string();
    assert!(error.contains("openscap-xml"), "{error}");
    let policy = br#"<Benchmark xmlns="http://checklists.nist.gov/xccdf/1.1"><Rule id="a"/></Benchmark>"#;
    let error = parse(policy).unwrap_err().to_string();
    assert!(error.contains("nothing in it was evaluated"), "{error}");
}
