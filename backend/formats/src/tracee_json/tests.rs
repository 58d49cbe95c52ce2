//! The mapping of Tracee's events, data in, data out.

use domain::observation::Observation;
use domain::severity::Severity;

use super::parse;
use crate::test_support::{events, executed, loaded, messages};

#[test]
fn what_tracee_tells_of_itself_is_no_event() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert!(parsed.observations.is_empty() && parsed.entries == 0);
    assert_eq!(messages(&parsed), ["what Tracee tells of itself is no event and was passed over"]);
}

#[test]
fn keeps_one_detection_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let event = events(&parsed)[0];
    assert_eq!((event.tool.name.as_str(), event.rule.as_str()), ("tracee", "anti_debugging"));
    assert_eq!((event.severity, event.severity_word.as_str()), (Severity::Low, "1"));
    assert_eq!(event.title.as_deref(), Some("Anti-Debugging detected"));
    assert_eq!(event.first_seen, crate::time::parse("2026-02-03T10:20:30.123456789Z"));
    let container = &event.container;
    assert_eq!((container.name.as_deref(), container.id.as_deref()), (Some("api"), Some("0f1e2d3c4b5a")));
    assert_eq!(container.reference.as_ref().unwrap().repository, "shop/api");
    assert!(container.digest.as_ref().unwrap().1.as_str().ends_with("aaaa"));
    let place = [&event.place.namespace, &event.place.kind, &event.place.name, &event.place.node];
    let place: Vec<&str> = place.into_iter().flatten().map(String::as_str).collect();
    assert_eq!(place, ["shop", "Pod", "api-6f7d9-x2x4z", "node-1"]);
    assert_eq!(event.evidence.as_deref(), Some("process /bin/sh (pid 4711, user 0)"));
    assert_eq!(event.techniques, ["T1622"]);
}

#[test]
fn signatures_detectors_and_named_policies_are_events() {
    let parsed = parse(include_bytes!("fixtures/many.ndjson")).unwrap();
    let events = events(&parsed);
    let told: Vec<(&str, u64)> = events.iter().map(|event| (event.rule.as_str(), event.count)).collect();
    let expected: [(&str, u64); 4] = [
        ("anti_debugging", 2),
        ("secrets: security_file_open", 1),
        ("fileless_execution", 1),
        ("egress: security_socket_connect", 1),
    ];
    assert_eq!(told, expected);
    assert_eq!(events[0].first_seen, crate::time::parse("2026-02-03T10:20:00Z"));
    assert_eq!(events[1].severity, Severity::Unknown);
    let opened = "process /bin/sh (pid 4711, user 0); file /etc/shadow";
    assert_eq!(events[1].evidence.as_deref(), Some(opened));
    let connected = "process /bin/sh (pid 4711, user 0); connection to 198.51.100.7 port 443";
    assert_eq!((events[3].evidence.as_deref(), events[3].place.name.as_deref()), (Some(connected), None));
}

#[test]
fn the_layout_of_the_api_says_the_same() {
    let parsed = parse(include_bytes!("fixtures/many.ndjson")).unwrap();
    let event = events(&parsed)[2];
    assert_eq!((event.severity, event.severity_word.as_str()), (Severity::High, "HIGH"));
    assert_eq!(event.title.as_deref(), Some("Fileless execution"));
    assert_eq!(event.first_seen, crate::time::parse("2026-02-03T10:20:30.000000005Z"));
    assert_eq!(event.techniques, ["T1620"]);
    let place = (event.place.namespace.as_deref(), event.place.name.as_deref());
    assert_eq!((place, event.container.id.as_deref()), ((Some("shop"), Some("web-1")), Some("77")));
    assert!(event.container.digest.as_ref().unwrap().1.as_str().ends_with("bbbb"));
    assert_eq!(event.evidence.as_deref(), Some("process /memfd:x; file /memfd:x"));
}

#[test]
fn what_was_merely_traced_is_counted_and_arguments_are_not_kept() {
    let parsed = parse(include_bytes!("fixtures/many.ndjson")).unwrap();
    assert_eq!(parsed.entries, 6);
    assert_eq!(
        messages(&parsed),
        ["security_file_open tells what happened and is no alert: it was set aside"]
    );
    assert!(!format!("{parsed:?}").contains("hunter2"));
}

#[test]
fn a_program_that_a_container_executes_is_kept_once() {
    let one = |id: &str, path: &str| {
        serde_json::json!({
            "timestamp": 1_770_114_030_123_456_789_i64, "eventName": "sched_process_exec", "eventId": 1,
            "processName": "api", "hostProcessId": 1, "container": { "id": id }, "matchedPolicies": ["default-policy"],
            "args": [{ "name": "pathname", "value": path }, { "name": "argv", "value": ["--key=hunter2"] }],
        })
    };
    let whole = serde_json::json!([
        one("0f1e2d3c4b5a", "/app/api"),
        one("0f1e2d3c4b5a", "/app/api"),
        one("", "/usr/sbin/cron"),
        one("0f1e2d3c4b5a", "memfd:x"),
    ]);
    let parsed = parse(whole.to_string().as_bytes()).unwrap();
    assert_eq!(executed(&parsed), [("/app/api", Some("0f1e2d3c4b5a"))]);
    assert_eq!(
        messages(&parsed),
        ["sched_process_exec tells what happened and is no alert: it was set aside (2 times)"]
    );
    assert!(!format!("{parsed:?}").contains("hunter2"));
}

#[test]
fn a_library_that_a_container_loads_is_kept_and_is_no_detection() {
    let parsed = parse(include_bytes!("fixtures/loaded.ndjson")).unwrap();
    assert!(events(&parsed).is_empty() && executed(&parsed).is_empty(), "{parsed:?}");
    assert_eq!(
        loaded(&parsed),
        [
            ("/usr/lib/x86_64-linux-gnu/libssl.so.3", Some("0f1e2d3c4b5a")),
            ("/app/node_modules/bcrypt/lib/binding/bcrypt_lib.node", Some("77")),
        ]
    );
    let Some(Observation::Executed(twice)) = parsed.observations.first() else { panic!("{parsed:?}") };
    assert_eq!((twice.tool.name.as_str(), twice.count), ("tracee", 2));
    assert_eq!(twice.last_seen, crate::time::parse("2026-02-03T10:20:40Z"));
    assert_eq!(twice.container.image.as_deref(), Some("registry.example.com/shop/api:1.2"));
    assert_eq!((parsed.entries, parsed.skipped), (5, 2));
    assert_eq!(
        messages(&parsed),
        ["shared_object_loaded tells what happened and is no alert: it was set aside (2 times)"]
    );
}

#[test]
fn says_where_an_event_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("tracee-json") && error.contains("`args`"), "{error}");
}
