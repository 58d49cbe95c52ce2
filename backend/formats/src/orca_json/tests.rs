//! The mapping of Orca's alerts in JSON, data in, data out.

use domain::finding::{FindingClass, Subject};
use domain::scan::{Scan, Target};
use domain::severity::Severity;

use super::parse;
use crate::test_support::scans;

fn name(scan: &Scan) -> String {
    match &scan.target {
        Target::Image(image) => image.references[0].to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_answer_without_alerts_says_nothing_of_any_image() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert_eq!((parsed.observations.len(), parsed.entries, parsed.warnings.len()), (0, 0, 1));
}

#[test]
fn an_alert_may_be_a_vulnerability() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!(
        (scan.tool.name.as_str(), name(scan).as_str()),
        ("orca", "registry.example.com/shop/api:1.4.0")
    );
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03T10:20:30Z"));
    assert!(scan.partial.is_some(), "a list has a query");
    assert_eq!(scan.components[0].purl.as_str(), "pkg:generic/unknown");
    assert_eq!(scan.vulnerabilities[0].id.as_str(), "CVE-2025-10001");
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::Critical, "9.1"));
    assert_eq!(finding.title.as_deref(), Some("CVE-2025-10001 in a container image"));
    assert_eq!(parsed.warnings[0].at, "[0]");
}

#[test]
fn alerts_on_images_are_kept_and_all_others_told() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scans = scans(&parsed);
    assert_eq!((scans.len(), parsed.entries), (2, 6));
    assert_eq!(scans.iter().map(|scan| scan.findings.len()).collect::<Vec<_>>(), [3, 1]);
    assert_eq!(scans[1].covers.iter().collect::<Vec<_>>(), [&FindingClass::Misconfiguration]);
    let unknown = &scans[1].findings[0];
    assert_eq!((unknown.severity, unknown.severity_word.as_str()), (Severity::Unknown, ""));
    assert!(
        matches!(&unknown.subject, Subject::Misconfiguration { check, .. } if check == "Image runs as root")
    );
    let told: Vec<String> =
        parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect();
    assert_eq!(
        told,
        [
            "[0]: Orca does not tell the package of a vulnerability, so it is the image's (2 times)",
            "[5]: an alert without a title was skipped",
            "[4]: 1 finding of category Data at risk was set aside: they name no container image, and Plimsoll has no \
             place for them yet",
            "[3]: 1 finding of status closed was set aside: they are closed in Orca",
        ]
    );
}

#[test]
fn answers_have_words_for_severities() {
    let parsed = parse(include_bytes!("fixtures/answer.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.findings[0].severity, scan.findings.len()), (Severity::Critical, 1));
    assert_eq!(scan.findings[0].severity_word, "compromised");
    let Subject::Malware { name, .. } = &scan.findings[0].subject else { panic!("malware") };
    assert_eq!(name, "Malware Demo-File found on asset");
    assert_eq!((parsed.entries, parsed.warnings[0].at.as_str()), (2, "data[1]"));
}

#[test]
fn says_where_a_list_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`[0].Inventory`"), "{error}");
}
