//! Values of the fixtures, and counts of the corpus taken independently of this code.

use domain::intel::{EpssScore, IntelFeed};
use domain::observation::Observation;

use crate::{Error, Head, Limits, Parsed, read};

#[track_caller]
fn parsed(bytes: &[u8]) -> Parsed {
    let read = read(bytes, Limits::default()).unwrap();
    assert_eq!(read.format.kind, "epss");
    read.parsed
}

#[track_caller]
fn scores(parsed: &Parsed) -> &[EpssScore] {
    match &parsed.observations[..] {
        [Observation::Intel(IntelFeed::Epss { scores, .. })] => scores,
        other => panic!("expected one feed, got {} observations", other.len()),
    }
}

fn messages(parsed: &Parsed) -> Vec<String> {
    parsed.warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect()
}

fn score(id: &str, probability: f64, percentile: Option<f64>) -> EpssScore {
    EpssScore { id: id.parse().unwrap(), probability, percentile }
}

#[test]
fn none_is_no_feed() {
    let parsed = parsed(include_bytes!("fixtures/none.csv"));
    assert!(parsed.observations.is_empty());
    assert_eq!(messages(&parsed), ["line 1: the file holds no scores and was not taken as a feed"]);
}

#[test]
fn one_has_model_and_day() {
    let parsed = parsed(include_bytes!("fixtures/one.csv"));
    let Observation::Intel(IntelFeed::Epss { model, scored_at, scores }) = &parsed.observations[0] else {
        panic!("not a feed")
    };
    assert_eq!(model.as_deref(), Some("v2025.03.14"));
    assert_eq!(scored_at.unwrap().to_rfc3339(), "2025-10-01T12:55:00+00:00");
    assert_eq!(scores, &[score("CVE-2021-44228", 0.94358, Some(0.99957))]);
    assert!(parsed.warnings.is_empty());
}

#[test]
fn many_counts_what_it_leaves_out() {
    let parsed = parsed(include_bytes!("fixtures/many.csv"));
    assert_eq!(
        scores(&parsed),
        [
            score("CVE-2021-44228", 0.94358, Some(0.99957)),
            score("CVE-2022-1234", 0.0017, Some(0.41)),
            score("CVE-2020-0001", 0.0, Some(0.0)),
            score("CVE-2020-0002", 1.0, None),
        ]
    );
    assert_eq!(
        messages(&parsed),
        [
            "line 4: a CVE that stands more than once keeps its highest score",
            "line 7: a line with a score outside 0 to 1 was left out (3 times)",
            "line 10: a line that is not a CVE with its scores was left out (4 times)",
        ]
    );
}

#[test]
fn crawled_lines_need_no_header() {
    let parsed = parsed(include_bytes!("fixtures/crawled.csv"));
    assert_eq!(
        scores(&parsed),
        [score("CVE-2021-47001", 0.00037, Some(0.10122)), score("CVE-2021-47002", 0.8125, Some(0.99))]
    );
    assert_eq!(messages(&parsed), ["line 4: a line that is not a CVE with its scores was left out"]);
}

#[test]
fn broken_says_where() {
    let error = read(include_bytes!("fixtures/broken.csv"), Limits::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "broken epss at byte 66, `line 3`: expected a CVE with its scores between 0 and 1; no line of the file has them"
    );
}

#[test]
fn a_day_that_cannot_be_read_is_told() {
    let parsed = parsed(b"#model_version:v1,score_date:someday\ncve,epss\nCVE-2021-1,0.5\n");
    assert_eq!(scores(&parsed), [score("CVE-2021-1", 0.5, None)]);
    assert_eq!(messages(&parsed), ["line 1: the score date cannot be read"]);
}

#[test]
fn bytes_that_are_not_text_cost_one_line() {
    let parsed = parsed(b"cve,epss,percentile\n\xff\xfe\x00\nCVE-2021-1,0.5,0.9\n");
    assert_eq!(scores(&parsed).len(), 1);
    assert_eq!(messages(&parsed), ["line 2: a line that is not a CVE with its scores was left out"]);
}

#[test]
fn answers_of_the_api_are_a_feed() {
    let parsed = parsed(include_bytes!("fixtures/answer.json"));
    let Observation::Intel(IntelFeed::Epss { model, scored_at, scores }) = &parsed.observations[0] else {
        panic!("not a feed")
    };
    assert_eq!((model, scored_at.unwrap().to_rfc3339()), (&None, "2025-10-01T00:00:00+00:00".to_owned()));
    assert_eq!(
        scores,
        &[score("CVE-2021-44228", 0.94358, Some(0.99957)), score("CVE-2022-1234", 0.0017, None)]
    );
    assert_eq!(
        messages(&parsed),
        [
            "data[2]: a line with a score outside 0 to 1 was left out",
            "data[3]: a line that is not a CVE with its scores was left out",
            "total: the answer is a part: it has 4 of 250 scores",
        ]
    );
}

#[test]
fn an_answer_without_a_score_is_broken() {
    let error = read(include_bytes!("fixtures/broken_answer.json"), Limits::default()).unwrap_err();
    assert!(error.to_string().starts_with("broken epss at byte 0, `data[0]`: expected a CVE"), "{error}");
}

#[test]
fn other_tables_are_refused() {
    for text in [
        "cve,epss,percentile,kev\nCVE-2021-44228,0.94358,0.99957,true\n",
        "CVE,CVSS3,EPSS,Description\nCVE-2021-27104,9.8,0.0144,x\n",
        "epss,cve,percentile\n0.5,CVE-2021-27104,0.5\n",
        "CVE-2021-1;high;0.5\n",
        "cve\nCVE-2021-27104\n",
        "{\"cve\":1}",
        "{\"status\":\"OK\",\"data\":[{\"team\":\"a\"}]}",
    ] {
        assert!(!super::recognise(&Head::new(text.as_bytes())), "{text}");
    }
}

#[test]
fn counts_of_the_corpus() {
    let Some(folder) = crate::test_support::corpus("epss") else { return };
    let file = |name: &str| std::fs::read(folder.join(name)).unwrap();

    let crawl = parsed(&file("emba-epss-2025-03-16-CVE_2021.csv"));
    assert_eq!((scores(&crawl).len(), messages(&crawl)), (22_662, Vec::new()));
    assert_eq!(scores(&crawl).iter().filter(|score| score.probability >= 0.1).count(), 539);
    assert!(scores(&crawl).contains(&score("CVE-2021-44228", 0.97112, Some(0.99889))));

    let first = parsed(&file("vunnel-example-1.csv"));
    assert_eq!((scores(&first).len(), messages(&first)), (5, Vec::new()));
    assert_eq!(scores(&first)[4], score("CVE-1999-0005", 0.91963, Some(0.99214)));

    let archive = read(&file("emba-epss-2026-08-16.tar.gz"), Limits::default());
    assert!(matches!(archive, Err(Error::Archive { .. })));
}
