//! Addresses of lists: what is read, what is refused, and the links that keep the rest.

use super::*;

static SPEC: ListSpec = ListSpec {
    path: "/images",
    noun: ("image", "images"),
    text_hint: "name",
    columns: &[
        Column { key: "name", label: "Image", hint: "", first: Direction::Ascending, numeric: false },
        Column { key: "score", label: "Score", hint: "", first: Direction::Descending, numeric: true },
    ],
    default_sort: "score",
    filters: &[
        Filter { key: "severity", label: "Severity", values: &[("critical", "Critical"), ("high", "High")] },
        Filter { key: "vulnerability", label: "Vulnerability", values: &[] },
    ],
};

#[track_caller]
fn check(raw: &str, expected: &str) {
    let text = match ListQuery::parse(&SPEC, raw) {
        Ok(query) => query.href(),
        Err(error) => error.to_string(),
    };
    assert_eq!(text, expected);
}

#[test]
fn an_address_survives_its_own_link() {
    check("", "/images");
    check("sort=-score", "/images");
    check("sort=score", "/images?sort=score");
    check("q=+shop%2Fapi%3A1.9+&page=3&size=10", "/images?q=shop%2Fapi:1.9&size=10&page=3");
    check("severity=high&severity=critical", "/images?severity=critical");
    check("severity=&q=", "/images");
    check("vulnerability=CVE-2021-44228", "/images?vulnerability=CVE-2021-44228");
    check("q=%3Cscript%3E%26", "/images?q=%3Cscript%3E%26");
}

#[test]
fn what_a_list_does_not_know_is_named() {
    check("sort=colour", "This list cannot be sorted by `colour`. It sorts by name, score.");
    check("severity=bad", "`bad` is not a value of the filter `severity`. It takes critical, high.");
    check(
        "colour=red",
        "This list has no filter `colour`. It knows q, sort, page, size, severity, vulnerability.",
    );
    check("page=0", "`0` is not a page. It is a number from 1.");
    check("page=-1", "`-1` is not a page. It is a number from 1.");
    check("size=7", "A page does not hold `7` rows. It holds 10, 25 or 50; a file holds all.");
    assert!(ListQuery::parse(&SPEC, &format!("q={}", "a".repeat(401))).is_err());
}

#[test]
fn links_change_one_thing() {
    let query = ListQuery::parse(&SPEC, "q=a&severity=high&sort=name&page=4").unwrap();
    assert_eq!(query.without("severity"), "/images?q=a&sort=name");
    assert_eq!(query.cleared(), "/images?sort=name");
    assert_eq!(query.export("csv"), "/images.csv?q=a&severity=high&sort=name");
    let headings = query.headings();
    assert_eq!(
        (headings[0].aria, headings[0].href.as_str()),
        ("ascending", "/images?q=a&severity=high&sort=-name")
    );
    assert_eq!((headings[1].aria, headings[1].href.as_str()), ("none", "/images?q=a&severity=high"));
    let chips: Vec<_> = query.chips().into_iter().map(|chip| chip.text).collect();
    assert_eq!(chips, ["“a”", "Severity: High"]);
}
