//! Findings put together by image, and images without any. Refuses the network.

use std::collections::BTreeMap;

use serde_json::json;
use serde_json::value::{RawValue, to_raw_value};

use super::gathering::{Gathered, Gathering, document};
use super::healthy::named;

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

#[test]
fn an_assessment_names_its_image_as_a_resource_or_as_it_is_pulled() {
    let digest = format!("sha256:{}", "a".repeat(64));
    let registry = "/subscriptions/1/resourceGroups/RG/providers/Microsoft.ContainerRegistry/registries/Shop";
    let hosts = BTreeMap::from([(registry.to_ascii_lowercase(), "shop-ab12.azurecr.io".to_owned())]);
    let image = |id: String| {
        let row = json!({"properties": {"resourceDetails": {"Source": "Azure", "Id": id}}});
        named(&to_raw_value(&row).unwrap())?.image(Some(&hosts)).map(|image| image.to_string())
    };
    let in_azure = format!("{registry}/repositories/team/api/images/{digest}");
    assert_eq!(image(in_azure).unwrap(), format!("shop-ab12.azurecr.io/team/api@{digest}"));
    assert_eq!(image(format!("{registry}2/repositories/api/images/{digest}")), None, "its host is not known");
    let pulled = format!("111122223333.dkr.ecr.eu-west-1.amazonaws.com/api@{digest}");
    assert_eq!(image(pulled.clone()).unwrap(), pulled);
    for other in ["", registry, "111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1"] {
        assert_eq!(image(other.to_owned()), None, "{other}");
    }
}

#[test]
fn what_anything_was_told_of_is_not_without_findings() {
    let mut gathering = Gathering::default();
    let digest = |letter: &str| format!("sha256:{}", letter.repeat(64));
    gathering.add(row("1", "api", "a"));
    gathering.add(row("2", "api", "b"));
    assert!(gathering.has(&digest("a")) && gathering.has(&digest("b")) && !gathering.has(&digest("c")));
    gathering.rest();
    assert!(gathering.has(&digest("a")) && gathering.has(&digest("b")));
}
