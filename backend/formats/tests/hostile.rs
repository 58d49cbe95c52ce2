//! Documents that are made to cost or to confuse: huge in one place, at the edge of what JSON and XML allow. Each is
//! read or refused in a sentence, and reading takes time in proportion to length.
//!
//! Refuses a stopwatch: a longer document is compared with a shorter one, in the same run.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::time::{Duration, Instant};

use formats::{FORMATS, Limits, Read};

mod fixtures;
mod longer;

use fixtures::fixtures;

/// Bytes of the shorter document.
const SHORT: usize = 100_000;
/// How many times longer the other one is.
const TIMES: usize = 3;
/// How many times longer it may take: in proportion it would be [`TIMES`], with the square of it nine.
const MOST: u32 = 6;
/// How often a pair that took too long is measured again.
const AGAIN: usize = 4;

fn read(text: &str) -> Result<Read, String> {
    formats::read(text.as_bytes(), Limits::default()).map_err(|error| error.to_string())
}

#[track_caller]
fn check_refused(text: &str, expected: &str) {
    let error = read(text).map(|read| read.format.kind).unwrap_err();
    assert!(error.contains(expected), "{error}");
}

/// A report of Trivy's with one finding, of which something is replaced.
fn report(what: &str, by: &str) -> String {
    let finding =
        r#"{"VulnerabilityID":"CVE-2025-1","PkgName":"a","InstalledVersion":"1","Severity":"HIGH"}"#;
    format!(
        r#"{{"SchemaVersion":2,"ArtifactName":"a","Results":[{{"Target":"a","Class":"lang-pkgs","Type":"npm","Vulnerabilities":[{}]}}]}}"#,
        finding.replace(what, by)
    )
}

#[test]
fn a_list_of_a_million_nulls_is_refused_or_read() {
    let nulls = vec!["null"; 1_000_000].join(",");
    for (start, end) in [
        (r#"{"SchemaVersion":2,"Results":["#, "]}"),
        (r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":["#, "]}"),
        (r#"{"version":"2.1.0","runs":["#, "]}"),
    ] {
        match read(&format!("{start}{nulls}{end}")) {
            Ok(read) => assert!(read.parsed.warnings.len() < 250 && read.parsed.entries <= 1_000_000),
            Err(error) => assert!(error.contains("null"), "{error}"),
        }
    }
    check_refused(&format!("[{nulls}]"), "a JSON array without objects");
}

#[test]
fn numbers_beyond_all_bounds_are_refused_where_they_stand() {
    for number in ["1e999", "-1e999"] {
        let cvss = format!(r#""HIGH","CVSS":{{"nvd":{{"V3Score":{number}}}}}"#);
        check_refused(&report(r#""HIGH""#, &cvss), "number out of range");
    }
    for number in ["-0", "18446744073709551616", "1e308", "-1"] {
        let cvss = format!(r#""HIGH","CVSS":{{"nvd":{{"V3Score":{number}}}}}"#);
        assert_eq!(read(&report(r#""HIGH""#, &cvss)).unwrap().parsed.entries, 1, "{number}");
    }
}

#[test]
fn halves_of_letters_are_refused_where_they_stand() {
    for half in [r"\ud800", r"\udc00", r"\ud800x", r"\ud800\ud800"] {
        check_refused(&report("CVE-2025-1", half), "broken trivy-json at byte");
    }
    assert_eq!(read(&report(r#""a""#, r#""\ud83d\ude00""#)).unwrap().parsed.entries, 1);
}

#[test]
fn keys_that_stand_twice_are_refused_where_they_stand() {
    check_refused(&report(r#""Severity""#, r#""Severity":"LOW","Severity""#), "duplicate field");
    let many = r#""Other":1,"#.repeat(100_000);
    let unused = report(r#""Severity""#, &format!(r#"{many}"Severity""#));
    assert_eq!(read(&unused).unwrap().parsed.entries, 1);
}

#[test]
fn a_huge_text_is_cut_and_told() {
    let read =
        read(&report(r#""PkgName":"a""#, &format!(r#""PkgName":"{}""#, "a".repeat(2_000_000)))).unwrap();
    assert_eq!((read.parsed.entries, read.parsed.skipped), (1, 1));
    assert!(!read.parsed.warnings.is_empty());
    assert!(read.parsed.warnings.iter().all(|warning| warning.message.len() < 1200));
    let kept: usize = read.parsed.observations.iter().map(|kept| format!("{kept:?}").len()).sum();
    assert!(kept < 500_000, "{kept}");
}

#[test]
fn entities_and_definitions_of_xml_are_refused() {
    let bomb = |definitions: &str| {
        format!(
            "<!DOCTYPE bom [{definitions}]>\n<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\">\
             <components><component type=\"library\"><name>&b;</name></component></components></bom>"
        )
    };
    let grown: String = (0..30)
        .map(|number| format!("<!ENTITY e{} \"{}\">", number + 1, format!("&e{number};").repeat(10)))
        .collect();
    check_refused(&bomb(&format!("<!ENTITY e0 \"lol\">{grown}")), "document type definitions are refused");
    check_refused(
        &bomb("<!ENTITY b SYSTEM \"file:///etc/passwd\">"),
        "document type definitions are refused",
    );
    check_refused(&bomb("<!ENTITY % p SYSTEM \"http://example.org/x.dtd\">%p;"), "definitions are refused");
    let undefined = bomb("").replace("<!DOCTYPE bom []>\n", "");
    check_refused(&undefined, "the entity `&b;` is not one of XML's five");
}

/// Documents of every format that are alike but for their length. One after the other: two at a time would disturb the
/// comparison.
#[test]
fn time_grows_with_length_and_not_with_its_square() {
    let (mut compared, mut slow) = (0, Vec::new());
    for fixture in fixtures().iter().filter(|fixture| fixture.name().starts_with("many.")) {
        let [Some(short), Some(long)] = [SHORT, SHORT * TIMES].map(|size| longer::copies(fixture, size))
        else {
            continue;
        };
        if read(&short).is_err() {
            continue;
        }
        compared += 1;
        if !in_proportion(&short, &long) {
            slow.push(format!("{}: {} to {} bytes", fixture.format.kind, short.len(), long.len()));
        }
    }
    assert_eq!(slow, Vec::<String>::new());
    assert!(compared > FORMATS.len() / 2, "{compared}");
}

fn in_proportion(short: &str, long: &str) -> bool {
    let (mut least, mut most) = (Duration::MAX, Duration::MAX);
    for _ in 0..AGAIN {
        least = least.min(time(short));
        most = most.min(time(long));
        if most <= least * MOST {
            return true;
        }
    }
    false
}

fn time(text: &str) -> Duration {
    let start = Instant::now();
    drop(read(text));
    start.elapsed()
}
