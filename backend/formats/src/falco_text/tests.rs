//! The mapping of Falco's log, data in, data out.

use domain::severity::Severity;

use super::parse;
use crate::test_support::{events, messages};

#[test]
fn a_start_without_alerts_says_nothing() {
    let parsed = parse(include_bytes!("fixtures/none.log")).unwrap();
    assert!(parsed.observations.is_empty() && parsed.warnings.is_empty());
    assert_eq!(parsed.tool.unwrap().version.as_deref(), Some("0.35.1"));
}

#[test]
fn keeps_one_alert_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.log")).unwrap();
    let event = events(&parsed)[0];
    assert_eq!(event.rule, "A shell was spawned in a container with an attached terminal");
    assert_eq!((event.severity, event.severity_word.as_str()), (Severity::Low, "Notice"));
    assert_eq!(event.first_seen, crate::time::parse("2026-02-03T10:20:30.123456789Z"));
    let container = &event.container;
    assert_eq!((container.name.as_deref(), container.id.as_deref()), (Some("api"), Some("0f1e2d3c4b5a")));
    assert_eq!(container.image.as_deref(), Some("registry.example.com/shop/api:1.2"));
    assert_eq!((event.place.kind.as_deref(), event.place.namespace.as_deref()), (Some("Pod"), Some("shop")));
    assert_eq!(event.evidence.as_deref(), Some("process /bin/bash (user root), started by node"));
    assert!(!format!("{parsed:?}").contains("hunter2"));
    assert_eq!(
        messages(&parsed),
        ["the text does not name the rule of an alert: the beginning of its output stands for it"]
    );
}

#[test]
fn alerts_are_read_behind_other_words() {
    let parsed = parse(include_bytes!("fixtures/many.log")).unwrap();
    let events = events(&parsed);
    let told: Vec<(&str, u64)> = events.iter().map(|event| (event.rule.as_str(), event.count)).collect();
    let expected: [(&str, u64); 3] = [
        ("Sensitive file opened for reading by non-trusted program", 2),
        ("File below a known binary directory opened for writing", 1),
        ("Terminal shell in container", 1),
    ];
    assert_eq!((parsed.entries, told), (4, expected.to_vec()));
    assert_eq!((events[0].last_seen, events[0].container.id.as_deref()), (None, None));
    assert_eq!(events[0].evidence.as_deref(), Some("file /etc/shadow"));
    assert_eq!((events[1].severity, events[1].container.image.as_deref()), (Severity::High, None));
    assert_eq!(
        messages(&parsed),
        [
            "the time of an alert has no date and is not kept (3 times)",
            "the text does not name the rule of an alert: the beginning of its output stands for it (3 times)",
            "a line of JSON that is no alert was skipped",
            "an alert without a word was skipped",
        ]
    );
}

#[test]
fn says_where_a_line_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.log")).unwrap_err().to_string();
    assert!(error.contains("falco-text") && error.contains("line 1"), "{error}");
}
