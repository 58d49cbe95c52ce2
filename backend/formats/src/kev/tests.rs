//! Values of the fixtures, and counts of the corpus taken independently of this code.

use chrono::NaiveDate;
use domain::intel::{IntelFeed, KevEntry};
use domain::observation::Observation;

use crate::{Error, Head, Limits, Parsed, read};

#[track_caller]
fn parsed(bytes: &[u8]) -> Parsed {
    let read = read(bytes, Limits::default()).unwrap();
    assert_eq!(read.format.kind, "kev");
    read.parsed
}

#[track_caller]
fn entries(parsed: &Parsed) -> &[KevEntry] {
    match &parsed.observations[..] {
        [Observation::Intel(IntelFeed::Kev { entries, .. })] => entries,
        other => panic!("expected one catalogue, got {other:?}"),
    }
}

fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

fn messages(parsed: &Parsed) -> Vec<String> {
    parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect()
}

#[test]
fn none_is_no_feed() {
    let parsed = parsed(include_bytes!("fixtures/none.json"));
    assert!(parsed.observations.is_empty());
    assert_eq!(messages(&parsed), ["vulnerabilities: the catalogue lists nothing and was not taken as one"]);
}

#[test]
fn one_has_every_field() {
    let parsed = parsed(include_bytes!("fixtures/one.json"));
    let Observation::Intel(IntelFeed::Kev { version, released_at, entries }) = &parsed.observations[0] else {
        panic!("not a catalogue")
    };
    assert_eq!(version.as_deref(), Some("2024.02.05"));
    assert_eq!(released_at.unwrap().to_rfc3339(), "2024-02-05T15:00:00.123400+00:00");
    let expected = KevEntry {
        id: "CVE-2024-0001".parse().unwrap(),
        added_on: day("2024-02-05"),
        due_on: day("2024-02-26"),
        ransomware: Some(true),
        title: "Acme Gateway Command Injection Vulnerability".to_owned(),
        action: Some("Update to 4.2.".to_owned()),
    };
    assert_eq!(entries, &[expected]);
    assert!(parsed.warnings.is_empty());
}

#[test]
fn many_tells_what_is_odd() {
    let parsed = parsed(include_bytes!("fixtures/many.json"));
    let found: Vec<_> = entries(&parsed)
        .iter()
        .map(|entry| {
            (entry.id.as_str(), entry.title.as_str(), entry.ransomware, entry.added_on, entry.due_on)
        })
        .collect();
    assert_eq!(
        found,
        [
            (
                "CVE-2024-0001",
                "Acme Gateway Command Injection Vulnerability",
                Some(true),
                day("2024-02-05"),
                day("2024-02-26")
            ),
            (
                "CVE-2023-4444",
                "Globex Mailer: Deserialization Vulnerability",
                Some(false),
                day("2023-11-01"),
                day("2023-11-22")
            ),
            ("CVE-2022-7777", "Initech Printer", None, None, None),
        ]
    );
    assert_eq!(
        messages(&parsed),
        [
            "count: the catalogue states 9 entries and lists 6: it may be cut short",
            "vulnerabilities[2].dateAdded: a day that is not written YYYY-MM-DD was left out",
            "vulnerabilities[2].knownRansomwareCampaignUse: `Perhaps` is neither Known nor Unknown and was left out",
            "vulnerabilities[3]: an entry that repeats an earlier one was left out",
            "vulnerabilities[4]: an entry whose id is not a CVE was left out",
            "vulnerabilities[5]: an entry without a readable CVE id was left out",
        ]
    );
}

#[test]
fn broken_says_where_it_ends() {
    let bytes = include_bytes!("fixtures/broken.json");
    let error = read(bytes, Limits::default()).unwrap_err();
    assert!(
        matches!(&error, Error::Truncated { what: "kev", offset, at } if *offset == bytes.len() && at.starts_with("vulnerabilities[0]")),
        "{error}"
    );
}

#[test]
fn entries_come_without_a_document() {
    let array = parsed(include_bytes!("fixtures/array.json"));
    let found: Vec<_> = entries(&array).iter().map(|entry| (entry.id.as_str(), entry.ransomware)).collect();
    assert_eq!(found, [("CVE-2024-0001", None), ("CVE-2023-4444", Some(false))]);
    assert!(array.warnings.is_empty());

    let table = parsed(include_bytes!("fixtures/many.csv"));
    let found: Vec<_> = entries(&table)
        .iter()
        .map(|entry| (entry.id.as_str(), entry.title.as_str(), entry.ransomware, entry.due_on))
        .collect();
    assert_eq!(
        found,
        [
            ("CVE-2024-0001", "Acme Gateway Command Injection Vulnerability", Some(true), day("2024-02-26")),
            ("CVE-2023-4444", "Globex Mailer: Deserialization Vulnerability", Some(false), day("2023-11-22")),
        ]
    );
    assert_eq!(entries(&table)[0].action.as_deref(), Some("Update to 4.2, or disconnect."));
    assert_eq!(messages(&table), ["vulnerabilities[2]: an entry without a readable CVE id was left out"]);
}

#[test]
fn what_is_not_the_catalogue_is_refused() {
    for text in [
        r#"{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"catalogVersion":{"type":"string"},
            "vulnerabilities":{"items":{"properties":{"cveID":{"type":"string"},"dateAdded":{"type":"string"}}}}},
            "required":["catalogVersion","vulnerabilities"]}"#,
        "cveID,score\nCVE-2024-0001,9\n",
        r#"{"vulnerabilities":[{"id":"CVE-2024-0001"}]}"#,
        r#"[{"cveID":"CVE-2024-0001","epss":0.5}]"#,
    ] {
        assert!(!super::recognise(&Head::new(text.as_bytes())), "{text}");
    }
}

#[test]
fn counts_of_the_corpus() {
    let Some(folder) = crate::test_support::corpus("kev") else { return };
    // File, entries, known ransomware, version.
    let expected = [
        ("kev-2023-04-12.json", 914, None, Some("2023.04.11")),
        ("kev-2023-10-18.json", 1020, Some(184), Some("2023.10.16")),
        ("kev-2024-01-18.json", 1068, Some(214), Some("2024.01.17")),
        ("kev-2025-03-27.json", 1310, Some(250), Some("2025.03.26")),
        ("kev-2025-08-25.official.csv", 1404, Some(293), None),
        ("kev-2025-08-25.official.json", 1404, Some(293), Some("2025.08.25")),
        ("kev-2025-11.thirdparty.csv", 1460, Some(302), None),
        ("vunnel-envelope.kev.json", 4, Some(0), None),
    ];
    for (name, count, ransomware, stated) in expected {
        let parsed = parsed(&std::fs::read(folder.join(name)).unwrap());
        let Observation::Intel(IntelFeed::Kev { version, entries, .. }) = &parsed.observations[0] else {
            panic!("{name} is not a catalogue")
        };
        let known = entries.iter().filter(|entry| entry.ransomware == Some(true)).count();
        let told = entries.iter().all(|entry| entry.ransomware.is_some());
        assert_eq!((entries.len(), told.then_some(known)), (count, ransomware), "{name}");
        assert!(entries.iter().all(|entry| entry.added_on.is_some() && entry.due_on.is_some()), "{name}");
        assert_eq!(version.as_deref(), stated, "{name}");
        assert_eq!(messages(&parsed), [""; 0], "{name}");
    }
    let schema = std::fs::read(folder.join("kev.schema.json")).unwrap();
    assert!(matches!(read(&schema, Limits::default()), Err(Error::NotRecognised { .. })));
}
