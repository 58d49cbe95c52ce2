//! Values of the fixtures, and counts of the corpus taken independently of this code.

use domain::intel::{DatabaseRecord, Decision, Exploitation, IntelFeed};
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
            assert_eq!(database, "cve");
            records
        }
        other => panic!("expected one feed, got {other:?}"),
    }
}

#[test]
fn none_is_withdrawn() {
    let parsed = parsed(include_bytes!("fixtures/none.json"));
    let [record] = records(&parsed) else { panic!("one record") };
    assert!(record.withdrawn && parsed.warnings.is_empty());
    assert_eq!(record.vulnerability.description.as_deref(), Some("Not a vulnerability."));
}

#[test]
fn one_has_what_all_containers_say() {
    let parsed = parsed(include_bytes!("fixtures/one.json"));
    let [record] = records(&parsed) else { panic!("one record") };
    let decision = Decision {
        by: "cisa-adp".to_owned(),
        exploitation: Some(Exploitation::Active),
        automatable: Some(true),
        total_impact: Some(false),
        decided_at: crate::time::parse("2030-01-03T00:00:00.5Z"),
    };
    assert_eq!(record.decisions, [decision]);
    assert_eq!(record.exploited_since, "2030-01-09".parse().ok());
    assert!(!record.withdrawn);
    let known = &record.vulnerability;
    assert_eq!((known.id.as_str(), known.severity), ("CVE-2030-0001", Severity::Medium));
    assert_eq!(known.title.as_deref(), Some("Format string in Shop API"));
    assert_eq!(known.description.as_deref(), Some("A format string that a caller controls."));
    let scores: Vec<(&str, Option<f64>)> =
        known.cvss.iter().map(|score| (score.source.as_str(), score.stated)).collect();
    assert_eq!(scores, [("shop", Some(6.9)), ("shop", Some(7.5))]);
    assert_eq!(known.weaknesses, ["CWE-134"]);
    assert_eq!(known.references, ["https://shop.example/advisory"]);
    let Observation::Intel(feed) = &parsed.observations[0] else { panic!("no feed") };
    assert_eq!(feed.made_at().unwrap().to_rfc3339(), "2030-02-03T04:05:06.789+00:00");
    assert!(parsed.warnings.is_empty());
}

#[test]
fn many_tells_what_is_odd() {
    let parsed = parsed(include_bytes!("fixtures/many.json"));
    let ids: Vec<&str> = records(&parsed).iter().map(|record| record.vulnerability.id.as_str()).collect();
    assert_eq!(ids, ["CVE-2030-1000", "CVE-2030-1001"]);
    let warnings: Vec<String> =
        parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect();
    assert_eq!(
        warnings,
        [
            "[0]: `Exploitation: none` is no point of SSVC that is known, or stands twice",
            "[0]: `Mission Prevalence: minimal` is no point of SSVC that is known, or stands twice",
            "[0]: an SSVC decision without points in known words was left out",
            "[2]: a record without a CVE id was left out",
        ]
    );
    let [decision] = records(&parsed)[0].decisions.as_slice() else { panic!("one decision") };
    assert_eq!((decision.exploitation, decision.automatable), (Some(Exploitation::Poc), None));
}

#[test]
fn broken_says_where() {
    let error = read(include_bytes!("fixtures/broken.json"), Limits::default()).unwrap_err();
    assert!(matches!(&error, Error::Broken { at, .. } if at == "containers.cna.metrics"), "{error}");
}

#[test]
fn other_records_are_refused() {
    for text in [
        r#"{"data_type":"CVE","data_version":"4.0","CVE_data_meta":{"ID":"CVE-2020-1"}}"#,
        r#"{"fetchTime":"2030-01-01T00:00:00Z","new":[{"cveId":"CVE-2030-1"}],"updated":[]}"#,
        r#"{"containers":{"cna":{"providerMetadata":{}}}}"#,
    ] {
        assert!(!super::recognise(&Head::new(text.as_bytes())), "{text}");
    }
}

#[test]
fn counts_of_the_corpus() {
    // File, severity, vectors, weaknesses, SSVC's word for exploitation, whether it is in KEV.
    let expected = [
        ("cve5/CVE-1999-0001.json", Severity::Unknown, 0, 0, None, false),
        ("cve5/CVE-2017-20197.json", Severity::Medium, 4, 2, Some(Exploitation::None), false),
        ("cve5/CVE-2021-32714.json", Severity::Medium, 1, 1, None, false),
        ("cve5/CVE-2024-7826.json", Severity::Unknown, 1, 1, Some(Exploitation::None), false),
        ("vulnrichment/CVE-2024-21762.json", Severity::Critical, 1, 1, Some(Exploitation::Active), true),
        ("vulnrichment/CVE-2024-3094.json", Severity::Critical, 1, 1, Some(Exploitation::None), false),
        ("vulnrichment/CVE-2024-3400.json", Severity::Critical, 1, 2, Some(Exploitation::Active), true),
    ];
    let Some(folder) = crate::test_support::corpus("cve5") else { return };
    for (name, severity, vectors, weaknesses, exploitation, exploited) in expected {
        let parsed = parsed(&std::fs::read(folder.join("..").join(name)).unwrap());
        let [record] = records(&parsed) else { panic!("{name}") };
        let known = &record.vulnerability;
        assert_eq!(
            (known.severity, known.cvss.len(), known.weaknesses.len()),
            (severity, vectors, weaknesses),
            "{name}"
        );
        let decided = record.decisions.first().and_then(|decision| decision.exploitation);
        assert_eq!((decided, record.exploited_since.is_some()), (exploitation, exploited), "{name}");
        assert!(parsed.warnings.is_empty() && name.contains(known.id.as_str()), "{name}");
    }
}
