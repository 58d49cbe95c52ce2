//! What Google's scanner says, handed on as it came. Refuses to look at the database.

use std::collections::BTreeSet;

use domain::document::Provenance;
use serde_json::json;
use tests::asked::{Collected, Source};
use tests::cloud::Cloud;
use tests::gcp::Gcp;

use crate::asked::{HERE, SHOP};

/// What a document with findings has in it.
const FOUND: &[u8] = b"\"kind\":\"VULNERABILITY\"";

#[test]
fn occurrences_are_handed_on_by_image() {
    let Some(gcp) = Gcp::start() else { return };
    let estate = gcp.seed(&json!("small"));
    let source = Source::of(&gcp, &estate);
    let found = source.collect(SHOP, "", "artifact-analysis").complete();
    assert!(found.documents.len() > 10);
    let about = |provenance: &Provenance| provenance.image.is_some();
    for (bytes, provenance) in found.documents.iter().filter(|(_, provenance)| about(provenance)) {
        let digest = provenance.image.as_ref().unwrap().digest.as_ref().unwrap().to_string();
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.contains(&digest), "{}", provenance.name);
        assert_eq!(provenance.source, "gcp");
    }
    let again = source.collect(SHOP, "", "artifact-analysis").complete();
    let bytes = |documents: &[(Vec<u8>, Provenance)]| {
        documents.iter().map(|(bytes, _)| bytes.clone()).collect::<Vec<_>>()
    };
    assert_eq!(bytes(&again.documents), bytes(&found.documents), "the same again is the same document");
}

#[test]
fn findings_that_were_not_read_whole_are_not_handed_on() {
    let Some(gcp) = Gcp::start() else { return };
    let estate = gcp.seed(&json!("small"));
    gcp.set(&json!({"page_cap": 20}));
    let _ = gcp.fault(&json!({"kind": "deny", "method": "ListOccurrences", "after": 4}));
    let found = Source::of(&gcp, &estate).collect(SHOP, "", "artifact-analysis");
    assert!(found.failure().contains("`containeranalysis.occurrences.list` was denied"), "{found:?}");
    assert!(found.documents.is_empty(), "half of an image's findings would close the other half");
}

#[test]
fn what_is_attested_and_assessed_is_handed_on() {
    let Some(gcp) = Gcp::start() else { return };
    let estate = gcp.seed(&json!("small"));
    let found = Source::of(&gcp, &estate).collect(SHOP, "", "artifact-analysis").complete();
    let papers = found.papers();
    let attested: Vec<_> =
        papers.iter().filter(|(_, provenance)| provenance.name.starts_with("Attestations of ")).collect();
    assert_eq!(attested.len(), 1);
    let kinds =
        attested[0].0["occurrences"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap());
    let mut kinds: Vec<&str> = kinds.collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["ATTESTATION", "SBOM_REFERENCE"]);
    let (assessed, provenance) = papers.iter().find(|(_, provenance)| provenance.image.is_none()).unwrap();
    assert_eq!(provenance.name, "Assessments of plimsoll-shop");
    let product = &assessed["notes"][0]["vulnerabilityAssessment"]["product"]["genericUri"];
    assert_eq!(*product, attested[0].0["occurrences"][0]["resourceUri"], "it is said of the same image");
}

#[test]
fn a_region_that_cannot_be_reached_is_told_and_its_images_are_left() {
    let Some(gcp) = Gcp::start() else { return };
    let estate = gcp.seed(&json!("small"));
    let source = Source::of(&gcp, &estate);
    let whole = source.collect(SHOP, "", "artifact-analysis").complete();
    let _ = gcp.fault(&json!({"kind": "unreachable", "places": [HERE]}));
    let found = source.collect(SHOP, "", "artifact-analysis");
    assert!(found.partial().contains("could not reach europe-west1"), "{}", found.partial());
    let of = |collected: &Collected, here: bool| -> BTreeSet<String> {
        let read = collected.documents.iter().filter(|(bytes, provenance)| {
            let image = provenance.image.as_ref().is_some_and(|image| image.registry.starts_with(HERE));
            let found = bytes.windows(FOUND.len()).any(|word| word == FOUND);
            image == here && found && provenance.name.starts_with("Artifact Analysis on ")
        });
        read.map(|(bytes, provenance)| format!("{} {}", provenance.name, String::from_utf8_lossy(bytes)))
            .collect()
    };
    assert!(!of(&whole, true).is_empty() && of(&found, true).is_empty());
    assert!(!of(&whole, false).is_empty());
    assert_eq!(of(&found, false), of(&whole, false), "the others are handed on");
}
