//! The mapping of Grype's reports, data in, data out.

use domain::finding::{FindingClass, Verdict};
use domain::fix::FixState;
use domain::image::DigestRole;
use domain::observation::Observation;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::Parsed;

fn scan(parsed: &Parsed) -> &Scan {
    match &parsed.observations[0] {
        Observation::Scan(scan) => scan,
        other => panic!("{other:?}"),
    }
}

#[test]
fn names_the_image_the_tool_and_the_database() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scan(&parsed);
    assert_eq!((scan.tool.name.as_str(), scan.tool.version.as_deref()), ("grype", Some("0.100.0")));
    assert_eq!(scan.database_at, crate::time::parse("2026-02-03T02:00:00Z"));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Vulnerability]);
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!(image.references[0].to_string(), "registry.example.com/shop/api:stable");
    let roles: Vec<DigestRole> = image.digests.iter().map(|(role, _)| *role).collect();
    assert_eq!(roles, [DigestRole::Manifest, DigestRole::Config, DigestRole::Repository]);
    assert_eq!(image.layers.len(), 2);
    assert!(scan.findings.is_empty() && parsed.warnings.is_empty());
}

#[test]
fn joins_what_the_distribution_and_nvd_say() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scan(&parsed);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.fix.state), (Severity::High, FixState::Fixed));
    let component = scan.component_of(finding).unwrap();
    assert_eq!(component.purl.to_string(), "pkg:deb/debian/libdemo1@1:2.0-1");
    assert_eq!(component.source.as_ref().unwrap().name, "demo");
    let record = scan.vulnerability_of(finding).unwrap();
    assert_eq!((record.cvss[0].source.as_str(), record.cvss[0].stated), ("nvd", Some(9.8)));
    assert_eq!(record.weaknesses, ["CWE-787"]);
    assert_eq!(record.references.len(), 3);
    assert!(record.aliases.is_empty() && record.related.is_empty());
}

#[test]
fn repeats_epss_of_its_own_cve_only() {
    let text = include_str!("fixtures/one.json");
    let record = |text: &str| scan(&parse(text.as_bytes()).unwrap()).vulnerabilities[0].clone();
    let word = record(text).threat.unwrap();
    assert_eq!((word.epss, word.exploit), (Some(0.1), None));
    assert_eq!(word.stated_at, crate::time::parse("2026-02-02"));
    let other = text.replace(
        "\"cve\": \"CVE-2025-10001\",\n            \"epss\"",
        "\"cve\": \"CVE-2025-9\",\n            \"epss\"",
    );
    assert_ne!(other, text);
    assert_eq!(record(&other).threat, None);
}

#[test]
fn one_cve_is_an_alias_and_several_are_related() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let names: Vec<(usize, usize)> = scan(&parsed)
        .vulnerabilities
        .iter()
        .filter(|record| record.id.as_str().starts_with("GHSA-"))
        .map(|record| (record.aliases.len(), record.related.len()))
        .collect();
    assert_eq!(names, [(1, 0), (0, 2), (0, 0), (0, 0)]);
}

#[test]
fn makes_the_purl_that_is_missing() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scan(&parsed);
    let purls: Vec<&str> = scan.components.iter().map(|component| component.purl.as_str()).collect();
    assert_eq!(purls[1..3], ["pkg:npm/%40demo/left@1.0.0", "pkg:npm/right@1.0.0"]);
    assert_eq!(scan.components[1].licences, ["ISC"]);
}

#[test]
fn what_rules_set_aside_is_kept_and_marked() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let reasons: Vec<&str> = scan(&parsed)
        .findings
        .iter()
        .filter_map(|finding| match &finding.verdict {
            Verdict::Suppressed(reason) => Some(reason.as_str()),
            Verdict::Affected => None,
        })
        .collect();
    assert_eq!(reasons, ["not_affected: component_not_present", "fix state unknown"]);
    assert_eq!(parsed.entries, 5);
    assert_eq!(scan(&parsed).findings.len(), 6);
    assert_eq!(parsed.warnings[0].at, "matches[4]");
}

#[test]
fn reads_the_oldest_layout() {
    let parsed = parse(include_bytes!("fixtures/v0_7.json")).unwrap();
    let scan = scan(&parsed);
    assert_eq!(scan.target, Target::Other { kind: "directory".to_owned(), name: "/srv/rootfs".to_owned() });
    assert_eq!(scan.tool.version, None);
    let finding = &scan.findings[0];
    assert_eq!(scan.component_of(finding).unwrap().purl.to_string(), "pkg:apk/alpine/musl@1.1.22-r2");
    assert_eq!(finding.fix.versions, ["1.1.22-r3"]);
    assert_eq!(scan.vulnerabilities[0].references, ["https://nvd.example.org/CVE-2019-20001"]);
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`matches[0].artifact`"), "{error}");
}
