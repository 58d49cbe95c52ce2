//! Values of the fixtures, data in, data out.

use domain::intel::{DatabaseRecord, IntelFeed};
use domain::observation::Observation;
use domain::severity::Severity;

use super::parse;
use crate::{Head, Parsed};

#[track_caller]
fn records(parsed: &Parsed) -> &[DatabaseRecord] {
    match &parsed.observations[..] {
        [Observation::Intel(IntelFeed::Vulnerabilities { records, database, .. })] => {
            assert_eq!(database, "nuclei");
            records
        }
        other => panic!("expected one feed, got {other:?}"),
    }
}

#[test]
fn templates_without_a_cve_are_no_feed() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert!(parsed.observations.is_empty());
    assert_eq!(parsed.warnings[0].message, "a template without a CVE id was left out");
}

#[test]
fn a_template_is_a_word_on_its_vulnerability() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let [record] = records(&parsed) else { panic!("one record") };
    let known = &record.vulnerability;
    assert_eq!((known.id.as_str(), known.severity), ("CVE-2030-0001", Severity::Critical));
    assert_eq!(known.title.as_deref(), Some("Shop API - Remote Code Execution"));
    assert_eq!(known.description.as_deref(), Some("Shop API runs what it is sent."));
    let word = known.threat.unwrap();
    assert_eq!((word.exploit, word.exploit_seen_at), (Some(true), None));
    let link =
        "https://github.com/projectdiscovery/nuclei-templates/blob/main/http/cves/2030/CVE-2030-0001.yaml";
    assert_eq!(known.references, [link]);
    assert!(parsed.warnings.is_empty());
}

#[test]
fn odd_lines_are_told() {
    let parsed = parse(include_bytes!("fixtures/many.jsonl")).unwrap();
    let told: Vec<(&str, Severity, usize)> = records(&parsed)
        .iter()
        .map(|record| &record.vulnerability)
        .map(|known| (known.id.as_str(), known.severity, known.references.len()))
        .collect();
    assert_eq!(told, [("CVE-2030-0001", Severity::Medium, 2), ("CVE-2030-0002", Severity::Unknown, 0)]);
    let warned: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!(warned, ["[2]"]);
}

#[test]
fn broken_says_where() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("`Info.Name`"), "{error}");
}

#[test]
fn what_nuclei_finds_is_refused() {
    let text = r#"{"ID":"CVE-2030-0001","Info":{},"file_path":"a.yaml","host":"https://shop.example"}"#;
    assert!(!super::recognise(&Head::new(text.as_bytes())));
    let text = r#"{"template-id":"CVE-2030-0001","info":{"name":"a"},"matched-at":"https://shop.example"}"#;
    assert!(!super::recognise(&Head::new(text.as_bytes())));
}
