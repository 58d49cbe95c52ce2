//! The mapping of the audit log, data in, data out.

use domain::severity::Severity;

use super::parse;
use crate::test_support::{events, messages};

#[test]
fn a_list_without_events_says_nothing() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert!(parsed.observations.is_empty() && parsed.entries == 0 && parsed.warnings.is_empty());
}

#[test]
fn keeps_one_request_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let event = events(&parsed)[0];
    assert_eq!((event.tool.name.as_str(), event.rule.as_str()), ("kubernetes-audit", "exec into a pod"));
    assert_eq!((event.severity, event.severity_word.as_str()), (Severity::Medium, ""));
    assert_eq!((event.id.as_deref(), event.count), (Some("one"), 1));
    assert_eq!(event.first_seen, crate::time::parse("2026-02-03T10:20:30.123456Z"));
    assert_eq!(event.container.name.as_deref(), Some("api"));
    let place = [&event.place.namespace, &event.place.kind, &event.place.name];
    let place: Vec<&str> = place.into_iter().flatten().map(String::as_str).collect();
    assert_eq!(place, ["shop", "Pod", "api-1"]);
    let evidence = "create /api/v1/namespaces/shop/pods/api-1/exec by anna from 198.51.100.7";
    assert_eq!(event.evidence.as_deref(), Some(evidence));
}

#[test]
fn the_table_says_what_is_noteworthy() {
    let parsed = parse(include_bytes!("fixtures/many.ndjson")).unwrap();
    let told: Vec<String> = events(&parsed)
        .iter()
        .map(|event| {
            let name = event.place.name.as_deref().unwrap_or_default();
            format!("{} {} {name}: {}", event.severity, event.count, event.rule)
        })
        .collect();
    assert_eq!(
        told,
        [
            "medium 2 api-1: exec into a pod",
            "medium 1 db: secrets read by a person",
            "high 1 : anonymous access",
            "high 1 root: privileged pod created",
            "high 1 host: privileged pod created",
            "high 1 all: cluster-admin bound",
            "low 1 api-1: port forward to a pod",
            "medium 1 ci: token of a service account made by a person",
        ]
    );
    assert_eq!(events(&parsed)[0].last_seen, crate::time::parse("2026-02-03T11:00:00Z"));
}

#[test]
fn all_other_requests_are_counted_and_set_aside() {
    let parsed = parse(include_bytes!("fixtures/many.ndjson")).unwrap();
    assert_eq!(parsed.entries, 17);
    assert_eq!(
        messages(&parsed),
        [
            "a request before its answer was set aside",
            "a later stage of a request was set aside",
            "a request that is not noteworthy was set aside (5 times)",
            "a noteworthy request that was denied or failed was set aside",
        ]
    );
}

#[test]
fn commands_and_objects_are_not_kept() {
    let parsed = parse(include_bytes!("fixtures/many.ndjson")).unwrap();
    assert!(!format!("{parsed:?}").contains("hunter2"));
}

#[test]
fn a_list_says_the_same() {
    let list = parse(include_bytes!("fixtures/list.json")).unwrap();
    let lines = parse(include_bytes!("fixtures/many.ndjson")).unwrap();
    assert_eq!((list.entries, list.observations), (lines.entries, lines.observations));
}

#[test]
fn says_where_an_event_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("kubernetes-audit-json") && error.contains("sourceIPs"), "{error}");
}
