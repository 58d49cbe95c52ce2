//! The registry that most others come from, with images that were built and pushed by other tools: what is seen is what
//! they pushed. Refuses the database.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use connectors::oci;
use domain::image::DigestRole;
use domain::source::Values;
use serde_json::{Value, json};
use tests::asked::{Collected, Source};
use tests::must;
use tests::registries::{Plain, Registries};
use tests::registry::{Entry, PASSWORD, Registry, USER, digest_of};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

fn source(registry: &Registry, settings: &[(&str, &str)]) -> Source {
    let address = ("registry", format!("http://{}", registry.host));
    let told = settings.iter().map(|(name, value)| (*name, (*value).to_owned()));
    let values: Values = told.chain([address]).map(|(name, value)| (name.to_owned(), vec![value])).collect();
    Source::told::<Registries<Plain>>(&values, oci::DESCRIPTOR.build)
}

fn config(architecture: &str) -> Value {
    json!({
        "os": "linux", "architecture": architecture, "created": "2026-10-01T10:00:00Z",
        "config": { "User": "10001", "Labels": { "team": "shop" }, "ExposedPorts": { "8080/tcp": {} } },
        "rootfs": { "type": "layers", "diff_ids": [digest_of(architecture.as_bytes())] },
    })
}

fn descriptor(media: &str, bytes: &[u8]) -> Value {
    json!({ "mediaType": media, "digest": digest_of(bytes), "size": bytes.len() })
}

/// An image in a registry, and its digest.
fn push(registry: &Registry, name: &str, tag: Option<&str>, config: &Value) -> String {
    let config = config.to_string().into_bytes();
    let _ = registry.push_blob(name, &config);
    let manifest = json!({
        "schemaVersion": 2, "mediaType": MANIFEST, "config": descriptor(CONFIG, &config), "layers": [],
    });
    registry.push_manifest(name, tag, &manifest)
}

/// A layout of the Open Container Initiative with one image of two platforms, and the digests of its manifests.
fn layout(folder: &Path) -> Vec<String> {
    let blobs = folder.join("blobs/sha256");
    must(std::fs::create_dir_all(&blobs), "a folder");
    let lay = |bytes: &[u8]| {
        let digest = digest_of(bytes);
        must(std::fs::write(blobs.join(digest.trim_start_matches("sha256:")), bytes), "a blob");
        digest
    };
    let (mut members, mut digests) = (Vec::new(), Vec::new());
    for architecture in ["amd64", "arm64"] {
        let packed =
            must(Command::new("tar").args(["-czf", "-", "-C", "/etc", "hostname"]).output(), "tar").stdout;
        let config = config(architecture).to_string().into_bytes();
        let _ = (lay(&packed), lay(&config));
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "config": descriptor(CONFIG, &config),
            "layers": [descriptor(LAYER, &packed)],
        });
        let manifest = manifest.to_string().into_bytes();
        digests.push(lay(&manifest));
        let mut member = descriptor(MANIFEST, &manifest);
        member["platform"] = json!({ "os": "linux", "architecture": architecture });
        members.push(member);
    }
    let index =
        json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": members }).to_string().into_bytes();
    let top = json!({ "schemaVersion": 2, "manifests": [descriptor(INDEX, &index)] });
    digests.push(lay(&index));
    must(std::fs::write(folder.join("index.json"), top.to_string()), "the layout");
    must(std::fs::write(folder.join("oci-layout"), r#"{"imageLayoutVersion": "1.0.0"}"#), "the layout");
    digests
}

fn digests(collected: &Collected) -> BTreeSet<String> {
    let images = collected.images();
    let all = images.values().flat_map(|image| &image.digests);
    all.filter(|(role, _)| *role != DigestRole::Config).map(|(_, digest)| digest.to_string()).collect()
}

#[test]
fn what_another_tool_pushed_is_what_is_seen_however_it_is_entered() {
    for entry in [Entry::Open, Entry::Password, Entry::Tokens] {
        let Some(registry) = Registry::start(entry) else { return };
        let folder = tempfile::tempdir().unwrap();
        let pushed = layout(folder.path());
        let to = format!("docker://{}/team/api:1.0", registry.host);
        let mut copy = Command::new("skopeo");
        copy.args([
            "copy",
            "--all",
            "--dest-tls-verify=false",
            "--dest-creds",
            &format!("{USER}:{PASSWORD}"),
        ]);
        let copied = copy.arg(format!("oci:{}", folder.path().display())).arg(&to).output().unwrap();
        assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
        let known: &[(&str, &str)] =
            if entry == Entry::Open { &[] } else { &[("user", USER), ("password", PASSWORD)] };
        let trusted = format!("http://{}", registry.sign_in().unwrap_or_else(|| registry.host.clone()));
        let settings = [known, &[("sign_in", trusted.as_str()), ("repositories", "team/api")]].concat();
        let seen = source(&registry, &settings).collect(&registry.host, "", "images").complete();
        assert_eq!(digests(&seen), pushed.into_iter().collect(), "{entry:?}");
        for image in seen.images().into_values() {
            assert_eq!(image.references[0].to_string(), format!("{}/team/api:1.0", registry.host));
            assert_eq!((image.labels["team"].as_str(), image.layers.len()), ("shop", 1));
        }
        if entry != Entry::Open {
            let wrong = [("user", USER), ("password", "guessed"), ("sign_in", trusted.as_str())];
            let refused = source(&registry, &wrong).plan().unwrap_err();
            assert!(refused.contains("does not know `plimsoll` by this password"), "{entry:?}: {refused}");
        }
    }
}

#[test]
fn a_thousand_manifests_are_all_seen() {
    let Some(registry) = Registry::start(Entry::Open) else { return };
    let one = &|number: u32| {
        let mut config = config("amd64");
        config["config"]["Labels"]["number"] = json!(number.to_string());
        let name = format!("team/service-{}", number % 125);
        push(&registry, &name, Some(&format!("1.{number}")), &config)
    };
    let pushed: BTreeSet<String> = std::thread::scope(|scope| {
        let hands = (0..8_u32)
            .map(|hand| scope.spawn(move || (hand * 125..(hand + 1) * 125).map(one).collect::<Vec<_>>()));
        let hands: Vec<_> = hands.collect();
        hands.into_iter().flat_map(|hand| hand.join().unwrap()).collect()
    });
    let seen = source(&registry, &[]).collect(&registry.host, "", "images").complete();
    assert_eq!((digests(&seen), pushed.len()), (pushed, 1000));
    assert_eq!(seen.repository_names().len(), 125, "more than a page of the catalogue");
}

#[test]
fn papers_are_found_by_the_tags_that_stand_for_referrers() {
    let Some(registry) = Registry::start(Entry::Open) else { return };
    let image = push(&registry, "team/api", Some("1.0"), &config("amd64"));
    let paper = |media: &str, words: &Value| {
        let bytes = words.to_string().into_bytes();
        let _ = (registry.push_blob("team/api", &bytes), registry.push_blob("team/api", b"{}"));
        json!({
            "schemaVersion": 2, "mediaType": MANIFEST,
            "config": descriptor("application/vnd.oci.empty.v1+json", b"{}"),
            "layers": [descriptor(media, &bytes)],
        })
    };
    let dashed = image.replace(':', "-");
    let signature = json!({ "critical": { "image": { "docker-manifest-digest": image } }, "optional": null });
    let signature = paper("application/vnd.dev.cosign.simplesigning.v1+json", &signature);
    let _ = registry.push_manifest("team/api", Some(&format!("{dashed}.sig")), &signature);
    let bill =
        paper("application/vnd.cyclonedx+json", &json!({ "bomFormat": "CycloneDX", "specVersion": "1.6" }));
    let holder = registry.push_manifest("team/api", None, &bill);
    let list = json!({
        "schemaVersion": 2, "mediaType": INDEX,
        "manifests": [{ "mediaType": MANIFEST, "digest": holder, "size": bill.to_string().len() }],
    });
    let _ = registry.push_manifest("team/api", Some(&dashed), &list);
    let seen = source(&registry, &[]).collect(&registry.host, "", "attached").complete();
    let names: BTreeSet<&str> = seen.documents.iter().map(|(_, from)| from.name.as_str()).collect();
    let named = |kind: &str| format!("{kind} of team/api@{}", &image["sha256:".len()..][..12]);
    assert_eq!(names, BTreeSet::from([named("bill of materials").as_str(), named("signature").as_str()]));
    let images = source(&registry, &[]).collect(&registry.host, "", "images").complete();
    assert_eq!(images.images().len(), 1, "papers are no images");
}

#[test]
fn a_blob_that_rotted_is_not_believed() {
    let Some(registry) = Registry::start(Entry::Open) else { return };
    let whole = config("amd64");
    let image = push(&registry, "team/api", Some("1.0"), &whole);
    let rotten = whole.to_string().replace("10001", "00000");
    std::fs::write(registry.blob_file(&digest_of(whole.to_string().as_bytes())), rotten).unwrap();
    let seen = source(&registry, &[]).collect(&registry.host, "", "images");
    assert!(seen.partial().contains("is not what its digest says"), "{}", seen.partial());
    assert!(seen.images().values().all(|image| image.config.is_none()));
    let mut manifest = std::fs::read(registry.blob_file(&image)).unwrap();
    manifest.push(b'\n');
    std::fs::write(registry.blob_file(&image), manifest).unwrap();
    let seen = source(&registry, &[]).collect(&registry.host, "", "images");
    assert!(seen.partial().contains("the manifest of") && seen.images().is_empty(), "{}", seen.partial());
}
