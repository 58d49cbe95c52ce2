//! The mapping of Falco's alerts, data in, data out.

use domain::severity::Severity;

use super::parse;
use crate::test_support::{events, executed, messages};

#[test]
fn what_falco_says_of_itself_is_no_alert() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert!(parsed.observations.is_empty() && parsed.entries == 0);
    assert_eq!(messages(&parsed), ["what Falco says of itself is no alert and was passed over"]);
}

#[test]
fn keeps_one_alert_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let event = events(&parsed)[0];
    assert_eq!((event.tool.name.as_str(), event.rule.as_str()), ("falco", "Terminal shell in container"));
    assert_eq!((event.severity, event.severity_word.as_str()), (Severity::Low, "Notice"));
    assert_eq!(event.id.as_deref(), Some("11111111-2222-3333-4444-555555555555"));
    let title = "A shell was spawned in a container with an attached terminal";
    assert_eq!(event.title.as_deref(), Some(title));
    assert_eq!(event.first_seen, crate::time::parse("2026-02-03T10:20:30.123456789Z"));
    assert_eq!((event.first_seen, event.count), (event.last_seen, 1));
    let container = &event.container;
    assert_eq!((container.name.as_deref(), container.id.as_deref()), (Some("api"), Some("0f1e2d3c4b5a")));
    let reference = container.reference.as_ref().unwrap();
    assert_eq!(reference.to_string(), "registry.example.com/shop/api:1.2");
    let place = [&event.place.namespace, &event.place.kind, &event.place.name, &event.place.node];
    let place: Vec<&str> = place.into_iter().flatten().map(String::as_str).collect();
    assert_eq!(place, ["shop", "Pod", "api-6f7d9-x2x4z", "node-1"]);
    let evidence = "process /bin/bash (pid 4711, user root), started by node";
    assert_eq!(event.evidence.as_deref(), Some(evidence));
    assert_eq!(event.techniques, ["T1059"]);
    assert_eq!(executed(&parsed), [("/bin/bash", Some("0f1e2d3c4b5a"))]);
}

#[test]
fn a_program_that_the_image_does_not_hold_is_foreign_and_nothing_of_it() {
    let alert = |fields: serde_json::Value| {
        let alert = serde_json::json!({
            "output": "o", "priority": "Notice", "rule": "Shell", "source": "syscall",
            "time": "2026-02-03T10:20:30Z", "output_fields": fields,
        });
        parse(alert.to_string().as_bytes()).unwrap()
    };
    let of = |more: &str, value: serde_json::Value| {
        let mut fields = serde_json::json!({ "container.id": "0f1e2d3c4b5a", "proc.exepath": "/tmp/x" });
        fields[more] = value;
        alert(fields)
    };
    for (field, value, expected) in [
        ("proc.is_exe_upper_layer", true.into(), true),
        ("proc.is_exe_from_memfd", "true".into(), true),
        ("proc.is_exe_upper_layer", false.into(), false),
        ("proc.is_exe_upper_layer", serde_json::Value::Null, false),
        ("proc.is_sid_leader", true.into(), false),
    ] {
        let parsed = of(field, value);
        assert_eq!(
            (events(&parsed)[0].foreign, executed(&parsed).is_empty()),
            (expected, expected),
            "{field}"
        );
    }
}

#[test]
fn command_lines_and_queries_are_not_kept() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    assert!(!format!("{parsed:?}").contains("hunter2"));
}

#[test]
fn the_same_rule_in_one_place_is_one_event() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let events = events(&parsed);
    let told: Vec<(&str, u64)> = events.iter().map(|event| (event.rule.as_str(), event.count)).collect();
    let expected: [(&str, u64); 4] = [
        ("Terminal shell in container", 2),
        ("Read sensitive file untrusted", 1),
        ("Attach/Exec Pod", 1),
        ("Custom", 1),
    ];
    assert_eq!((parsed.entries, told), (7, expected.to_vec()));
    assert_eq!(events[0].first_seen, crate::time::parse("2026-02-03T10:00:00Z"));
    assert_eq!(events[0].id, None);
}

#[test]
fn hosts_and_clusters_have_alerts_too() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    let events = events(&parsed);
    let (host, audit, custom) = (events[1], events[2], events[3]);
    assert_eq!((host.container.id.as_deref(), host.place.node.as_deref()), (None, Some("node-1")));
    assert_eq!(host.place.name, None);
    assert_eq!(host.evidence.as_deref(), Some("process cat (user root); file /etc/shadow"));
    let call = "call create /api/v1/namespaces/shop/pods/api/exec by anna";
    assert_eq!(audit.evidence.as_deref(), Some(call));
    assert_eq!((audit.place.kind.as_deref(), audit.place.name.as_deref()), (Some("Pod"), Some("api")));
    assert_eq!((custom.severity, custom.title.as_deref()), (Severity::Critical, None));
    let (_, digest) = custom.container.digest.as_ref().unwrap();
    assert!(digest.as_str().ends_with("aaaa"));
}

#[test]
fn what_has_no_place_is_told() {
    let parsed = parse(include_bytes!("fixtures/many.json")).unwrap();
    assert_eq!(
        messages(&parsed),
        [
            "an alert from aws_cloudtrail was set aside: it is about no container, and Plimsoll has no place for it yet",
            "an alert without a rule was skipped",
            "a line that is no alert was passed over (2 times)",
        ]
    );
}

#[test]
fn an_array_says_the_same() {
    let array = parse(include_bytes!("fixtures/array.json")).unwrap();
    assert_eq!(array, parse(include_bytes!("fixtures/one.json")).unwrap());
}

#[test]
fn says_where_an_alert_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("falco-json") && error.contains("output_fields"), "{error}");
}
