//! From answers of Artifactory and Xray to manifests, repositories and documents. Refuses the network.

use domain::digest::Digest;
use domain::source::{Values, validate};
use serde_json::{Value, json};

use super::DESCRIPTOR;
use super::files::{cut, images, placed, query};
use super::keys::{Key, holding};
use super::repositories::described;
use super::scans::told;
use super::wire::{Found, Listed, Setup, Summaries};
use crate::missing::Missing;

fn digest(letter: char) -> Digest {
    format!("sha256:{}", letter.to_string().repeat(64)).parse().unwrap()
}

fn key(name: &str, kind: &str) -> Key {
    Key { name: name.to_owned(), kind: kind.to_owned(), package: "docker".to_owned() }
}

fn found(results: Value) -> Found {
    serde_json::from_value(json!({ "results": results, "range": {"start_pos": 0, "notification": null} }))
        .unwrap()
}

/// A manifest's file as a query tells it.
fn file(path: &str, letter: char, modified: &str) -> Value {
    json!({
        "repo": "docker-local", "path": path, "name": "manifest.json", "created": "2026-09-01T00:00:00.000Z",
        "modified": modified, "sha256": letter.to_string().repeat(64),
        "properties": [
            {"key": "docker.label.team"}, {"key": "docker.manifest", "value": "x"},
            {"key": "docker.manifest.digest", "value": digest(letter)},
            {"key": "docker.manifest.type", "value": "application/vnd.oci.image.manifest.v1+json"},
        ],
    })
}

#[test]
fn repositories_with_images_are_told_by_their_kind() {
    let listed: Vec<Listed> = serde_json::from_value(json!([
        {"key": "docker-local", "type": "LOCAL", "packageType": "Docker", "url": "https://a.b/artifactory/docker-local"},
        {"key": "charts", "type": "LOCAL", "packageType": "HelmOCI"},
        {"key": "hub", "type": "REMOTE", "packageType": "Docker"},
        {"key": "all", "type": "VIRTUAL", "packageType": "Docker", "description": null},
        {"key": "oci-here", "type": "FEDERATED", "packageType": "OCI"},
        {"key": null, "type": "LOCAL", "packageType": "Docker"},
    ]))
    .unwrap();
    let keys = holding(listed);
    let kinds: Vec<(&str, &str, String)> =
        keys.iter().map(|key| (key.name.as_str(), key.kind.as_str(), key.storage())).collect();
    let expected = [
        ("docker-local", "local", "docker-local"),
        ("hub", "remote", "hub-cache"),
        ("all", "virtual", "all"),
        ("oci-here", "federated", "oci-here"),
    ];
    assert_eq!(kinds, expected.map(|(name, kind, storage)| (name, kind, storage.to_owned())));
    assert!(keys[2].is_virtual() && !keys[3].is_remote());
    assert_eq!(keys[3].package, "oci");
}

#[test]
fn one_query_tells_all_manifests_of_an_image() {
    let asked = query(&key("docker-local", "local"), Some("team/api"));
    assert!(
        asked.contains(r#""repo":"docker-local""#) && asked.contains(r#"{"$match":"team/api/*"}"#),
        "{asked}"
    );
    assert!(asked.starts_with("items.find({") && asked.ends_with(r#","sha256","property")"#), "{asked}");
    let asked = query(&key("hub", "remote"), None);
    assert!(asked.contains(r#""repo":"hub-cache""#) && !asked.contains("$match"), "{asked}");
}

#[test]
fn a_file_is_a_tag_or_a_digest_with_its_time() {
    let fallback = format!("team/api/sha256-{}.sig", "c".repeat(64));
    let files = found(json!([
        file("team/api/2.0", 'b', "2026-10-02T00:00:00.000Z"),
        file("team/api/latest", 'b', "2026-10-03T00:00:00.000Z"),
        file(&format!("team/api/{}", digest('a')), 'a', "2026-10-01T00:00:00.000Z"),
        file(&fallback, 'c', "2026-10-01T00:00:00.000Z"),
        file("team/api/inner/1.0", 'd', "2026-10-01T00:00:00.000Z"),
        file("team/api/-odd", 'd', "2026-10-01T00:00:00.000Z"),
        {"path": "team/api/bare", "sha256": "e".repeat(64), "created": "2026-10-04T00:00:00.000Z"},
        {"path": "team/api/nothing", "properties": null},
    ]));
    let placed = placed("team/api", &files.results);
    let seen: Vec<(Option<&str>, &Digest, String)> = placed
        .iter()
        .map(|one| (one.tag.as_deref(), &one.digest, one.put_at.unwrap().format("%m-%d").to_string()))
        .collect();
    let (a, b, e) = (digest('a'), digest('b'), digest('e'));
    assert_eq!(
        seen,
        [
            (None, &a, "10-01".to_owned()),
            (Some("2.0"), &b, "10-02".to_owned()),
            (Some("latest"), &b, "10-03".to_owned()),
            (Some("bare"), &e, "10-04".to_owned()),
        ]
    );
    assert_eq!(
        (placed[1].media_type.as_str(), placed[3].media_type.as_str()),
        ("application/vnd.oci.image.manifest.v1+json", "")
    );
    assert_eq!(Vec::from_iter(images(&files.results)), ["team/api", "team/api/inner"]);
}

#[test]
fn an_answer_that_was_cut_says_so() {
    let whole = found(json!([]));
    assert!(cut(&key("hub", "remote"), &whole).is_empty());
    let trimmed: Found =
        serde_json::from_value(json!({"results": null, "range": {"notification": "results are trimmed"}}))
            .unwrap();
    let told = cut(&key("hub", "remote"), &trimmed).completeness();
    assert!(
        format!("{told:?}").contains("not every file of `hub-cache` was told: results are trimmed"),
        "{told:?}"
    );
    assert_eq!(Missing::default().completeness(), domain::source::Completeness::Complete);
}

#[test]
fn what_is_set_is_told_only_where_artifactory_tells_it() {
    let setup: Setup =
        serde_json::from_value(json!({"rclass": "local", "xrayIndex": true, "maxUniqueTags": 5})).unwrap();
    let told = described(&key("docker-local", "local"), Some(&setup));
    let words: Vec<(&str, &str)> =
        told.settings.iter().map(|one| (one.key.as_str(), one.value.as_str())).collect();
    assert_eq!(words, [("repository-kind", "local"), ("xray-index", "on")]);
    assert_eq!(told.scan_on_push, Some(true));
    assert_eq!(told.cleanup.unwrap(), ["deletes the oldest tags of an image beyond 5"]);
    let bare = described(&key("hub", "remote"), None);
    assert_eq!((bare.settings.len(), bare.scan_on_push, bare.cleanup, bare.public), (1, None, None, None));
    let unlimited =
        described(&key("x", "local"), Some(&Setup { max_unique_tags: Some(0), ..Setup::default() }));
    assert_eq!(unlimited.cleanup, None, "something else may delete");
}

#[test]
fn xray_says_something_of_each_image_or_why_not() {
    let summary = |letter: char, path: &str| json!({"general": {"sha256": letter.to_string().repeat(64), "path": path}, "issues": [{"issue_id": "XRAY-1"}]});
    let answer = json!({
        "artifacts": [summary('a', "default/two"), summary('a', "default/one"), summary('f', "default/unasked"), {"general": null}],
        "errors": [{"identifier": "b".repeat(64), "error": "Artifact doesn't exist or not indexed/cached in Xray"}],
    });
    let read: Summaries = serde_json::from_str(&answer.to_string()).unwrap();
    let told = told(&read, &[digest('a'), digest('b'), digest('c')]);
    let document: Value = serde_json::from_slice(&told.documents[&digest('a')]).unwrap();
    assert_eq!(document["artifacts"], json!([summary('a', "default/one"), summary('a', "default/two")]));
    assert_eq!((told.documents.len(), told.silent), (1, 1));
    assert_eq!(told.reasons[&digest('b')], "Artifact doesn't exist or not indexed/cached in Xray");
}

#[test]
fn a_token_needs_no_name_but_a_name_a_password() {
    let values = |settings: &[(&str, &str)]| -> Values {
        settings.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()])).collect()
    };
    let wrong = |settings: &[(&str, &str)]| {
        let problems = (DESCRIPTOR.build)(&values(settings)).err().unwrap_or_default();
        problems.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert!(wrong(&[("registry", "a.jfrog.io"), ("password", "token")]).is_empty());
    assert!(wrong(&[("registry", "a.jfrog.io"), ("user", "u"), ("password", "p")]).is_empty());
    assert_eq!(wrong(&[("registry", "a.jfrog.io"), ("user", "u")]), ["`password`: is needed with a user"]);
    let refused = |settings: &[(&str, &str)]| validate(DESCRIPTOR.about.fields, &values(settings)).is_err();
    assert!(refused(&[("keys", "docker-local")]), "a registry is needed");
    assert!(refused(&[("registry", "a.jfrog.io"), ("keys", "docker-local/team")]));
    assert!(!refused(&[("registry", "a.jfrog.io"), ("keys", "docker-local")]));
}
