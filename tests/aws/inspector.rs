//! Inspector: findings by image as it wrote them, and what it watches.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::asked::Source;
use tests::aws::{Aws, Fault, small};
use tests::cloud::Cloud;

use crate::asked::HERE;

#[test]
fn the_findings_of_an_image_are_one_document() {
    let Some((aws, estate)) = Aws::seeded(&small()) else { return };
    aws.set(&json!({ "page_cap": 7 }));
    let collected = Source::of(&aws, &estate).collect(&estate.accounts[0], HERE, "inspector").complete();
    let (mut findings, mut images) = (BTreeSet::new(), BTreeSet::new());
    for (bytes, provenance) in &collected.documents {
        let document: Value = serde_json::from_slice(bytes).unwrap();
        let image = provenance.image.clone().unwrap();
        assert!(images.insert(image.to_string()), "{image} came twice");
        for finding in document["findings"].as_array().unwrap() {
            let told = &finding["resources"][0]["details"]["awsEcrContainerImage"];
            assert_eq!(told["imageHash"], image.digest.as_ref().unwrap().as_str());
            assert_eq!(told["repositoryName"], image.repository.as_str());
            findings.insert(finding["findingArn"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(findings.len(), 120, "as many as were seeded");
}

#[test]
fn images_that_are_not_watched_say_why() {
    let Some((aws, estate)) = Aws::shared() else { return };
    let collected = Source::of(aws, estate).collect(&estate.accounts[1], HERE, "inspector").complete();
    let coverage = collected.coverage();
    let expired: Vec<_> = coverage.iter().filter(|coverage| coverage.watched == Some(false)).collect();
    assert!(!expired.is_empty());
    assert!(expired.iter().all(|coverage| coverage.reason == "SCAN_ELIGIBILITY_EXPIRED"));
    let watched: Vec<_> = coverage.iter().filter(|coverage| coverage.watched == Some(true)).collect();
    assert!(watched.len() > expired.len());
    for coverage in watched {
        let repository = coverage.image.references[0].repository.as_str();
        let runs = ["service-000", "team-b/service-001", "team-c/service-002"].contains(&repository);
        let in_use = coverage.in_use.unwrap();
        assert_eq!((coverage.reason.as_str(), in_use.count), ("SUCCESSFUL", if runs { 2 } else { 0 }));
        assert_eq!(in_use.last_at.is_some(), runs, "{repository}");
        assert!(coverage.last_scanned_at.is_some());
        assert_eq!(coverage.image.references[0].digest.as_ref(), coverage.image.best_digest());
    }
}

#[test]
fn without_findings_coverage_is_still_seen() {
    let Some((aws, estate)) = Aws::seeded(&small()) else { return };
    aws.fault(&Fault::deny().on("inspector2", "ListFindings"));
    let collected = Source::of(&aws, &estate).collect(&estate.accounts[1], HERE, "inspector");
    assert!(collected.partial().contains("`inspector2:ListFindings` was denied"), "{}", collected.partial());
    assert!(!collected.coverage().is_empty());
    assert_eq!(collected.documents.len(), 0);
}

#[test]
fn a_list_that_breaks_off_gives_no_half_document() {
    let Some((aws, estate)) = Aws::seeded(&small()) else { return };
    aws.set(&json!({ "page_cap": 7 }));
    let source = Source::of(&aws, &estate);
    let whole = source.collect(&estate.accounts[0], HERE, "inspector").complete();
    aws.fault(&Fault::deny().on("inspector2", "ListFindings").after(3));
    let broken = source.collect(&estate.accounts[0], HERE, "inspector");
    assert!(broken.partial().contains("denied"), "{}", broken.partial());
    assert!(broken.documents.len() < whole.documents.len());
    for (bytes, provenance) in &broken.documents {
        let same = whole.documents.iter().find(|(_, other)| other.image == provenance.image).unwrap();
        assert_eq!(*bytes, same.0, "{}", provenance.name);
    }
}
