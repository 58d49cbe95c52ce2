//! The mapping of Tetragon's events, data in, data out.

use domain::severity::Severity;
use serde_json::json;

use super::parse;
use crate::test_support::{events, executed, loaded, messages};

#[test]
fn events_left_out_are_told() {
    let parsed = parse(include_bytes!("fixtures/none.json")).unwrap();
    assert!(parsed.observations.is_empty() && parsed.entries == 0);
    assert_eq!(messages(&parsed), ["Tetragon left events out because there were too many"]);
}

#[test]
fn keeps_one_match_in_full() {
    let parsed = parse(include_bytes!("fixtures/one.json")).unwrap();
    let event = events(&parsed)[0];
    assert_eq!((event.tool.name.as_str(), event.rule.as_str()), ("tetragon", "file-monitoring"));
    assert_eq!((event.severity, event.severity_word.as_str()), (Severity::Unknown, ""));
    assert_eq!(event.title.as_deref(), Some("A sensitive file was written"));
    assert_eq!(event.first_seen, crate::time::parse("2026-02-03T10:20:30.123456789Z"));
    let container = &event.container;
    assert_eq!((container.name.as_deref(), container.id.as_deref()), (Some("api"), Some("0f1e2d3c4b5a")));
    assert_eq!(container.image.as_deref(), Some("registry.example.com/shop/api:1.2"));
    assert!(container.digest.as_ref().unwrap().1.as_str().ends_with("aaaa"));
    let place = &event.place;
    let place = [&place.cluster, &place.namespace, &place.kind, &place.name, &place.node];
    let place: Vec<&str> = place.into_iter().flatten().map(String::as_str).collect();
    assert_eq!(place, ["prod", "shop", "Deployment", "api", "node-1"]);
    let evidence = "process /usr/bin/vi (pid 4711, user 0), started by /bin/bash; call of security_file_permission; \
                    file /etc/passwd";
    assert_eq!(event.evidence.as_deref(), Some(evidence));
    assert_eq!(event.techniques, ["T1543"]);
}

#[test]
fn what_merely_ran_is_counted_and_what_was_executed_is_kept() {
    let parsed = parse(include_bytes!("fixtures/many.ndjson")).unwrap();
    assert_eq!(parsed.entries, 7);
    assert_eq!(
        messages(&parsed),
        [
            "process_exit tells what happened and is no alert: it was set aside",
            "Tetragon left events out because there were too many",
        ]
    );
    assert!(executed(&parsed).contains(&("/usr/bin/vi", Some("0f1e2d3c4b5a"))), "{:?}", executed(&parsed));
    assert!(!executed(&parsed).iter().any(|(file, _)| file.starts_with("/proc/")));
}

#[test]
fn matches_and_binaries_in_memory_are_events() {
    let parsed = parse(include_bytes!("fixtures/many.ndjson")).unwrap();
    let events = events(&parsed);
    let told: Vec<(&str, u64)> = events.iter().map(|event| (event.rule.as_str(), event.count)).collect();
    let expected: [(&str, u64); 4] = [
        ("file-monitoring", 2),
        ("tcp_connect", 1),
        ("process_exec: binary without a name", 1),
        ("syscalls sys_enter_ptrace", 5),
    ];
    assert_eq!(told, expected);
    assert!(events[0].evidence.as_deref().unwrap().contains("process /usr/bin/tee"));
    let killed = "process /usr/bin/vi (pid 4711, user 0); call of tcp_connect; connection to 198.51.100.7 port 443; \
                  Tetragon answered with SIGKILL";
    assert_eq!(events[1].evidence.as_deref(), Some(killed));
    assert_eq!(
        (events[1].container.id.as_deref(), events[1].place.name.as_deref()),
        (Some("0f1e2d3c4b5a"), None)
    );
    assert_eq!(events.iter().map(|event| event.foreign).collect::<Vec<_>>(), [false, false, true, false]);
    assert!(events[2].evidence.as_deref().unwrap().starts_with("process /proc/self/fd/3"));
    assert_eq!(events[3].place.node.as_deref(), Some("node-2"));
}

#[test]
fn a_file_that_is_mapped_to_be_run_is_loaded() {
    let parsed = parse(include_bytes!("fixtures/loaded.ndjson")).unwrap();
    assert_eq!(
        loaded(&parsed),
        [
            ("/usr/lib/x86_64-linux-gnu/libssl.so.3", Some("0f1e2d3c4b5a")),
            ("/app/node_modules/bcrypt/lib/binding/bcrypt_lib.node", Some("0f1e2d3c4b5a")),
        ]
    );
    assert_eq!(executed(&parsed), [("/usr/local/bin/node", Some("0f1e2d3c4b5a"))]);
    // What a policy matched stays an event, and the sensor of loaded files does not say how.
    let told: Vec<(&str, u64)> =
        events(&parsed).iter().map(|event| (event.rule.as_str(), event.count)).collect();
    assert_eq!(told, [("libraries", 3), ("libraries-lsm", 1)]);
    assert_eq!((parsed.entries, parsed.skipped), (5, 1));
    assert_eq!(messages(&parsed), ["process_loader tells what happened and is no alert: it was set aside"]);
}

#[test]
fn only_a_mapping_that_is_surely_run_is_loaded() {
    let file = |path: &str| json!({ "file_arg": { "path": path, "permission": "-rwxr-xr-x" } });
    let lib = || file("/lib/libz.so.1");
    let unresolved = json!({ "file_arg": { "path": "/libz.so.1", "flags": "unresolvedPathComponents" } });
    let mapping = "security_mmap_file";
    for (function, args, rest, expected) in [
        (mapping, vec![lib(), json!({ "uint_arg": 5 })], json!({}), true),
        (mapping, vec![lib(), json!({ "size_arg": "5" })], json!({ "return": { "int_arg": 0 } }), true),
        (mapping, vec![lib(), json!({ "int_arg": 7 })], json!({ "action": "KPROBE_ACTION_POST" }), true),
        ("mmap_file", vec![lib(), json!({ "long_arg": "4" })], json!({}), true),
        (mapping, vec![lib(), json!({ "uint_arg": 3 })], json!({}), false),
        (mapping, vec![lib(), json!({ "uint_arg": 2054 })], json!({}), false),
        (mapping, vec![lib()], json!({}), false),
        (mapping, vec![json!({ "uint_arg": 5 }), lib()], json!({}), false),
        (mapping, vec![unresolved, json!({ "uint_arg": 5 })], json!({}), false),
        (mapping, vec![file(""), json!({ "uint_arg": 5 })], json!({}), false),
        (mapping, vec![lib(), json!({ "uint_arg": 5 })], json!({ "return": { "int_arg": -13 } }), false),
        (mapping, vec![lib(), json!({ "uint_arg": 5 })], json!({ "return": {} }), false),
        (
            mapping,
            vec![lib(), json!({ "uint_arg": 5 })],
            json!({ "action": "KPROBE_ACTION_OVERRIDE" }),
            false,
        ),
        ("security_file_open", vec![lib(), json!({ "uint_arg": 5 })], json!({}), false),
        ("security_bprm_check", vec![lib(), json!({ "uint_arg": 5 })], json!({}), false),
    ] {
        let mut hook = json!({
            "process": { "exec_id": "1", "binary": "/app/api", "docker": "0f1e2d3c4b5a" },
            "function_name": function, "args": args, "policy_name": "libraries",
        });
        let more = rest.as_object().unwrap().clone();
        hook.as_object_mut().unwrap().extend(more);
        let event = json!({ "process_kprobe": hook, "time": "2026-02-03T10:20:30Z" });
        let parsed = parse(event.to_string().as_bytes()).unwrap();
        assert_eq!(loaded(&parsed).len(), usize::from(expected), "{event}");
    }
}

#[test]
fn command_lines_and_contents_are_not_kept() {
    let parsed = parse(include_bytes!("fixtures/many.ndjson")).unwrap();
    let kept = format!("{parsed:?}");
    assert!(!kept.contains("hunter2") && !kept.contains("aHVudGVyMg"));
}

#[test]
fn says_where_an_event_is_broken() {
    let error = parse(include_bytes!("fixtures/broken.json")).unwrap_err().to_string();
    assert!(error.contains("tetragon-json") && error.contains("process_kprobe.args"), "{error}");
}
