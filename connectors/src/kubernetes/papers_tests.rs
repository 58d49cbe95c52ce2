//! Pages as API servers write them, and as they should not. Refuses the network.

use serde_json::{Value, json};

use super::*;

const REPORTS: Resource =
    Resource::of("vulnerabilityreports: list", &["apis/example.org/v1"], "vulnerabilityreports")
        .report("VulnerabilityReport", "vulnerability report");

fn taken(page: &str) -> Result<Taken, String> {
    Papers { cluster: "prod" }.take(&REPORTS, "apis/example.org/v1", page.as_bytes())
}

/// The documents of a page, as text with their circumstances.
#[track_caller]
fn papers(page: &str) -> Vec<(String, Provenance)> {
    let documents = taken(page).unwrap().documents.into_iter();
    documents.map(|(bytes, from)| (String::from_utf8(bytes).unwrap(), from)).collect()
}

#[test]
fn an_object_keeps_its_bytes_whatever_its_page_says() {
    let object = r#"{"apiVersion":"example.org/v1","kind":"VulnerabilityReport", "metadata":{"name":"a"},  "report":{"x":1.50}}"#;
    let page = |revision: u32, other: &str| {
        format!(r#"{{"kind":"L","metadata":{{"resourceVersion":"{revision}"}},"items":[{object}{other}]}}"#)
    };
    for page in [page(1, ""), page(2, r#",{"metadata":{"name":"b"}}"#)] {
        assert_eq!(papers(&page)[0].0, object);
    }
}

#[test]
fn what_a_list_does_not_repeat_is_put_in_front() {
    let told = |object: &str| papers(&format!(r#"{{"items":[{object}]}}"#))[0].0.clone();
    assert_eq!(
        told(r#"{"metadata":{"name":"a"}}"#),
        r#"{"apiVersion":"example.org/v1","kind":"VulnerabilityReport","metadata":{"name":"a"}}"#
    );
    assert_eq!(
        told(r#"{"kind":"VulnerabilityReport"}"#),
        r#"{"apiVersion":"example.org/v1","kind":"VulnerabilityReport"}"#
    );
    assert_eq!(told("{ }"), r#"{"apiVersion":"example.org/v1","kind":"VulnerabilityReport" }"#);
    let twice = r#"{"kind":"A","kind":"B"}"#;
    assert_eq!(told(twice), twice, "what is broken stays as it is");
}

#[test]
fn a_page_tells_where_the_next_begins() {
    let next = |page: &str| taken(page).unwrap().next;
    assert_eq!(next(r#"{"metadata":{"continue":"abc"},"items":[]}"#).as_deref(), Some("abc"));
    assert_eq!(next(r#"{"metadata":null,"items":null}"#), None);
}

#[test]
fn what_is_no_list_is_not_empty() {
    assert_eq!(taken(r#"{"kind":"Status","metadata":{}}"#).unwrap_err(), "a page without `items`");
    for page in ["", "[]", r#"{"items":{}}"#, r#"{"items":[{}"#] {
        assert!(taken(page).is_err(), "{page}");
    }
}

#[test]
fn what_is_no_object_is_told_and_hides_no_other() {
    let taken = taken(r#"{"items":[1,{"metadata":{"name":"a"}},null,["kind"],"x"]}"#).unwrap();
    assert_eq!((taken.documents.len(), taken.odd.as_deref()), (1, Some("`items[0]` is no object")));
}

#[track_caller]
fn check(object: &Value, name: &str, as_of: &str) {
    let (_, from) = papers(&json!({ "items": [object] }).to_string()).remove(0);
    assert_eq!((from.name.as_str(), from.source.as_str()), (name, "kubernetes"));
    assert_eq!((from.image, from.cluster.as_deref()), (None, Some("prod")));
    assert_eq!(from.as_of.to_rfc3339(), as_of, "{object}");
}

#[test]
fn a_document_is_called_as_people_know_it_and_speaks_for_its_own_moment() {
    let made = "2026-11-01T00:00:00Z";
    let about = json!({ "namespace": "shop", "name": "pod-a", "creationTimestamp": made });
    let (name, own) = ("vulnerability report shop/pod-a of prod", "2026-11-20T06:40:12+00:00");
    check(&json!({ "metadata": about, "report": { "updateTimestamp": "2026-11-20T06:40:12Z" } }), name, own);
    let manifest = json!({ "metadata": { "report": { "createdAt": "2026-11-20T06:40:12Z" } } });
    check(&json!({ "metadata": about, "spec": manifest }), name, own);
    let mut written = about.clone();
    written["managedFields"] =
        json!([{ "time": "2026-11-05T00:00:00Z" }, { "time": "2026-11-04T00:00:00Z" }, {}]);
    check(&json!({ "metadata": written }), name, "2026-11-05T00:00:00+00:00");
    let wide = json!({ "name": "all", "creationTimestamp": made });
    check(
        &json!({ "metadata": wide, "report": null }),
        "vulnerability report all of prod",
        "2026-11-01T00:00:00+00:00",
    );
}

#[test]
fn hostile_names_break_no_line() {
    let hostile =
        json!({ "name": "<script>alert(1)</script>\n\u{1b}[31m\u{0}", "namespace": "a".repeat(300) });
    let page =
        json!({ "items": [{ "metadata": hostile }, { "metadata": "none" }, { "metadata": { "name": [] } }] });
    let names: Vec<String> = papers(&page.to_string()).into_iter().map(|(_, from)| from.name).collect();
    let long = "a".repeat(253);
    assert_eq!(names[0], format!("vulnerability report {long}/<script>alert(1)</script>[31m of prod"));
    assert_eq!(names[1], names[2]);
    assert!(names.iter().all(|name| !name.chars().any(char::is_control)));
}
