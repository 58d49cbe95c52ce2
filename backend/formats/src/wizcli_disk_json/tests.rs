//! The mapping of what `wizcli` writes of images and directories, data in, data out.

use domain::finding::{FindingClass, Subject, Verdict};
use domain::fix::FixState;
use domain::image::DigestRole;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::{messages, scans};

fn purls(scan: &Scan) -> Vec<&str> {
    scan.components.iter().map(|component| component.purl.as_str()).collect()
}

#[test]
fn policies_tell_what_was_looked_for() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    let target = Target::Other { kind: "directory".to_owned(), name: "/src/shop".to_owned() };
    assert_eq!((parsed.entries, scan.findings.len(), &scan.target), (0, 0, &target));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Vulnerability]);
    assert_eq!((scan.scanned_at, &scan.partial), (crate::time::parse("2026-02-03T10:20:30.5Z"), &None));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn one_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.tool.version.as_deref()), ("wiz", Some("0.50.1")));
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!(image.references[0].to_string(), "registry.example.com/shop/api:1.4");
    let roles: Vec<DigestRole> = image.digests.iter().map(|(role, _)| *role).collect();
    assert_eq!(roles, [DigestRole::Repository, DigestRole::Config]);
    assert_eq!(image.distribution.as_ref().unwrap().family, "alpine");
    assert_eq!(purls(scan), ["pkg:apk/alpine/libdemo3@3.1.0-r0"]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::High, "HIGH"));
    assert_eq!((finding.fix.state, finding.fix.versions[0].as_str()), (FixState::Fixed, "3.1.0-r1"));
    let record = scan.vulnerability_of(finding).unwrap();
    assert_eq!((record.id.as_str(), record.threat.unwrap().exploit), ("CVE-2025-11111", Some(true)));
    assert_eq!(record.references, ["https://security.alpinelinux.org/vuln/CVE-2025-11111"]);
    assert_eq!(record.published_at, crate::time::parse("2025-05-06"));
    assert_eq!((parsed.entries, parsed.warnings.len()), (1, 0));
}

#[test]
fn packages_of_every_list_are_known_by_what_tells_them() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(
        purls(scan),
        [
            "pkg:generic/bash@5.2-1",
            "pkg:golang/example.org/left@1.2.3",
            "pkg:pypi/flask@2.0",
            "pkg:generic/Demo%20Server@9.1",
        ]
    );
    assert_eq!((scan.findings.len(), parsed.entries), (6, 10));
    assert_eq!(scan.partial.as_deref(), Some("the scan ended as FAILED"));
    assert_eq!(
        messages(&parsed),
        [
            "nothing tells the ecosystem of a package, so it is known by name alone (2 times)",
            "a finding without a package name was skipped",
            "a finding without a usable vulnerability id was skipped",
            "2 findings of sensitive data were set aside: they are about what data says, and Plimsoll has no class for it",
            "checks of the configuration of a host were passed over",
        ]
    );
}

#[test]
fn what_policies_let_pass_is_set_aside_unless_another_forbids_it() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    let ignored = Verdict::Suppressed("ignored in Wiz: accepted until June".to_owned());
    let verdicts: Vec<&Verdict> = scan.findings.iter().map(|finding| &finding.verdict).collect();
    assert_eq!(verdicts[..3], [&Verdict::Affected, &ignored, &Verdict::Affected]);
    let record = scan.vulnerability_of(&scan.findings[2]).unwrap();
    assert!(record.references.is_empty(), "{:?}", record.references);
}

#[test]
fn secrets_are_told_without_what_they_are() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let secret = scans(&parsed)[0].findings.last().unwrap();
    let subject =
        Subject::Secret { rule: "PASSWORD".to_owned(), path: "/app/.env".to_owned(), line: Some(7) };
    assert_eq!((&secret.subject, secret.title.as_deref()), (&subject, Some("Password in URL")));
    assert!(!format!("{parsed:?}").contains("demo-user"));
}

#[test]
fn packages_in_the_other_layout_alone_make_a_scan_partial() {
    let parsed = parse(include_bytes!("fixtures/v2_artefacts.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert!(matches!(&scan.target, Target::Other { kind, .. } if kind == "virtual machine image"));
    assert_eq!(scan.partial.as_deref(), Some(messages(&parsed)[0]));
}

#[test]
fn says_where_a_document_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`result.libraries[0].vulnerabilities`"), "{error}");
}
