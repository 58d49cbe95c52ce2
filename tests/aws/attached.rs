//! What lies beside images: by subject, by tag and in the index, as the bytes that were attached; and what a
//! careful reader does not take, with the reason.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::asked::{Collected, Source};
use tests::aws::{Aws, Estate, Fault, small};
use tests::cloud::Cloud;

use crate::asked::HERE;

/// One account with three repositories, and the papers of one image.
fn attached() -> Option<(Aws, Estate)> {
    let aws = Aws::start()?;
    let estate = aws.seed(&json!({ "plan": "tiny", "attached": true, "workloads": false, "findings": 0 }));
    Some((aws, estate))
}

/// Documents by what they are.
fn documents(collected: &Collected) -> BTreeMap<&str, Vec<Value>> {
    let mut documents: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (bytes, provenance) in &collected.documents {
        let (kind, _) = provenance.name.rsplit_once(" of ").unwrap();
        documents.entry(kind).or_default().push(serde_json::from_slice(bytes).unwrap());
    }
    documents
}

#[test]
fn attestations_in_an_index_speak_of_its_images() {
    let Some((aws, estate)) = Aws::seeded(&small()) else { return };
    let source = Source::of(&aws, &estate);
    aws.forget_calls();
    let collected = source.collect(&estate.accounts[0], HERE, "ecr-attached").complete();
    // Six repositories attest, with two versions of two platforms.
    assert_eq!(aws.calls().of("ecr", "GetDownloadUrlForLayer"), 6 * 2 * 2);
    assert_eq!(collected.documents.len(), 6 * 2 * 2);
    assert_eq!(collected.observations.len(), 0);
    for (bytes, provenance) in &collected.documents {
        let statement: Value = serde_json::from_slice(bytes).unwrap();
        let image = provenance.image.as_ref().unwrap();
        let subject = statement["subject"][0]["digest"]["sha256"].as_str().unwrap();
        assert_eq!(image.digest.as_ref().unwrap().as_str(), format!("sha256:{subject}"));
        assert!(provenance.name.starts_with("attestation of team-b/service-0"), "{}", provenance.name);
    }
}

#[test]
fn papers_are_found_by_subject_and_by_tag() {
    let Some((aws, estate)) = attached() else { return };
    let collected = Source::of(&aws, &estate).collect(&estate.accounts[0], HERE, "ecr-attached");
    let found = documents(&collected);
    let counts: Vec<(&str, usize)> = found.iter().map(|(kind, documents)| (*kind, documents.len())).collect();
    // Two versions of two platforms in one of the three repositories attest.
    assert_eq!(counts, [("attestation", 4), ("bill of materials", 1), ("signature", 1)]);
    let bill = &found["bill of materials"][0];
    assert_eq!(bill["components"][0]["name"], "openssl");
    let signed = found["signature"][0]["critical"]["image"]["docker-manifest-digest"].as_str().unwrap();
    let of = |kind: &str| {
        let mut named = collected.documents.iter().map(|(_, provenance)| provenance);
        let provenance = named.find(|provenance| provenance.name.starts_with(kind)).unwrap();
        provenance.image.as_ref().unwrap().digest.as_ref().unwrap().as_str().to_owned()
    };
    assert_eq!((of("signature"), of("bill of materials")), (signed.to_owned(), signed.to_owned()));
    assert_eq!(bill["metadata"]["component"]["version"], signed);
}

#[test]
fn bytes_that_are_not_what_their_digest_says_are_not_taken() {
    let Some((aws, estate)) = attached() else { return };
    let collected = Source::of(&aws, &estate).collect(&estate.accounts[0], HERE, "ecr-attached");
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
    let asked = aws.calls().of("ecr", "GetDownloadUrlForLayer");
    assert_eq!(asked, 4 + 2 + 3, "what is too large is not asked for");
}

#[test]
fn papers_that_may_not_be_read_are_told_once_for_each_repository() {
    let Some((aws, estate)) = attached() else { return };
    aws.fault(&Fault::deny().on("ecr", "GetDownloadUrlForLayer"));
    let collected = Source::of(&aws, &estate).collect(&estate.accounts[0], HERE, "ecr-attached");
    let told = collected.partial();
    assert!(told.starts_with("`ecr:GetDownloadUrlForLayer` was denied in"), "{told}");
    assert_eq!(collected.documents.len(), 0);
    assert_eq!(
        aws.calls().of("ecr", "GetDownloadUrlForLayer"),
        2,
        "the first of each repository that has any"
    );
}

#[test]
fn papers_are_no_images() {
    let Some((aws, estate)) = attached() else { return };
    let collected = Source::of(&aws, &estate).collect(&estate.accounts[0], HERE, "ecr").complete();
    assert_eq!(collected.images().len(), 3 * 2 * 2);
}
