//! The mapping of twistcli's report, data in, data out.

use domain::finding::{FindingClass, Subject};
use domain::fix::FixState;
use domain::image::DigestRole;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::Parsed;
use crate::test_support::scans;

fn purls(scan: &Scan) -> Vec<&str> {
    scan.components.iter().map(|component| component.purl.as_str()).collect()
}

fn messages(parsed: &Parsed) -> Vec<String> {
    parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect()
}

#[test]
fn an_image_without_findings_was_looked_at() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.findings.len(), &scan.partial), ("prisma-cloud", 0, &None));
    let classes = [&FindingClass::Vulnerability, &FindingClass::Misconfiguration];
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), classes);
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    let roles: Vec<DigestRole> = image.digests.iter().map(|(role, _)| *role).collect();
    assert_eq!(roles, [DigestRole::Config, DigestRole::Repository]);
    assert_eq!(image.references[0].to_string(), "registry.example.com/shop/api:1.4.0");
    assert_eq!(image.distribution.as_ref().unwrap().version.as_deref(), Some("12"));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn one_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(purls(scan), ["pkg:deb/debian/libdemo1@1:2.0-1"]);
    assert_eq!(scan.components[0].licences, ["MIT"]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.fix.state), (Severity::High, FixState::Fixed));
    assert_eq!(finding.fix.versions, ["1:2.0-1+deb12u1", "1:2.1-1"]);
    assert_eq!(finding.in_use.as_deref(), Some("in use"));
    let record = &scan.vulnerabilities[0];
    assert_eq!((record.cvss[0].stated, record.references.len()), (Some(9.8), 1));
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30.491866Z"));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn packages_are_told_by_lists_paths_or_not_at_all() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(
        purls(scan),
        ["pkg:maven/org.demo/left-core@1.0", "pkg:npm/left@1.0.0", "pkg:generic/mystery@7"]
    );
    assert_eq!(scan.components[1].paths, ["/app/node_modules/left"]);
    let told: Vec<(Severity, FixState, Option<&str>)> = scan.findings[..3]
        .iter()
        .map(|finding| (finding.severity, finding.fix.state, finding.in_use.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (Severity::High, FixState::NotFixed, None),
            (Severity::Medium, FixState::WontFix, Some("in use")),
            (Severity::High, FixState::Unknown, None),
        ]
    );
}

#[test]
fn checks_are_findings_and_what_is_only_counted_is_told() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((parsed.entries, scan.findings.len()), (8, 5));
    let checks: Vec<&str> = scan.findings[3..]
        .iter()
        .filter_map(|finding| match &finding.subject {
            Subject::Misconfiguration { check, .. } => Some(check.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(checks, ["41", "Sensitive information provided in environment variables"]);
    assert_eq!(scan.findings[3].title.as_deref(), Some("Image should be created with a non-root user"));
    let partial = "9 findings of the class vulnerability are counted and 5 listed";
    assert_eq!(scan.partial.as_deref(), Some(partial));
    assert_eq!(scans(&parsed)[1].target, Target::Unstated);
    assert_eq!(
        messages(&parsed),
        [
            "results[0].vulnerabilities[2]: nothing tells the ecosystem of a package, so it is known by name alone",
            "results[0].vulnerabilities[3]: a finding without a package name was skipped",
            "results[0].vulnerabilities[4]: a finding without a usable vulnerability id was skipped",
            "results[0].compliances[2]: a check without id and title was skipped",
            "results[1]: the digest of an image cannot be read",
            "results[1]: the name of an image cannot be read",
            "results[1]: the document names no image that can be read",
        ]
    );
}

#[test]
fn says_where_a_report_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`results[0].packages`"), "{error}");
}
