//! What is observed of a registry, as another client sees it; and of what is hard to read. Refuses the database.

use std::collections::BTreeSet;

use domain::image::{DigestRole, Image};
use serde_json::json;
use tests::asked::{Collected, Source};
use tests::cloud::Cloud;
use tests::registries::{Estate, Plain, Registries};

use crate::shop;

fn asked(plan: &serde_json::Value) -> Option<(Registries<Plain>, Estate, Collected)> {
    let (cloud, estate) = Registries::<Plain>::seeded(plan)?;
    let collected = Source::of(&cloud, &estate).collect(estate.host("oci"), "", "images");
    Some((cloud, estate, collected))
}

/// The images of a repository.
fn of<'a>(collected: &'a Collected, name: &str) -> Vec<&'a Image> {
    let images = collected.images();
    images.into_values().filter(|image| image.references[0].repository == name).collect()
}

/// The images of a tag.
fn tagged<'a>(collected: &'a Collected, name: &str, tag: &str) -> Vec<&'a Image> {
    let has = |image: &&Image| image.references.iter().any(|one| one.tag.as_deref() == Some(tag));
    of(collected, name).into_iter().filter(has).collect()
}

#[test]
fn every_repository_and_image_is_seen_with_its_configuration() {
    let Some((_, estate, collected)) = asked(&shop()) else { return };
    let collected = collected.complete();
    let host = estate.host("oci");
    let names: BTreeSet<String> = estate.repositories().iter().map(|name| format!("{host}/{name}")).collect();
    assert_eq!(collected.repository_names(), names);
    let web = tagged(&collected, "shop/web", "latest");
    let platforms: BTreeSet<String> =
        web.iter().map(|image| image.platform.as_ref().unwrap().architecture.clone()).collect();
    assert_eq!(platforms, BTreeSet::from(["amd64".to_owned(), "arm64".to_owned()]));
    for image in web {
        let roles: Vec<DigestRole> = image.digests.iter().map(|(role, _)| *role).collect();
        assert_eq!(roles, [DigestRole::Manifest, DigestRole::Index, DigestRole::Config]);
        assert_eq!(image.labels["org.example.team"], "shop");
        assert!(image.layers.len() > 1 && image.size.is_some() && image.created_at.is_some(), "{image:?}");
        let base = image.config.as_ref().unwrap().base.as_ref().unwrap();
        assert_eq!(base.name.as_deref(), Some("registry.example.com/platform/base:12"));
        assert!(base.digest.is_some() && !image.config.as_ref().unwrap().is_root());
    }
    assert!(tagged(&collected, "library/debian", "12")[0].config.as_ref().unwrap().is_root());
    assert!(of(&collected, "shop/web").iter().all(|image| image.platform.is_some()), "papers are no images");
}

#[test]
fn what_another_client_lists_is_what_is_seen() {
    let Some((cloud, _, collected)) = asked(&json!({ "plan": "none", "repositories": 12, "tags": 2 })) else {
        return;
    };
    let said = cloud.run("list_loop.py", &["--threads", "4"]);
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let listed: serde_json::Value = serde_json::from_slice(&said.stdout).unwrap();
    let seen: BTreeSet<String> = collected
        .images()
        .values()
        .flat_map(|image| &image.digests)
        .filter(|(role, _)| *role != DigestRole::Config)
        .map(|(_, digest)| digest.to_string())
        .collect();
    assert_eq!(seen.len() as u64, listed["manifests"].as_u64().unwrap());
}

#[test]
fn what_is_hard_to_read_is_read_or_said() {
    let Some((_, _, collected)) = asked(&json!("small")) else { return };
    let reason = collected.partial();
    for words in ["is not what its digest says", "and "] {
        assert!(reason.contains(words), "{reason}");
    }
    let tags = |image: &Image| image.references.iter().filter_map(|one| one.tag.clone()).collect::<Vec<_>>();
    assert_eq!(tagged(&collected, "team-a/nested", "2.0.0").len(), 3, "an index of indexes");
    assert_eq!(of(&collected, "team-a/loop").len(), 0, "what has no true digest is no image");
    assert_eq!(tagged(&collected, "team-a/corrupt", "whole").len(), 1);
    assert_eq!(tagged(&collected, "team-a/corrupt", "manifest").len(), 0);
    let config = tagged(&collected, "team-a/corrupt", "config");
    assert!(config[0].config.is_none(), "what is not what its digest says is not believed: {config:?}");
    assert_eq!(tagged(&collected, "team-a/corrupt", "child").len(), 1);
    assert_eq!(
        tagged(&collected, "team-a/legacy", "1.0").len(),
        1,
        "schema 1 goes by the digest that it is told"
    );
    assert_eq!(tagged(&collected, "team-a/legacy", "reproducible")[0].created_at, None);
    assert!(tagged(&collected, "team-a/legacy", "dated-zero")[0].created_at.is_none());
    let foreign: Vec<String> = of(&collected, "team-a/foreign").into_iter().flat_map(tags).collect();
    for tag in ["chart", "module", "recipe", "thing"] {
        assert!(!foreign.contains(&tag.to_owned()), "{tag} is no image");
    }
    assert!(foreign.contains(&"elsewhere".to_owned()) && foreign.contains(&"unsaid".to_owned()));
    assert_eq!(tagged(&collected, "team-a/huge", "manifest").len(), 0);
    let config = tagged(&collected, "team-a/huge", "config");
    assert!(config[0].config.is_none() && config[0].labels.is_empty());
    let many: usize = of(&collected, "platform/many-tags").into_iter().map(|image| tags(image).len()).sum();
    assert_eq!(many, 151);
}

#[test]
fn hostile_words_are_words() {
    let plan = json!({ "plan": "none", "hostile": true });
    let Some((_, _, collected)) = asked(&plan) else { return };
    let words = of(&collected, "hostile/words");
    assert!(words.len() >= 2, "{:?}", collected.outcome);
    assert!(words.iter().any(|image| image.created_at.is_none()), "`31 November` is no day");
    assert!(words.iter().any(|image| image.labels.values().any(|value| value.contains("<script>"))));
    let base = words.iter().find_map(|image| image.config.as_ref()?.base.clone()).unwrap();
    assert_eq!(base.digest, None, "a path is no digest");
    assert!(words.iter().any(|image| image.platform.is_none()), "markup is no platform");
    for name in collected.repository_names() {
        assert!(!name.contains(['<', ' ', '?', '\u{202e}']) && !name.contains(".."), "{name}");
    }
    let odd = |image: &Image| {
        image
            .references
            .iter()
            .any(|one| one.tag.as_deref().is_some_and(|tag| tag.contains(['<', '/', '=', ' '])))
    };
    assert!(!words.iter().any(|image| odd(image)), "what no tag can be is none");
}
