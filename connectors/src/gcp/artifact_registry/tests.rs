//! From what the API tells to observations. Refuses the network.

use domain::image::DigestRole;
use serde_json::json;

use super::wire::{DockerImage, Repository};
use super::{images, manifests, repositories};
use crate::gcp::place::tests::place;

const BASE: &str = "europe-west1-docker.pkg.dev/shop-prod/images/team/api";

fn digest(letter: char) -> String {
    format!("sha256:{}", letter.to_string().repeat(64))
}

fn image(name: &str, letter: char, more: &serde_json::Value) -> DockerImage {
    let mut told = json!({
        "uri": format!("{name}@{}", digest(letter)),
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "imageSizeBytes": "1000",
        "uploadTime": "2026-10-01T00:00:00Z",
    });
    let more = more.as_object().cloned().unwrap_or_default();
    told.as_object_mut().unwrap().extend(more);
    serde_json::from_value(told).unwrap()
}

fn index(name: &str, letter: char, tags: &[&str], members: &[(char, &str)]) -> DockerImage {
    let members: Vec<_> = members
        .iter()
        .map(|(letter, architecture)| {
            let os = if *architecture == "unknown" { "unknown" } else { "linux" };
            json!({"digest": digest(*letter), "os": os, "architecture": architecture})
        })
        .collect();
    let media = "application/vnd.oci.image.index.v1+json";
    image(name, letter, &json!({"mediaType": media, "tags": tags, "imageManifests": members}))
}

/// Each image as its digests by role and its names.
fn shown(told: Vec<DockerImage>) -> Vec<String> {
    let mut packages = images::Packages::new();
    told.into_iter().for_each(|image| images::add(&mut packages, image));
    let all = packages.values().flat_map(images::Package::images);
    let shown = all.map(|image| {
        let digests = image.digests.iter().map(|(role, digest)| {
            let role = if *role == DigestRole::Index { "index" } else { "manifest" };
            format!("{role} {}", &digest.as_str()[7..8])
        });
        let names = image.references.iter().map(ToString::to_string);
        let platform = image.platform.as_ref().map_or("", |platform| &platform.architecture);
        let digests = digests.collect::<Vec<_>>().join(" ");
        format!("{digests} [{platform}] {}", names.collect::<Vec<_>>().join(" "))
    });
    shown.collect()
}

#[test]
fn nothing_listed_is_no_image() {
    assert_eq!(shown(Vec::new()), [""; 0]);
}

#[test]
fn members_of_an_index_carry_its_tags_and_what_buildkit_attached_is_none() {
    let told = vec![
        image(BASE, 'a', &json!({})),
        image(BASE, 'b', &json!({"tags": ["arm"]})),
        image(BASE, 'c', &json!({})),
        index(BASE, 'd', &["1.0", "latest"], &[('a', "amd64"), ('b', "arm64"), ('c', "unknown")]),
    ];
    assert_eq!(
        shown(told),
        [
            format!("manifest a index d [amd64] {BASE}:1.0 {BASE}:latest"),
            format!("manifest b index d [arm64] {BASE}:arm {BASE}:1.0 {BASE}:latest"),
        ]
    );
}

#[test]
fn an_index_without_members_here_stands_for_itself() {
    let told = vec![index(BASE, 'd', &["1.0"], &[('a', "amd64")])];
    assert_eq!(shown(told), [format!("index d [] {BASE}:1.0")]);
}

#[test]
fn a_former_address_and_its_place_are_one_image() {
    for name in ["gcr.io/shop-prod/api", "us-docker.pkg.dev/shop-prod/gcr.io/api"] {
        let told = vec![image(name, 'a', &json!({"tags": ["1"]}))];
        assert_eq!(
            shown(told),
            ["manifest a [] us-docker.pkg.dev/shop-prod/gcr.io/api:1 gcr.io/shop-prod/api:1"]
        );
    }
}

#[test]
fn what_is_attached_is_no_image() {
    let signature = format!("sha256-{}.sig", "a".repeat(64));
    let told = vec![
        image(BASE, 'a', &json!({"artifactType": "application/vnd.example.sbom"})),
        image(BASE, 'b', &json!({"tags": [signature]})),
        image(BASE, 'c', &json!({"artifactType": "application/vnd.oci.image.config.v1+json"})),
    ];
    assert_eq!(shown(told), [format!("manifest c [] {BASE}@{}", digest('c'))]);
}

#[test]
fn an_index_of_the_registry_tells_platforms() {
    let text = json!({"manifests": [
        {"digest": digest('a'), "platform": {"os": "linux", "architecture": "arm64", "variant": "v8"}},
        {"digest": digest('b')},
    ]});
    let members = manifests::parse(text.to_string().as_bytes()).unwrap();
    assert_eq!((members[0].architecture.as_str(), members[0].variant.as_str()), ("arm64", "v8"));
    assert!(members[1].os.is_empty());
    assert_eq!(manifests::parse(b"<html>"), None);
}

fn repository(more: &serde_json::Value) -> Repository {
    let mut told = json!({
        "name": "projects/shop-prod/locations/europe-west1/repositories/images",
        "format": "DOCKER",
        "mode": "STANDARD_REPOSITORY",
        "createTime": "2025-03-01T00:00:00Z",
    });
    told.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    serde_json::from_value(told).unwrap()
}

#[test]
fn an_empty_repository_is_one_with_its_settings() {
    let told = repository(&json!({
        "kmsKeyName": "projects/shop-prod/locations/europe-west1/keyRings/r/cryptoKeys/k",
        "dockerConfig": {"immutableTags": true},
        "vulnerabilityScanningConfig": {"enablementConfig": "INHERITED", "enablementState": "SCANNING_ACTIVE"},
    }));
    let found = repositories::observations(&told, [].iter(), Some(true), &place());
    let [one] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        (one.registry.as_str(), one.name.as_str()),
        ("europe-west1-docker.pkg.dev", "shop-prod/images")
    );
    assert_eq!((one.public, one.tags_immutable, one.scan_on_push), (Some(true), Some(true), Some(true)));
    assert_eq!(one.encryption.as_deref(), Some("CMEK"));
    assert_eq!(one.scanning.as_deref(), Some("INHERITED, SCANNING_ACTIVE"));
    assert!(one.created_at.is_some());
}

#[test]
fn names_below_a_repository_have_its_settings() {
    let names = [("europe-west1-docker.pkg.dev".to_owned(), "shop-prod/images/team/api".to_owned())];
    let told = repository(&json!({"mode": "REMOTE_REPOSITORY", "dockerConfig": {"immutableTags": true}}));
    let found = repositories::observations(&told, names.iter(), None, &place());
    assert_eq!(found[0].name, "shop-prod/images/team/api");
    assert_eq!((found[0].public, found[0].tags_immutable), (None, Some(false)), "a cache follows its origin");
    assert_eq!((found[0].scan_on_push, found[0].encryption.as_deref()), (None, Some("Google-managed")));
}

#[test]
fn anyone_is_all_users_alone() {
    let policy = |member: &str| {
        let told = json!({"bindings": [{"role": "roles/artifactregistry.reader", "members": [member]}]});
        serde_json::from_value::<repositories::Policy>(told).unwrap().is_public()
    };
    assert!(policy("allUsers"));
    assert!(!policy("user:somebody@example.com") && !policy("allAuthenticatedUsers"));
}

#[test]
fn what_kind_a_repository_is_and_what_it_removes_is_told() {
    let found = |more: &serde_json::Value| {
        let told = repository(more);
        repositories::observations(&told, [].iter(), None, &place()).remove(0)
    };
    let kind = |more: &serde_json::Value| found(more).settings[0].value.clone();
    assert_eq!(kind(&json!({})), "standard");
    let hub = json!({"dockerRepository": {"publicRepository": "DOCKER_HUB"}});
    assert_eq!(
        kind(&json!({"mode": "REMOTE_REPOSITORY", "remoteRepositoryConfig": hub})),
        "remote, a cache of DOCKER_HUB"
    );
    let own = json!({"dockerRepository": {"customRepository": {"uri": "https://registry.example"}}});
    assert_eq!(
        kind(&json!({"mode": "REMOTE_REPOSITORY", "remoteRepositoryConfig": own})),
        "remote, a cache of https://registry.example"
    );
    let over = json!({"upstreamPolicies": [{"repository": "projects/p/locations/l/repositories/own"}]});
    assert_eq!(
        kind(&json!({"mode": "VIRTUAL_REPOSITORY", "virtualRepositoryConfig": over})),
        "virtual, over own"
    );
    assert!(found(&json!({"mode": ""})).settings.is_empty());
    assert_eq!(found(&json!({})).cleanup, Some(Vec::new()), "a map that is absent is empty");
    let policies = json!({
        "old": {"action": "DELETE", "condition": {"tagState": "UNTAGGED", "olderThan": "2592000s"}},
        "odd": {"action": "DELETE", "condition": {"tagPrefixes": ["pr-"], "olderThan": "3600s"}},
        "recent": {"action": "KEEP", "mostRecentVersions": {"keepCount": 10}},
    });
    assert_eq!(
        found(&json!({ "cleanupPolicies": policies })).cleanup.unwrap(),
        [
            "deletes images with a tag of pr- older than 1 hour (odd)",
            "deletes untagged images older than 30 days (old)",
            "keeps the 10 most recent (recent)",
        ]
    );
    let tried = json!({"cleanupPolicies": policies, "cleanupPolicyDryRun": true});
    assert!(found(&tried).cleanup.unwrap().iter().all(|phrase| phrase.starts_with("dry run: ")));
}
