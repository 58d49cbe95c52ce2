//! Values of the fixtures, and counts of the corpus taken independently of this code.

use domain::intel::{DatabaseRecord, IntelFeed};
use domain::observation::Observation;
use domain::severity::Severity;

use crate::{Head, Limits, Parsed, read};

#[track_caller]
fn parsed(bytes: &[u8]) -> Parsed {
    let read = read(bytes, Limits::default()).unwrap();
    assert_eq!(read.format.kind, super::KIND);
    read.parsed
}

/// The database with its records.
#[track_caller]
fn records(parsed: &Parsed) -> (&str, &[DatabaseRecord]) {
    match &parsed.observations[..] {
        [Observation::Intel(IntelFeed::Vulnerabilities { records, database, .. })] => {
            (database.as_str(), records.as_slice())
        }
        other => panic!("expected one feed, got {other:?}"),
    }
}

fn messages(parsed: &Parsed) -> Vec<String> {
    parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect()
}

#[test]
fn none_is_no_feed() {
    let parsed = parsed(include_bytes!("fixtures/none.csv"));
    assert!(parsed.observations.is_empty());
    assert_eq!(messages(&parsed), ["line 1: the table holds no rows"]);
}

#[test]
fn one_has_every_field() {
    let parsed = parsed(include_bytes!("fixtures/one.csv"));
    let (database, [record]) = records(&parsed) else { panic!("one record") };
    assert_eq!(database, "cvss-bt");
    let known = &record.vulnerability;
    assert_eq!((known.id.as_str(), known.severity), ("CVE-2030-0001", Severity::Critical));
    assert_eq!((known.cvss[0].source.as_str(), known.cvss[0].stated), ("nvd", Some(9.8)));
    assert_eq!(known.cvss[0].vector, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
    assert_eq!(known.published_at, crate::time::parse("2030-02-03T04:05:00Z"));
    let word = known.threat.unwrap();
    assert_eq!((word.epss, word.exploit), (Some(0.07764), Some(true)));
    assert!(parsed.warnings.is_empty());
}

#[test]
fn many_tells_what_is_odd() {
    let parsed = parsed(include_bytes!("fixtures/many.csv"));
    let told: Vec<_> = records(&parsed)
        .1
        .iter()
        .map(|record| &record.vulnerability)
        .map(|known| {
            let word = known.threat;
            let (epss, exploit) = (word.and_then(|word| word.epss), word.and_then(|word| word.exploit));
            (known.id.as_str(), known.severity, known.cvss.len(), epss, exploit)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("CVE-2030-0001", Severity::High, 1, Some(0.5), Some(false)),
            ("CVE-2030-0002", Severity::Medium, 0, None, Some(true)),
            ("CVE-2030-0003", Severity::Unknown, 0, None, None),
        ]
    );
    assert_eq!(
        messages(&parsed),
        [
            "line 3: a vector that is none was left out",
            "line 3: an EPSS that is not between 0 and 1 was left out",
            "line 5: a row without a CVE was left out (2 times)",
        ]
    );
}

#[test]
fn joins_say_nothing_of_exploits() {
    let parsed = parsed(include_bytes!("fixtures/join.csv"));
    let (database, [first, second]) = records(&parsed) else { panic!("two records") };
    assert_eq!(database, "kev-epss");
    let known = &first.vulnerability;
    assert_eq!((known.id.as_str(), known.severity), ("CVE-2030-0001", Severity::Critical));
    assert_eq!(known.description.as_deref(), Some("Shop API runs what it is sent,\nand more."));
    let word = known.threat.unwrap();
    assert_eq!((word.epss, word.exploit), (Some(0.0144), None));
    assert_eq!((second.vulnerability.severity, second.vulnerability.threat), (Severity::Unknown, None));
}

#[test]
fn broken_says_where() {
    let error = read(include_bytes!("fixtures/broken.csv"), Limits::default()).unwrap_err().to_string();
    assert!(error.contains("`line 2`"), "{error}");
}

#[test]
fn other_tables_are_refused() {
    for text in [
        "cve,epss,percentile\nCVE-2030-0001,0.5,0.5\n",
        "cve,epss,exploitdb\nCVE-2030-0001,0.5,True\n",
        "CVE,EPSS,Description\nCVE-2030-0001,0.5,x\n",
    ] {
        assert!(!super::recognise(&Head::new(text.as_bytes())), "{text}");
    }
}

#[test]
fn counts_of_the_corpus() {
    let Some(folder) = crate::test_support::corpus("epss") else { return };
    // File, records, those with EPSS, those with a known exploit.
    let expected = [
        ("jgamblin-kev-epss-2022-10-07.csv", 834, 834, 0),
        ("jgamblin-kev-epss-2023-03-06.csv", 879, 879, 0),
        ("jgamblin-kev-epss-2024-06-30.csv", 1126, 1126, 0),
        ("secobserve-cvss_bt.csv", 10, 10, 10),
    ];
    for (name, count, rated, exploited) in expected {
        let parsed = parsed(&std::fs::read(folder.join(name)).unwrap());
        let words: Vec<_> = records(&parsed).1.iter().map(|record| record.vulnerability.threat).collect();
        let with_epss = words.iter().flatten().filter(|word| word.epss.is_some()).count();
        let with_exploit = words.iter().flatten().filter(|word| word.exploit == Some(true)).count();
        assert_eq!((words.len(), with_epss, with_exploit), (count, rated, exploited), "{name}");
    }
}
