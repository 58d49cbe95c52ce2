//! Findings put together by image. Refuses the network.

use serde_json::json;
use serde_json::value::{RawValue, to_raw_value};

use super::gathering::{Gathered, Gathering, document};

fn row(id: &str, repository: &str, letter: &str) -> Box<RawValue> {
    let digest = format!("sha256:{}", letter.repeat(64));
    let artefact = json!({"registryHost": "shop.azurecr.io", "repositoryName": repository, "digest": digest});
    to_raw_value(&json!({"id": id, "properties": {"additionalData": {"artifactDetails": artefact}}})).unwrap()
}

fn shown(complete: Vec<Gathered>) -> Vec<String> {
    let show = |one: Gathered| format!("{} {}", one.image.familiar(), one.rows.len());
    complete.into_iter().map(show).collect()
}

#[test]
fn an_image_is_complete_when_the_next_digest_begins() {
    let mut gathering = Gathering::default();
    assert_eq!(shown(gathering.add(row("1", "api", "a"))), [""; 0]);
    assert_eq!(shown(gathering.add(row("2", "api", "a"))), [""; 0]);
    assert_eq!(shown(gathering.add(row("3", "copy", "a"))), [""; 0]);
    assert_eq!(shown(gathering.add(row("4", "api", "b"))), ["api@aaaaaaaaaaaa 2", "copy@aaaaaaaaaaaa 1"]);
    assert_eq!(shown(gathering.add(row("5", "api", "a"))), ["api@bbbbbbbbbbbb 1"]);
    assert_eq!((shown(gathering.rest()).len(), gathering.late()), (0, 1), "half a document replaces nothing");
}

#[test]
fn what_names_no_image_is_left_out() {
    let mut gathering = Gathering::default();
    for text in ["{}", r#"{"properties": null}"#, "[]"] {
        let raw = RawValue::from_string(text.to_owned()).unwrap();
        assert_eq!(shown(gathering.add(raw)), [""; 0]);
    }
    assert_eq!((shown(gathering.rest()).len(), gathering.late()), (0, 0));
}

#[test]
fn the_same_findings_are_the_same_document() {
    let (one, other) = (row("1", "api", "a"), row("2", "api", "a"));
    assert_eq!(document(&[one.clone(), other.clone()]), document(&[other, one]));
}
