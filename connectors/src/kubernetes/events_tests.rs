//! Lines as API servers write them. Refuses the network.

use serde_json::{Value, json};

use super::*;

/// A pod with a digest, ready or not, at a version of its cluster.
fn pod(version: &str, ready: bool, image: &str) -> Value {
    json!({
        "kind": "Pod", "apiVersion": "v1",
        "metadata": { "name": "web", "namespace": "shop", "uid": "1", "resourceVersion": version },
        "spec": { "nodeName": "n", "containers": [{ "name": "main", "image": image }] },
        "status": {
            "phase": "Running",
            "conditions": [{ "type": "Ready", "status": if ready { "True" } else { "False" } }],
            "containerStatuses": [{ "name": "main", "image": image, "imageID": "", "state": { "running": {} } }],
        },
    })
}

fn line(kind: &str, object: &Value) -> Vec<u8> {
    format!("{}\n", json!({ "type": kind, "object": object })).into_bytes()
}

#[test]
fn what_changes_nothing_observed_is_passed_over() {
    let mut known = Known::default();
    let mut read = |kind: &str, object: &Value| known.read(&line(kind, object));
    let (changed, reached) =
        (|at: &str| Event::Changed(at.to_owned()), |at: &str| Event::Reached(at.to_owned()));
    assert_eq!(read("ADDED", &pod("1", false, "a:1")), changed("1"));
    assert_eq!(read("MODIFIED", &pod("2", true, "a:1")), reached("2"), "it is ready, which nobody observes");
    assert_eq!(read("MODIFIED", &pod("3", true, "a:2")), changed("3"));
    assert_eq!(read("DELETED", &pod("4", true, "a:2")), changed("4"));
    assert_eq!(read("ADDED", &pod("5", true, "a:2")), changed("5"), "it was gone in between");
}

#[test]
fn a_bookmark_says_how_far_it_is() {
    let bookmark = json!({ "kind": "Pod", "apiVersion": "v1", "metadata": { "resourceVersion": "12746" } });
    assert_eq!(Known::default().read(&line("BOOKMARK", &bookmark)), Event::Reached("12746".to_owned()));
}

#[test]
fn what_expired_and_what_cannot_be_read_is_told_apart() {
    let status = |code: u16| json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "code": code });
    let read = |line: &[u8]| Known::default().read(line);
    assert_eq!(read(&line("ERROR", &status(410))), Event::Expired);
    for hostile in [
        line("ERROR", &status(500)),
        line("RENAMED", &pod("1", true, "a:1")),
        line("ADDED", &pod("", true, "a:1")),
        line("ADDED", &json!([])),
        b"{\"type\":\"ADDED\"}\n".to_vec(),
        b"\n".to_vec(),
        b"<html>\n".to_vec(),
    ] {
        assert_eq!(read(&hostile), Event::Broken, "{}", String::from_utf8_lossy(&hostile));
    }
}

#[test]
fn an_object_that_cannot_be_observed_counts_as_changed() {
    let mut known = Known::default();
    let odd = json!({
        "kind": "Pod", "apiVersion": "v1", "spec": 7,
        "metadata": { "name": "web", "namespace": "shop", "uid": "1", "resourceVersion": "1" },
    });
    for _ in 0..2 {
        assert_eq!(known.read(&line("MODIFIED", &odd)), Event::Changed("1".to_owned()));
    }
}

#[tokio::test]
async fn lines_are_cut_where_they_end_and_a_broken_one_is_not_told() {
    let mut lines = Lines::new(Body::from(b"one\n\ntwo\nthr".to_vec()));
    let mut told = Vec::new();
    while let Some(line) = lines.next().await.unwrap() {
        told.push(String::from_utf8(line).unwrap());
    }
    assert_eq!(told, ["one\n", "\n", "two\n"]);
    let mut endless = Lines::new(Body::from(vec![b'x'; LONGEST + 1]));
    assert!(endless.next().await.is_err());
}
