//! The mapping of Sysdig's events, data in, data out.

use domain::severity::Severity;

use super::parse;
use crate::test_support::{events, messages};

#[test]
fn a_page_without_events_says_nothing() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert!(parsed.observations.is_empty() && parsed.entries == 0 && parsed.warnings.is_empty());
}

#[test]
fn keeps_one_event_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let event = events(&parsed)[0];
    assert_eq!(event.rule, "Run shell untrusted");
    assert_eq!((event.severity, event.severity_word.as_str()), (Severity::High, "3"));
    assert_eq!(event.id.as_deref(), Some("17dec715376910362c8c3f62a4ceda2e"));
    assert_eq!(event.title.as_deref(), Some("Shell spawned by a web server"));
    assert_eq!(event.first_seen, crate::time::parse("2026-02-03T10:20:30.123456789Z"));
    let container = &event.container;
    assert_eq!((container.name.as_deref(), container.id.as_deref()), (Some("api"), Some("0f1e2d3c4b5a")));
    assert_eq!(container.image.as_deref(), Some("registry.example.com/shop/api:1.2"));
    assert!(container.digest.as_ref().unwrap().1.as_str().ends_with("aaaa"));
    let place = &event.place;
    let place = [
        &place.account,
        &place.region,
        &place.cluster,
        &place.namespace,
        &place.kind,
        &place.name,
        &place.node,
    ];
    let place: Vec<&str> = place.into_iter().flatten().map(String::as_str).collect();
    assert_eq!(place, ["111122223333", "eu-west-1", "prod", "shop", "Deployment", "api", "node-1"]);
    let evidence = "process /bin/sh (pid 4711, user root), started by node, containerd-shim";
    assert_eq!(event.evidence.as_deref(), Some(evidence));
    assert_eq!(event.techniques, ["T1059.004"]);
}

#[test]
fn events_of_hosts_are_kept_and_those_without_a_rule_set_aside() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let events = events(&parsed);
    let told: Vec<(&str, u64)> = events.iter().map(|event| (event.rule.as_str(), event.count)).collect();
    let expected: [(&str, u64); 2] = [("Run shell untrusted", 2), ("Write below etc", 1)];
    assert_eq!((parsed.entries, told), (4, expected.to_vec()));
    let host = events[1];
    assert_eq!((host.severity, host.container.name.as_deref()), (Severity::Low, None));
    assert_eq!(host.place.node.as_deref(), Some("ip-10-0-0-1"));
    assert_eq!(host.first_seen, crate::time::parse("2026-02-03T10:20:00Z"));
    assert_eq!(
        messages(&parsed),
        [
            "the list goes on: its next page is missing",
            "an event of scanning without a rule is no alert: it was set aside",
        ]
    );
}

#[test]
fn forwarded_events_say_the_same_and_command_lines_are_not_kept() {
    let page = parse(include_bytes!("fixtures/many.json")).unwrap();
    let lines = parse(include_bytes!("fixtures/forwarded.ndjson")).unwrap();
    assert_eq!((lines.entries, &lines.observations), (page.entries, &page.observations));
    assert!(!format!("{page:?}").contains("hunter2"));
}

#[test]
fn says_where_an_event_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("sysdig-events-json") && error.contains("`labels`"), "{error}");
}
