//! The mapping of lists of one's own, data in, data out.

use domain::finding::{Subject, Verdict};
use domain::fix::FixState;
use domain::scan::Target;
use domain::severity::Severity;

use super::{parse, recognise};
use crate::Head;
use crate::generic::{Field, Mapping, list};
use crate::test_support::scans;

#[test]
fn a_list_without_findings_says_nothing_of_any_image() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert_eq!((parsed.observations.len(), parsed.entries, parsed.warnings.len()), (0, 0, 1));
    assert_eq!(parsed.tool.unwrap().name, "our-scanner");
}

#[test]
fn one_finding_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let scan = scans(&parsed)[0];
    assert_eq!((scan.tool.name.as_str(), &scan.target), ("our-report", &Target::Unstated));
    assert_eq!(scan.scanned_at, crate::time::parse("2026-02-03"));
    assert_eq!(scan.components[0].purl.as_str(), "pkg:deb/debian/libdemo1@1:2.0-1%2Bdeb12u1");
    let finding = &scan.findings[0];
    assert_eq!((finding.severity, finding.fix.state), (Severity::High, FixState::Fixed));
    let record = &scan.vulnerabilities[0];
    assert_eq!((record.id.as_str(), record.description.as_deref()), ("CVE-2025-10001", Some("Prose.")));
    assert_eq!((record.cvss[0].source.as_str(), record.cvss[0].stated), ("our-report", Some(7.5)));
    assert_eq!(record.weaknesses, ["CWE-125"]);
    let word = record.threat.unwrap();
    assert_eq!((word.epss, word.exploit), (Some(0.42), Some(true)));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn keys_are_told_by_the_dictionary() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let scans = scans(&parsed);
    assert_eq!((scans.len(), parsed.entries), (2, 3));
    let ids: Vec<&str> = scans[0].vulnerabilities.iter().map(|record| record.id.as_str()).collect();
    assert_eq!(
        (ids, &scans[0].findings[0].fix.versions[..]),
        (vec!["CVE-2025-10002", "CVE-2025-10003"], &["1:2.0-2".to_owned()][..])
    );
    let place = Subject::Misconfiguration {
        check: "DEMO-1".to_owned(),
        path: "https://192.0.2.10/".to_owned(),
        resource: None,
        line: None,
    };
    assert_eq!(scans[1].findings[0].subject, place);
    let other = &scans[1].findings[1];
    assert_eq!((other.severity, other.severity_word.as_str()), (Severity::Critical, ""));
    assert_eq!(other.verdict, Verdict::Suppressed("not active".to_owned()));
    let told: Vec<String> =
        parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect();
    assert_eq!(
        told,
        [
            "findings[1]: the key `ours` is not in the dictionary and was passed over (2 times)",
            "findings[2]: an object where a text belongs was passed over",
        ]
    );
}

#[test]
fn a_mapping_may_be_given() {
    let mut mapping = Mapping::empty();
    mapping.set("what", Field::Title);
    mapping.set("how_bad", Field::Severity);
    let document = br#"{"findings":[{"what":"Runs as root","how bad":"High","title":"passed over"}]}"#;
    assert!(!recognise(&Head::new(document)));
    let parsed = list(document, &mapping).unwrap();
    let finding = &scans(&parsed)[0].findings[0];
    assert_eq!((finding.title.as_deref(), finding.severity), (Some("Runs as root"), Severity::High));
    assert_eq!(parsed.warnings.len(), 1);
}

#[test]
fn what_another_format_claims_is_not_claimed() {
    let claims = |text: &[u8]| recognise(&Head::new(text));
    assert!(!claims(include_bytes!("../aws_inspector2/fixtures/one.json")));
    assert!(!claims(br#"{"findings":[]}"#) && claims(br#"{"findings":[],"tool":"ours"}"#));
}

#[test]
fn says_where_a_list_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("generic-json") && error.contains("`findings[1]`"), "{error}");
}
