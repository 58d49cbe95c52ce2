//! What lies beside images: by subject, by tag and in the index, as the bytes that were attached; and what a careful
//! reader does not take, with the reason. Refuses the database.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::asked::{Collected, Source};
use tests::cloud::Cloud;
use tests::gcp::{Estate, Gcp};

use crate::asked::{HERE, SHOP};

const SERVICE: &str = "artifact-registry-attached";

/// A small organisation with the papers of one image in each place.
fn world() -> Option<(Gcp, Estate, Source)> {
    let (gcp, estate) = Gcp::seeded(&json!({"plan": "small", "attached": true}))?;
    let source = Source::of(&gcp, &estate);
    Some((gcp, estate, source))
}

/// Documents by what they are.
fn documents(collected: &Collected) -> BTreeMap<&str, Vec<Value>> {
    let mut documents: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (document, provenance) in collected.papers() {
        let (kind, _) = provenance.name.rsplit_once(" of ").unwrap();
        documents.entry(kind).or_default().push(document);
    }
    documents
}

#[test]
fn papers_are_found_by_subject_by_tag_and_in_the_index() {
    let Some((_gcp, _, source)) = world() else { return };
    let collected = source.collect(SHOP, HERE, SERVICE);
    assert_eq!(collected.observations.len(), 0);
    let found = documents(&collected);
    let counts: Vec<(&str, usize)> = found.iter().map(|(kind, documents)| (*kind, documents.len())).collect();
    // Three of thirty packages attest, with two versions of two platforms.
    assert_eq!(counts, [("attestation", 3 * 2 * 2), ("bill of materials", 1), ("signature", 1)]);
    let bill = &found["bill of materials"][0];
    let signed = found["signature"][0]["critical"]["image"]["docker-manifest-digest"].as_str().unwrap();
    assert_eq!(bill["metadata"]["component"]["version"], signed);
    for (document, provenance) in collected.papers() {
        let image = provenance.image.as_ref().unwrap();
        let digest = image.digest.as_ref().unwrap().as_str();
        let subject = document["subject"][0]["digest"]["sha256"].as_str();
        assert_eq!(digest, subject.map_or(signed.to_owned(), |hex| format!("sha256:{hex}")));
        assert_eq!(
            (image.registry.as_str(), provenance.source.as_str()),
            ("europe-west1-docker.pkg.dev", "gcp")
        );
    }
}

#[test]
fn what_is_not_what_it_says_is_not_taken() {
    let Some((gcp, _, source)) = world() else { return };
    let collected = source.collect(SHOP, HERE, SERVICE);
    let told = collected.partial();
    for reason in [
        "it is not what its digest says",
        "it is longer than its manifest says",
        "it has 33 MiB, more than 32 MiB",
        "the registry does not have it",
    ] {
        assert!(told.contains(reason), "{told}");
    }
    assert_eq!(told.matches("was left out").count(), 4, "{told}");
    for (bytes, provenance) in &collected.documents {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("forged") && !text.contains(" long"), "{}: {text}", provenance.name);
    }
    let asked = gcp.count(&[("method", "GetBlob")]);
    assert_eq!(asked, 12 + 2 + 3, "what is too large is not asked for");
    // An index whose members all have a platform holds no papers.
    assert_eq!(
        gcp.count(&[("method", "GetManifest")]),
        3 * 2 + 12 + 7,
        "indexes that attest, and what lies beside"
    );
}

#[test]
fn a_registry_that_leads_elsewhere_for_blobs_gives_no_less() {
    let Some((gcp, _, source)) = world() else { return };
    gcp.set(&json!({"anonymous": false}));
    let here = source.collect(SHOP, HERE, SERVICE);
    gcp.set(&json!({"redirect": true}));
    let led = source.collect(SHOP, HERE, SERVICE);
    let bytes =
        |collected: &Collected| collected.papers().iter().map(|(one, _)| one.to_string()).collect::<Vec<_>>();
    let (mut one, mut other) = (bytes(&here), bytes(&led));
    one.sort();
    other.sort();
    assert_eq!(one, other);
}

#[test]
fn papers_that_may_not_be_read_are_told_and_images_are_there() {
    let Some((gcp, _, source)) = world() else { return };
    let _ = gcp.fault(&json!({"kind": "deny", "service": "registry"}));
    let collected = source.collect(SHOP, HERE, SERVICE);
    let told = collected.reason();
    assert!(told.contains("`artifactregistry.repositories.downloadArtifacts` was denied"), "{told}");
    assert_eq!(collected.documents.len(), 0);
    assert!(!source.collect(SHOP, HERE, "artifact-registry").complete().images().is_empty());
}
