//! Values of the fixtures, and counts of the corpus taken independently of this code.

use chrono::NaiveDate;
use domain::intel::{IntelFeed, Lifecycle, Release};
use domain::observation::Observation;

use crate::{Error, Head, Limits, Parsed, read};

#[track_caller]
fn parsed(bytes: &[u8]) -> Parsed {
    let read = read(bytes, Limits::default()).unwrap();
    assert_eq!(read.format.kind, super::KIND);
    read.parsed
}

#[track_caller]
fn products(parsed: &Parsed) -> &[Lifecycle] {
    match &parsed.observations[..] {
        [Observation::Intel(IntelFeed::Lifecycles { products, .. })] => products,
        other => panic!("expected one feed, got {other:?}"),
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
    assert_eq!(messages(&parsed), [": the document lists no releases"]);
}

#[test]
fn one_has_every_field() {
    let parsed = parsed(include_bytes!("fixtures/one.json"));
    let release = Release {
        name: "12".to_owned(),
        released_on: day("2028-06-10"),
        ends_on: day("2031-06-10"),
        ended: Some(false),
        extended_until: day("2033-06-30"),
        latest: Some("12.4".to_owned()),
    };
    let product = Lifecycle { product: Some("some-linux".to_owned()), releases: vec![release] };
    assert_eq!(products(&parsed), [product]);
    let Observation::Intel(feed) = &parsed.observations[0] else { panic!("no feed") };
    assert_eq!(feed.made_at().unwrap().to_rfc3339(), "2030-02-03T04:05:06+00:00");
    assert!(parsed.warnings.is_empty());
}

#[test]
fn many_tells_what_is_odd() {
    let parsed = parsed(include_bytes!("fixtures/many.json"));
    let [product] = products(&parsed) else { panic!("one product with releases") };
    let told: Vec<(&str, Option<NaiveDate>, Option<bool>)> = product
        .releases
        .iter()
        .map(|release| (release.name.as_str(), release.ends_on, release.ended))
        .collect();
    assert_eq!(told, [("11", day("2029-07-01"), Some(true)), ("10", None, Some(true))]);
    assert_eq!(
        messages(&parsed),
        [
            "result[0][1]: `long ago` is neither a day nor true nor false",
            "result[0][2]: a release without a name was left out",
        ]
    );
}

#[test]
fn cycles_come_without_their_product() {
    let parsed = parsed(include_bytes!("fixtures/cycles.json"));
    let [product] = products(&parsed) else { panic!("one product") };
    let told: Vec<_> = product
        .releases
        .iter()
        .map(|release| (release.name.as_str(), release.ends_on, release.ended, release.extended_until))
        .collect();
    assert_eq!(
        told,
        [
            ("23", day("2030-03-18"), None, None),
            ("21", None, Some(false), day("2036-09-01")),
            ("20", None, Some(true), None),
        ]
    );
    assert_eq!(product.product, None);
    assert_eq!(messages(&parsed), [": the document does not name the product of its releases"]);
}

#[test]
fn data_names_releases_by_key() {
    let parsed = parsed(include_bytes!("fixtures/data.json"));
    let [product] = products(&parsed) else { panic!("one product") };
    let told: Vec<_> =
        product.releases.iter().map(|release| (release.name.as_str(), release.extended_until)).collect();
    assert_eq!(told, [("12", day("2033-06-30")), ("13", None)]);
}

#[test]
fn a_list_of_products_alone_is_no_feed() {
    let parsed = parsed(include_bytes!("fixtures/none.products.json"));
    assert_eq!((parsed.entries, parsed.observations.len()), (0, 0));
    let told = messages(&parsed);
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with(": the document names 8 products and none of their releases: "), "{told:?}");
}

#[test]
fn broken_says_where() {
    let error = read(include_bytes!("fixtures/broken.json"), Limits::default()).unwrap_err();
    assert!(matches!(&error, Error::Broken { at, .. } if at == "result.releases"), "{error}");
}

#[test]
fn what_names_no_release_is_refused() {
    for text in [
        r#"["alpine","debian"]"#,
        r#"["not","a","document"]"#,
        r#"[{"names":["android","debian","nodejs","postgresql","python","ubuntu"]}]"#,
        r#"{"eol":"2030-01-01","latest":"12.4"}"#,
        r#"{"releases":[]}"#,
        r#"{"releases":{},"versions":{},"tags":{}}"#,
        r#"{"result":[{"name":"a"}]}"#,
    ] {
        assert!(!super::recognise(&Head::new(text.as_bytes())), "{text}");
    }
}

#[test]
fn counts_of_the_corpus() {
    let Some(folder) = crate::test_support::corpus("eol") else { return };
    // File, products, releases, releases whose end is known.
    let expected = [
        ("alpine-linux.release-data.json", 1, 32, 32),
        ("debian.release-data.json", 1, 18, 14),
        ("guac-eol-sapmachine.json", 1, 13, 13),
        ("rhel.release-data.json", 1, 3, 3),
        ("vunnel-valid-eol-response.json", 2, 6, 6),
    ];
    for (name, count, releases, ends) in expected {
        let parsed = parsed(&std::fs::read(folder.join(name)).unwrap());
        let listed: Vec<&Release> = products(&parsed).iter().flat_map(|product| &product.releases).collect();
        let ending = listed.iter().filter(|release| release.ends_on.is_some()).count();
        assert_eq!((products(&parsed).len(), listed.len(), ending), (count, releases, ends), "{name}");
    }
    let ubuntu = parsed(&std::fs::read(folder.join("ubuntu.release-data.json")).unwrap());
    assert!(ubuntu.observations.is_empty());
    let all = parsed(&std::fs::read(folder.join("guac-eol-all.json")).unwrap());
    assert!(messages(&all)[0].starts_with(": the document names 342 products "), "{:?}", messages(&all));
}
