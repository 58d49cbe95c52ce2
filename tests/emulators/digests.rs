//! Digests are those of the bytes, as a registry's are. Refuses to take the emulator's word for one.

use std::fmt::Write;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tests::aws::{Aws, small};
use tests::boto::Boto;
use tests::cloud::Cloud;

const HERE: &str = "eu-central-1";

fn digest(text: &[u8]) -> String {
    Sha256::digest(text).iter().fold("sha256:".to_owned(), |mut written, byte| {
        write!(written, "{byte:02x}").unwrap();
        written
    })
}

/// Every image of a repository: its digest and its manifest.
fn manifests(boto: &mut Boto, repository: &str) -> Vec<(String, String, Value)> {
    let with = json!({ "repositoryName": repository });
    let ids = boto.call("ecr", HERE, "list_images", &with)["imageIds"].take();
    let answer =
        boto.call("ecr", HERE, "batch_get_image", &json!({ "repositoryName": repository, "imageIds": ids }));
    let images = answer["images"].as_array().unwrap();
    images
        .iter()
        .map(|image| {
            let text = image["imageManifest"].as_str().unwrap().to_owned();
            let parsed = serde_json::from_str(&text).unwrap();
            (image["imageId"]["imageDigest"].as_str().unwrap().to_owned(), text, parsed)
        })
        .collect()
}

#[test]
fn a_digest_is_that_of_the_manifest() {
    let Some((aws, _)) = Aws::shared() else { return };
    let mut boto = Boto::new(aws);
    for repository in ["service-000", "team-b/service-001", "team-e/service-004"] {
        let found = manifests(&mut boto, repository);
        assert!(found.len() >= 2, "{repository}: {}", found.len());
        for (told, text, _) in found {
            assert_eq!(told, digest(text.as_bytes()), "{repository}");
        }
    }
}

#[test]
fn an_index_names_children_that_are_there() {
    let Some((aws, _)) = Aws::shared() else { return };
    let mut boto = Boto::new(aws);
    let found = manifests(&mut boto, "team-b/service-001");
    let indexes: Vec<_> = found.iter().filter(|(_, _, parsed)| parsed["manifests"].is_array()).collect();
    assert_eq!(indexes.len(), 3, "one version with a tag, and one with two: a row for each tag");
    for (_, _, index) in indexes {
        let children = index["manifests"].as_array().unwrap();
        assert_eq!(children.len(), 4, "two platforms with an attestation each");
        for child in children {
            let (_, text, _) = found.iter().find(|(told, _, _)| *told == child["digest"]).unwrap();
            assert_eq!(child["size"].as_u64().unwrap(), text.len() as u64);
        }
    }
}

#[test]
fn a_config_is_downloaded_and_has_its_digest() {
    let Some((aws, _)) = Aws::shared() else { return };
    let mut boto = Boto::new(aws);
    let found = manifests(&mut boto, "service-000");
    let (_, _, image) = found.iter().find(|(_, _, parsed)| parsed["layers"].is_array()).unwrap();
    let config = image["config"]["digest"].as_str().unwrap();
    let with = json!({ "repositoryName": "service-000", "layerDigest": config });
    let address = boto.call("ecr", HERE, "get_download_url_for_layer", &with)["downloadUrl"].take();
    let path = address.as_str().unwrap().strip_prefix(&aws.address).unwrap().to_owned();
    let blob = tests::emulator::ask(&aws.address, "GET", &path, None);
    assert_eq!(blob["os"], "linux");
    assert!(blob["config"]["Labels"].is_object(), "{blob}");
}

#[test]
fn a_pushed_image_has_a_true_digest_too() {
    let Some((aws, _)) = Aws::seeded(&small()) else { return };
    let mut boto = Boto::new(&aws);
    let manifest = json!({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "size": 2, "digest": digest(b"{}") },
        "layers": [],
    });
    let text = format!("{manifest:#}");
    let with = json!({ "repositoryName": "service-000", "imageManifest": text, "imageTag": "pushed" });
    let pushed = boto.call("ecr", HERE, "put_image", &with);
    assert_eq!(pushed["image"]["imageId"]["imageDigest"], digest(text.as_bytes()));
    let with = json!({ "repositoryName": "service-000", "imageIds": [{ "imageTag": "pushed" }] });
    let described = boto.call("ecr", HERE, "describe_images", &with);
    assert_eq!(described["imageDetails"][0]["imageDigest"], digest(text.as_bytes()));
}
