//! Values of the fixtures, and counts of the corpus taken independently of this code.

use domain::intel::{DatabaseRecord, IntelFeed};
use domain::observation::Observation;
use domain::severity::Severity;

use crate::{Error, Head, Limits, Parsed, read};

#[track_caller]
fn parsed(bytes: &[u8]) -> Parsed {
    let read = read(bytes, Limits::default()).unwrap();
    assert_eq!(read.format.kind, super::KIND);
    read.parsed
}

#[track_caller]
fn records(parsed: &Parsed) -> &[DatabaseRecord] {
    match &parsed.observations[..] {
        [Observation::Intel(IntelFeed::Vulnerabilities { records, database, .. })] => {
            assert_eq!(database, "nvd");
            records
        }
        other => panic!("expected one feed, got {other:?}"),
    }
}

#[test]
fn none_is_no_feed() {
    let parsed = parsed(include_bytes!("fixtures/none.json"));
    assert!(parsed.observations.is_empty() && parsed.warnings.is_empty());
}

#[test]
fn one_has_every_field() {
    let parsed = parsed(include_bytes!("fixtures/one.json"));
    let [record] = records(&parsed) else { panic!("one record") };
    assert_eq!(record.exploited_since, "2030-01-09".parse().ok());
    assert!(!record.withdrawn && record.decisions.is_empty() && record.affected.is_empty());
    let known = &record.vulnerability;
    assert_eq!((known.id.as_str(), known.severity), ("CVE-2030-0001", Severity::Critical));
    assert_eq!(known.title.as_deref(), Some("Shop API Format String Vulnerability"));
    assert_eq!(known.description.as_deref(), Some("A format string that a caller controls."));
    let scores: Vec<(&str, Option<f64>)> =
        known.cvss.iter().map(|score| (score.source.as_str(), score.stated)).collect();
    assert_eq!(scores, [("security@shop.example", Some(4.0)), ("nvd", Some(9.8))]);
    assert_eq!(known.weaknesses, ["CWE-134"]);
    assert_eq!(known.references, ["https://shop.example/advisory"]);
    assert_eq!(known.published_at.unwrap().to_rfc3339(), "2030-01-02T03:04:05.678+00:00");
    assert_eq!(known.modified_at.unwrap().to_rfc3339(), "2030-02-03T04:05:06.789+00:00");
    assert!(parsed.warnings.is_empty());
}

#[test]
fn many_reads_a_page() {
    let parsed = parsed(include_bytes!("fixtures/many.json"));
    let told: Vec<(&str, bool, Severity, usize)> = records(&parsed)
        .iter()
        .map(|record| {
            let known = &record.vulnerability;
            (known.id.as_str(), record.withdrawn, known.severity, known.cvss.len())
        })
        .collect();
    assert_eq!(
        told,
        [("CVE-2030-1000", true, Severity::Unknown, 0), ("CVE-2030-1001", false, Severity::High, 2),]
    );
    let Observation::Intel(feed) = &parsed.observations[0] else { panic!("no feed") };
    assert_eq!(feed.made_at().unwrap().to_rfc3339(), "2030-02-03T04:05:06.789+00:00");
    let warnings: Vec<String> =
        parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect();
    assert_eq!(
        warnings,
        [
            "vulnerabilities[2]: a record without a CVE id was left out",
            "totalResults: the answer is a part: it has 3 of 5 records",
        ]
    );
}

#[test]
fn wrapped_records_stand_one_a_line() {
    let parsed = parsed(include_bytes!("fixtures/wrapped.jsonl"));
    let ids: Vec<&str> = records(&parsed).iter().map(|record| record.vulnerability.id.as_str()).collect();
    assert_eq!(ids, ["CVE-2030-0001", "CVE-2030-0002"]);
}

#[test]
fn broken_says_where() {
    let error = read(include_bytes!("fixtures/broken.json"), Limits::default()).unwrap_err();
    assert!(
        matches!(&error, Error::Broken { at, .. } if at == "vulnerabilities[0].cve.references"),
        "{error}"
    );
}

#[test]
fn other_lists_of_vulnerabilities_are_refused() {
    for text in [
        r#"{"CVE_data_type":"CVE","CVE_Items":[{"cve":{"CVE_data_meta":{"ID":"CVE-2020-1"}}}]}"#,
        r#"{"vulnerabilities":[{"cve":"CVE-2020-1","product_status":{}}]}"#,
        r#"{"vulnerabilities":[{"cveID":"CVE-2020-1","dateAdded":"2020-01-01"}]}"#,
    ] {
        assert!(!super::recognise(&Head::new(text.as_bytes())), "{text}");
    }
}

#[test]
fn counts_of_the_corpus() {
    let Some(folder) = crate::test_support::corpus("nvd") else { return };
    // File, CVE, severity, vectors, links, whether it is known to be exploited.
    let expected = [
        ("cve-2014-0224.json", "CVE-2014-0224", Severity::High, 2, 303, false),
        ("cve-2024-23113.json", "CVE-2024-23113", Severity::Critical, 2, 1, true),
    ];
    for (name, id, severity, vectors, links, exploited) in expected {
        let parsed = parsed(&std::fs::read(folder.join(name)).unwrap());
        let [record] = records(&parsed) else { panic!("{name}") };
        let known = &record.vulnerability;
        assert_eq!(
            (known.id.as_str(), known.severity, known.cvss.len(), known.references.len()),
            (id, severity, vectors, links),
            "{name}"
        );
        assert_eq!(record.exploited_since.is_some(), exploited, "{name}");
        assert!(parsed.warnings.is_empty(), "{name}");
    }
}
