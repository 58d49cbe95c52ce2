//! Values of the fixtures, data in, data out.

use domain::intel::{DatabaseRecord, IntelFeed};
use domain::observation::Observation;

use super::parse;
use crate::{Head, Parsed, time};

#[track_caller]
fn records(parsed: &Parsed) -> &[DatabaseRecord] {
    match &parsed.observations[..] {
        [Observation::Intel(IntelFeed::Vulnerabilities { records, database, .. })] => {
            assert_eq!(database, "metasploit");
            records
        }
        other => panic!("expected one feed, got {other:?}"),
    }
}

fn messages(parsed: &Parsed) -> Vec<String> {
    parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect()
}

#[test]
fn modules_without_a_cve_are_no_feed() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert!(parsed.observations.is_empty());
    assert_eq!(messages(&parsed), ["[0]: a module that names no CVE was left out"]);
}

#[test]
fn an_exploit_is_a_word_on_its_vulnerability() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let [record] = records(&parsed) else { panic!("one record") };
    assert_eq!(record.vulnerability.id.as_str(), "CVE-2030-0001");
    let word = record.vulnerability.threat.unwrap();
    assert_eq!((word.exploit, word.exploit_seen_at), (Some(true), time::parse("2030-02-03")));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn modules_that_are_no_exploits_say_nothing_of_one() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let told: Vec<(&str, Option<bool>)> = records(&parsed)
        .iter()
        .map(|record| {
            (record.vulnerability.id.as_str(), record.vulnerability.threat.and_then(|word| word.exploit))
        })
        .collect();
    assert_eq!(told, [("CVE-2030-0001", Some(true)), ("CVE-2030-0002", None), ("CVE-2030-0003", Some(true))]);
    assert_eq!(
        messages(&parsed),
        [
            "[3]: a module that names no CVE was left out",
            "[4]: a module of which nothing is said was left out"
        ]
    );
}

#[test]
fn broken_says_where() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("metasploit-modules") && error.contains("expected a sequence"), "{error}");
}

#[test]
fn other_objects_are_refused() {
    for text in [
        r#"{"module":{"fullname":"exploit/a","references":[],"mod_time":"2030-01-01"}}"#,
        r#"{"exploit_a":{"fullname":"exploit/a","references":[]}}"#,
        r#"[{"fullname":"exploit/a","references":[],"mod_time":"2030-01-01"}]"#,
    ] {
        assert!(!super::recognise(&Head::new(text.as_bytes())), "{text}");
    }
    let slash = r#"{"exploit/a":{"fullname":"exploit/a","references":[],"mod_time":"2030-01-01"}}"#;
    assert!(super::recognise(&Head::new(slash.as_bytes())));
}
