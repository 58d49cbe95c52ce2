//! The mapping of gadgets' records, data in, data out.

use domain::severity::Severity;

use super::parse;
use crate::test_support::{events, executed, messages};

#[test]
fn a_message_is_no_record() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert!(parsed.observations.is_empty() && parsed.entries == 0);
    assert_eq!(messages(&parsed), ["a message of a gadget is no record and was passed over"]);
}

#[test]
fn keeps_one_record_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let event = events(&parsed)[0];
    assert_eq!(event.tool.name, "inspektor-gadget");
    assert_eq!(event.rule, "trace_exec: file not of the image");
    assert_eq!((event.severity, event.severity_word.as_str()), (Severity::Unknown, ""));
    assert_eq!(event.first_seen, crate::time::parse("2026-02-03T10:20:30.123456789Z"));
    let container = &event.container;
    assert_eq!((container.name.as_deref(), container.id.as_deref()), (Some("api"), Some("0f1e2d3c4b5a")));
    assert_eq!(container.image.as_deref(), Some("registry.example.com/shop/api:1.2"));
    assert!(container.digest.as_ref().unwrap().1.as_str().ends_with("aaaa"));
    let place = [&event.place.namespace, &event.place.kind, &event.place.name, &event.place.node];
    let place: Vec<&str> = place.into_iter().flatten().map(String::as_str).collect();
    assert_eq!(place, ["shop", "Deployment", "api", "node-1"]);
    let evidence = "process /tmp/xm (pid 4711, user root), started by sh";
    assert_eq!(event.evidence.as_deref(), Some(evidence));
    assert!(event.foreign);
}

#[test]
fn what_a_container_should_not_do_is_an_event() {
    let parsed = parse(include_bytes!("fixtures/many.ndjson")).unwrap();
    let events = events(&parsed);
    let told: Vec<(&str, u64)> = events.iter().map(|event| (event.rule.as_str(), event.count)).collect();
    let expected: [(&str, u64); 4] = [
        ("trace_exec: file not of the image", 2),
        ("audit_seccomp", 1),
        ("trace_mount", 1),
        ("trace_exec: file not of the image", 1),
    ];
    assert_eq!(told, expected);
    assert_eq!(events[0].last_seen, crate::time::parse("2026-02-03T11:20:00Z"));
    assert!(
        events[1].evidence.as_deref().unwrap().ends_with("SYS_MKDIR answered with SECCOMP_RET_KILL_THREAD")
    );
    assert!(events[2].evidence.as_deref().unwrap().ends_with("mount of /dev/sda1 at /mnt"));
    assert_eq!(
        (events[3].place.kind.as_deref(), events[3].container.name.as_deref()),
        (Some("Pod"), Some("api"))
    );
    assert_eq!(events[3].evidence.as_deref(), Some("process xm (pid 4711), started by sh"));
}

#[test]
fn traces_are_counted_and_set_aside() {
    let parsed = parse(include_bytes!("fixtures/many.ndjson")).unwrap();
    assert_eq!(parsed.entries, 9);
    assert_eq!(
        messages(&parsed),
        [
            "a record tells what happened and is no alert: it was set aside (2 times)",
            "a record of what runs in no container was set aside",
        ]
    );
    assert_eq!(executed(&parsed), [("/bin/ls", Some("0f1e2d3c4b5a"))]);
    assert!(!format!("{parsed:?}").contains("hunter2"));
}

#[test]
fn an_array_says_the_same() {
    let array = parse(include_bytes!("fixtures/array.json")).unwrap();
    assert_eq!(array, parse(include_bytes!("fixtures/many.ndjson")).unwrap());
}

#[test]
fn says_where_a_record_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("inspektor-gadget-json") && error.contains("`k8s`"), "{error}");
}
