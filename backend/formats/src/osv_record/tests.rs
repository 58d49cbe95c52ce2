//! Values of the fixtures, and counts of the corpus taken independently of this code.

use domain::fix::FixState;
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
            assert_eq!(database, "osv");
            records
        }
        other => panic!("expected one feed, got {other:?}"),
    }
}

/// Purl and fixed versions of each package.
fn affected(record: &DatabaseRecord) -> Vec<(&str, String)> {
    record.affected.iter().map(|one| (one.purl.as_str(), one.fix.versions.join(" "))).collect()
}

#[test]
fn none_is_withdrawn() {
    let parsed = parsed(include_bytes!("fixtures/none.json"));
    let [record] = records(&parsed) else { panic!("one record") };
    assert!(record.withdrawn && record.affected.is_empty() && parsed.warnings.is_empty());
}

#[test]
fn one_has_every_field() {
    let parsed = parsed(include_bytes!("fixtures/one.json"));
    let [record] = records(&parsed) else { panic!("one record") };
    assert_eq!(affected(record), [("pkg:npm/left-pad", "1.3.1 2.0.4".to_owned())]);
    assert_eq!(record.affected[0].fix.state, FixState::Fixed);
    let known = &record.vulnerability;
    assert_eq!((known.id.as_str(), known.severity), ("GHSA-aaaa-bbbb-cccc", Severity::High));
    assert_eq!(known.aliases[0].as_str(), "CVE-2030-0001");
    assert_eq!(known.title.as_deref(), Some("left-pad pads too much"));
    assert_eq!((known.cvss[0].source.as_str(), known.weaknesses.join(" ")), ("ghsa", "CWE-400".to_owned()));
    assert!(!record.withdrawn && parsed.warnings.is_empty());
    let Observation::Intel(feed) = &parsed.observations[0] else { panic!("no feed") };
    assert_eq!(feed.made_at().unwrap().to_rfc3339(), "2030-02-03T04:05:06+00:00");
}

#[test]
fn many_tells_what_was_left_out() {
    let parsed = parsed(include_bytes!("fixtures/many.json"));
    let [advisory, crates] = records(&parsed) else { panic!("two records") };
    assert_eq!(affected(advisory), [("pkg:deb/debian/tar", String::new())]);
    assert_eq!(advisory.affected[0].fix.state, FixState::Unknown);
    assert_eq!((advisory.vulnerability.aliases.len(), advisory.vulnerability.related.len()), (0, 2));
    assert_eq!(affected(crates), [("pkg:cargo/left", String::new())]);
    let warnings: Vec<String> =
        parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect();
    assert_eq!(
        warnings,
        [
            "[0]: 2 entries name no package of an ecosystem with purls and were left out",
            "[2]: a record without a usable id was left out",
        ]
    );
}

#[test]
fn records_may_stand_one_a_line() {
    assert_eq!(records(&parsed(include_bytes!("fixtures/lines.jsonl"))).len(), 2);
}

#[test]
fn broken_says_where() {
    let error = read(include_bytes!("fixtures/broken.json"), Limits::default()).unwrap_err();
    assert!(matches!(&error, Error::Broken { at, .. } if at == "affected[0].ranges[0].events[0]"), "{error}");
}

#[test]
fn other_documents_of_osv_are_refused() {
    for text in [
        r#"{"results":[{"vulns":[{"id":"A-1","modified":"2030-01-01T00:00:00Z"}]}]}"#,
        r#"{"vulns":[{"id":"A-1","modified":"2030-01-01T00:00:00Z"}]}"#,
        r#"{"results":[{"packages":[{"vulnerabilities":[{"id":"A-1","affected":[]}]}]}]}"#,
        r#"{"osv":{"id":"GO-1","modified":"2030-01-01T00:00:00Z","affected":[]}}"#,
    ] {
        assert!(!super::recognise(&Head::new(text.as_bytes())), "{text}");
    }
}

#[test]
fn counts_of_the_corpus() {
    let Some(folder) = crate::test_support::corpus("osv-record") else { return };
    // File, packages, aliases, links, severity.
    let expected = [
        ("CGA-224q-ccj5-2p53.json", 4, 0, 2, Severity::Unknown),
        ("CGA-xcpc-gm23-prj9.json", 4, 0, 2, Severity::Unknown),
        ("GHSA-cvw2-xj8r-mjf7.json", 1, 1, 7, Severity::Medium),
        ("RUSTSEC-2021-0079.json", 1, 2, 3, Severity::Unknown),
    ];
    for (name, packages, aliases, links, severity) in expected {
        let parsed = parsed(&std::fs::read(folder.join(name)).unwrap());
        let [record] = records(&parsed) else { panic!("{name}") };
        let known = &record.vulnerability;
        assert_eq!(
            (record.affected.len(), known.aliases.len(), known.references.len(), known.severity),
            (packages, aliases, links, severity),
            "{name}"
        );
        assert!(parsed.warnings.is_empty(), "{name}");
    }
}
