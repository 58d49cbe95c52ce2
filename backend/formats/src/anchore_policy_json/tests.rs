//! The mapping of Anchore's evaluations, data in, data out.

use domain::finding::{FindingClass, Subject, Verdict};
use domain::image::DigestRole;
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::Parsed;
use crate::test_support::scans;

fn messages(parsed: &Parsed) -> Vec<String> {
    parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect()
}

fn subjects(scan: &Scan) -> Vec<String> {
    let text = |subject: &Subject| match subject {
        Subject::Misconfiguration { check, resource, .. } => {
            format!("{check} {}", resource.as_deref().unwrap_or("-"))
        }
        Subject::Secret { rule, path, .. } => format!("secret {rule} {path}"),
        Subject::Malware { name, path } => format!("malware {name} {path}"),
        other => format!("{other:?}"),
    };
    scan.findings.iter().map(|finding| text(&finding.subject)).collect()
}

#[test]
fn an_image_that_keeps_to_its_policy_was_checked() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), scan.findings.len(), &scan.partial), ("anchore", 0, &None));
    assert_eq!(scan.covers.iter().collect::<Vec<_>>(), [&FindingClass::Misconfiguration]);
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30Z"));
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!(image.digests[0].0, DigestRole::Manifest);
    assert_eq!(image.references[0].to_string(), "registry.example.com/shop/api:1.4.0");
    assert!(parsed.warnings.is_empty());
}

#[test]
fn one_check_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(subjects(scan), ["dockerfile:effective_user b2605c2d"]);
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::Medium, "warn"));
    let title = "User root found as effective user, which is not on the allowed list";
    assert_eq!(finding.title.as_deref(), Some(title));
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!(image.digests[1].0, DigestRole::Config, "checks tell the image's id");
}

#[test]
fn every_gate_has_its_class_and_vulnerabilities_stay_out() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scans(&parsed).len(), parsed.entries), (1, 8));
    assert_eq!(
        subjects(scan),
        [
            "dockerfile:effective_user b2605c2d",
            "secret PRIV_KEY /srv/demo key.pem",
            "malware Demo.Test /srv/demo.bin",
            "always:always -",
        ]
    );
    assert_eq!((scan.findings[1].severity, scan.findings[3].severity), (Severity::High, Severity::Low));
    assert_eq!(scan.partial.as_deref(), Some("the evaluation counts 9 checks and lists 7"));
    assert_eq!(
        messages(&parsed),
        [
            "evaluations[0]: an older evaluation of the same image was passed over",
            "evaluations[1] check 5: a check without a gate was skipped",
            "evaluations[1] check 1: 2 findings of the gate `vulnerabilities` were set aside: they name no version, \
             and Anchore's list of vulnerabilities says the same with it",
        ]
    );
}

#[test]
fn the_older_list_says_the_same() {
    let parsed = parse(include_bytes!("fixtures/list_many.json")).unwrap();
    let one = parse(include_bytes!("fixtures/one.json")).unwrap();
    assert_eq!(scans(&parsed)[0], scans(&one)[0]);
    assert_eq!((scans(&parsed).len(), &scans(&parsed)[1].target), (2, &Target::Unstated));
    assert_eq!(
        messages(&parsed),
        [
            "[1]: the digest of an image cannot be read",
            "[1]: the name of an image cannot be read",
            "[1]: an evaluation names no image that can be read",
        ]
    );
}

#[test]
fn rows_of_engine_are_read_by_their_columns() {
    let parsed = parse(include_bytes!("fixtures/v0_many.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(subjects(scan), ["dockerfile:instruction 41cb7cdf", "dockerfile:exposed_ports 77aa"]);
    assert_eq!(scan.findings[0].verdict, Verdict::Affected);
    let allowed = "allowed by the list `agreed ports`".to_owned();
    assert_eq!(scan.findings[1].verdict, Verdict::Suppressed(allowed));
    let Target::Image(image) = &scan.target else { panic!("{:?}", scan.target) };
    assert_eq!((image.digests.len(), image.references.len(), &scan.partial), (2, 1, &None));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn an_answer_without_details_is_not_whole() {
    let parsed = parse(include_bytes!("fixtures/v0_bare.json")).unwrap();
    let partial = scans(&parsed)[0].partial.as_deref();
    assert_eq!(partial, Some("the evaluation was asked for without its details"));
}

#[test]
fn says_where_an_evaluation_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`evaluations[0].details[0].gate`"), "{error}");
}
