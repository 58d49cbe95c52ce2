//! From what a registry holds to images. Refuses the network.

use std::collections::HashMap;

use domain::digest::Digest;
use domain::image::Platform;
use serde_json::{Value, json};

use super::contents::{Content, facts};
use super::crawl::{Crawled, Root, Roots, Told, stand_in};
use super::images::{Manifests, Named, Nature};
use super::signed;
use super::wire::{Descriptor, parse};
use crate::reading::moment;

const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";

fn digest(letter: char) -> Digest {
    format!("sha256:{}", letter.to_string().repeat(64)).parse().unwrap()
}

fn content(manifest: Value, config: Option<Value>) -> Content {
    let facts = config.and_then(|config| facts(config.to_string().as_bytes()));
    Content { manifest: parse(&manifest.to_string()).unwrap(), facts }
}

fn image(config: Value) -> Content {
    let manifest = json!({
        "mediaType": IMAGE, "config": {"mediaType": CONFIG, "digest": digest('c'), "size": 10},
        "layers": [{"digest": digest('1'), "size": 100}, {"digest": digest('2'), "size": 20}],
        "annotations": {"org.opencontainers.image.base.name": "docker.io/library/debian:12"},
    });
    content(manifest, Some(config))
}

#[test]
fn a_configuration_tells_how_an_image_is_run() {
    let told = image(json!({
        "os": "linux", "architecture": "arm64", "variant": "v8", "created": "2026-10-01T10:00:00Z",
        "config": {
            "User": "10001:10001", "Env": ["PATH=/bin", "DB_PASSWORD=hunter2", "API_TOKEN="], "Entrypoint": ["/app"],
            "Cmd": ["serve"], "ExposedPorts": {"8080/tcp": {}}, "Labels": {"team": "shop"},
        },
        "rootfs": {"type": "layers", "diff_ids": ["sha256:one", "sha256:two"]},
    }));
    let mut found = domain::image::Image::default();
    told.describe(&mut found);
    let platform = found.platform.unwrap();
    assert_eq!((platform.architecture.as_str(), platform.variant.as_deref()), ("arm64", Some("v8")));
    assert_eq!((found.layers.len(), found.labels["team"].as_str(), told.size()), (2, "shop", Some(130)));
    let config = found.config.unwrap();
    assert_eq!((config.user.as_str(), config.starts().as_str()), ("10001:10001", "/app serve"));
    assert_eq!(
        (config.ports, config.secrets),
        (vec!["8080/tcp".to_owned()], vec!["DB_PASSWORD (in plain text)".to_owned()])
    );
    assert_eq!(config.base.unwrap().name.as_deref(), Some("docker.io/library/debian:12"));
}

#[test]
fn what_is_null_or_from_another_age_is_not_said() {
    let told = image(
        json!({"created": "1970-01-01T00:00:00Z", "config": {"Labels": null, "Env": null, "ExposedPorts": null}, "rootfs": null}),
    );
    let mut found = domain::image::Image::default();
    told.describe(&mut found);
    assert_eq!((found.created_at, found.platform, found.layers.len()), (None, None, 0));
    assert!(found.config.unwrap().is_root());
    assert!(facts(b"{\"config\": ").is_none() && facts(b"<html>").is_none());
}

#[test]
fn what_is_no_image_is_an_artefact() {
    let nature = |manifest: Value| content(manifest, None).nature();
    assert_eq!(nature(json!({"mediaType": INDEX, "manifests": []})), Nature::Index);
    assert_eq!(nature(json!({"manifests": [{"digest": digest('a')}]})), Nature::Index);
    assert_eq!(nature(json!({"config": {"mediaType": CONFIG}})), Nature::Image);
    let chart =
        json!({"mediaType": IMAGE, "config": {"mediaType": "application/vnd.cncf.helm.config.v1+json"}});
    assert_eq!(nature(chart), Nature::Artefact);
    let referrer =
        json!({"mediaType": IMAGE, "config": {"mediaType": CONFIG}, "subject": {"digest": digest('a')}});
    assert_eq!(nature(referrer), Nature::Artefact);
    assert_eq!(nature(json!({})), Nature::Artefact);
    let layer = |media: &str| json!({"config": {"mediaType": CONFIG}, "layers": [{"mediaType": media}]});
    assert_eq!(nature(layer("application/vnd.oci.image.layer.v1.tar+gzip")), Nature::Image);
    assert_eq!(nature(layer("application/vnd.in-toto+json")), Nature::Artefact);
    assert_eq!(nature(layer("application/vnd.dev.cosign.simplesigning.v1+json")), Nature::Artefact);
}

#[test]
fn what_was_understood_survives_being_remembered() {
    let told = image(json!({"os": "linux", "architecture": "amd64", "created": "2026-10-01T10:00:00.5Z"}));
    let bytes = serde_json::to_vec(&told).unwrap();
    assert_eq!(serde_json::from_slice::<Content>(&bytes).unwrap(), told);
}

#[test]
fn what_is_told_stands_in_for_what_may_not_be_pulled() {
    let root = |told| Root { tags: vec!["1.0".to_owned()], told: Some(told), ..Root::default() };
    let of_arm = Platform { os: "linux".to_owned(), architecture: "arm64".to_owned(), variant: None };
    let mut roots = Roots::default();
    roots.add(digest('e'), root(Told::Index(vec![digest('a'), digest('b')])));
    let told = Told::Image { platform: Some(of_arm), size: Some(7) };
    roots.add(digest('a'), Root { told: Some(told.clone()), ..Root::default() });
    roots.add(digest('b'), Root { told: Some(told), ..Root::default() });
    let known = HashMap::from([(digest('b'), image(json!({"os": "linux", "architecture": "amd64"})))]);
    let mut unread = Manifests::default();
    stand_in(&mut unread, &roots, &known);
    let named = Named { registry: "docker.io".to_owned(), name: "shop/web".to_owned() };
    let crawled = Crawled::of(&roots, unread, known);
    let images: Vec<_> = crawled.images(&named).collect();
    let seen: Vec<_> = images
        .iter()
        .map(|image| {
            (image.platform.as_ref().unwrap().architecture.as_str(), image.config.is_some(), image.size)
        })
        .collect();
    assert_eq!(seen, [("arm64", false, Some(7)), ("amd64", true, Some(130))]);
    assert!(images.iter().all(|image| image.references[0].tag.as_deref() == Some("1.0")), "{images:?}");
}

#[test]
fn an_image_has_the_tags_of_every_index_above_it() {
    let amd = image(json!({"os": "linux", "architecture": "amd64"}));
    let inner = content(
        json!({"mediaType": INDEX, "manifests": [{"mediaType": IMAGE, "digest": digest('a')}]}),
        None,
    );
    let outer = content(
        json!({"mediaType": INDEX, "manifests": [{"mediaType": INDEX, "digest": digest('b')}]}),
        None,
    );
    let mut roots = Roots::default();
    for (letter, tag, pushed_at) in
        [('d', "2.0", moment("2026-10-02T00:00:00Z")), ('b', "inner", moment("2026-10-01T00:00:00Z"))]
    {
        let (tags, media_type) = (vec![tag.to_owned()], INDEX.to_owned());
        roots.add(digest(letter), Root { tags, media_type, pushed_at, ..Root::default() });
    }
    let contents = HashMap::from([(digest('a'), amd), (digest('b'), inner), (digest('d'), outer)]);
    let crawled = Crawled::of(&roots, Manifests::default(), contents);
    let named = Named { registry: "registry.example.com".to_owned(), name: "team/api".to_owned() };
    let images: Vec<_> = crawled.images(&named).collect();
    let tags: Vec<_> = images[0].references.iter().filter_map(|name| name.tag.as_deref()).collect();
    assert_eq!((images.len(), tags.len()), (1, 2), "{images:?}");
    assert!(tags.contains(&"2.0") && tags.contains(&"inner"));
    assert_eq!(images[0].pushed_at, moment("2026-10-01T00:00:00Z"), "it came with the first of them");
}

#[test]
fn a_signature_is_put_together_from_annotations_and_payload() {
    let blob = |annotations: Value| -> Descriptor {
        let media_type = "application/vnd.dev.cosign.simplesigning.v1+json";
        serde_json::from_value(
            json!({ "mediaType": media_type, "digest": "sha256:a", "annotations": annotations }),
        )
        .unwrap()
    };
    let read = |blob: &Descriptor| -> Value {
        serde_json::from_slice(&signed::document(blob, b"{}").unwrap()).unwrap()
    };
    let plain =
        blob(json!({ "dev.cosignproject.cosign/signature": "MEUC", "dev.sigstore.cosign/chain": "" }));
    assert!(signed::is_signed(&plain));
    assert_eq!(read(&plain), json!({ "Base64Signature": "MEUC", "Payload": "e30=" }));
    let certified = blob(json!({
        "dev.cosignproject.cosign/signature": "MEUC", "dev.sigstore.cosign/certificate": "PEM",
        "dev.sigstore.cosign/chain": "PEM PEM", "dev.sigstore.cosign/bundle": "{\"Payload\":{}}",
    }));
    let whole = json!({
        "Base64Signature": "MEUC", "Payload": "e30=", "Cert": "PEM", "Chain": "PEM PEM", "Bundle": "{\"Payload\":{}}",
    });
    assert_eq!(read(&certified), whole);
    let unsigned = blob(json!({}));
    assert!(!signed::is_signed(&unsigned) && signed::document(&unsigned, b"{}").is_none());
}
