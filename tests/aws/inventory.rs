//! What registries hold: repositories with their settings, images by platform under the tags of their index.

use std::collections::BTreeSet;

use domain::image::DigestRole;
use domain::source::Completeness;
use serde_json::json;
use tests::asked::Source;
use tests::aws::{Aws, small};
use tests::cloud::Cloud;

use crate::asked::{HERE, findings};

#[test]
fn every_repository_and_every_image_is_seen_once() {
    let Some((aws, estate)) = Aws::seeded(&small()) else { return };
    let source = Source::of(&aws, &estate);
    aws.forget_calls();
    let collected = source.collect(&estate.accounts[1], HERE, "ecr").complete();
    assert_eq!(collected.repositories().len(), 60);
    let images = collected.images();
    // 12 of 60 repositories have one platform; the others two, with two versions each.
    assert_eq!(images.len(), 12 * 2 + 48 * 2 * 2);
    let calls = aws.calls();
    assert_eq!(calls.of("ecr", "DescribeRepositories"), 1);
    assert_eq!(calls.of("ecr", "DescribeImages"), 60);
    assert_eq!(
        calls.of("ecr", "BatchGetImage"),
        48,
        "indexes alone are asked for, all of a repository at once"
    );
    assert_eq!(calls.of("sts", "AssumeRole"), 1);
    assert!(calls.at_once <= 8, "{}", calls.at_once);
}

#[test]
fn an_index_gives_its_tags_and_platforms_to_its_members() {
    let Some((aws, estate)) = Aws::shared() else { return };
    let collected = Source::of(aws, estate).collect(&estate.accounts[0], HERE, "ecr").complete();
    let images = collected.images();
    let of = |name: &str| {
        images.values().filter(|image| image.references[0].repository == name).collect::<Vec<_>>()
    };
    // With attestations, which are no images.
    let attested = of("team-b/service-001");
    assert_eq!(attested.len(), 4);
    for image in &attested {
        let platform = image.platform.as_ref().unwrap();
        assert!(["amd64", "arm64"].contains(&platform.architecture.as_str()), "{platform:?}");
        let roles: BTreeSet<DigestRole> = image.digests.iter().map(|(role, _)| *role).collect();
        assert_eq!(roles, BTreeSet::from([DigestRole::Manifest, DigestRole::Index]));
        assert!(image.references.iter().all(|reference| reference.tag.is_some()), "{:?}", image.references);
        assert!(image.pushed_at.is_some() && image.size.is_some() && image.media_type.is_some());
    }
    let latest = attested
        .iter()
        .filter(|image| image.references.iter().any(|reference| reference.tag.as_deref() == Some("latest")));
    assert_eq!(latest.count(), 2, "both platforms of the newest version");
    let single = of("team-e/service-004");
    assert_eq!(single.len(), 2);
    assert!(single.iter().all(|image| image.platform.is_none()));
}

#[test]
fn settings_of_a_repository_are_told() {
    let Some((aws, estate)) = Aws::shared() else { return };
    let collected = Source::of(aws, estate).collect(&estate.accounts[0], HERE, "ecr").complete();
    let repositories = collected.repositories();
    let first = repositories.iter().find(|repository| repository.name == "service-000").unwrap();
    assert_eq!(first.registry, format!("{}.dkr.ecr.{HERE}.amazonaws.com", estate.accounts[0]));
    assert_eq!((first.tags_immutable, first.scan_on_push), (Some(true), Some(true)));
    assert_eq!(first.encryption.as_deref(), Some("AES256"));
    assert_eq!(first.public, Some(false));
    let second = repositories.iter().find(|repository| repository.name == "team-b/service-001").unwrap();
    assert_eq!((second.tags_immutable, second.scan_on_push), (Some(false), Some(false)));
}

/// Every list of every service, in pages of three rows and in pages as large as they come.
#[test]
fn small_pages_show_the_same() {
    let Some((aws, estate)) = Aws::seeded(&small()) else { return };
    let account = &estate.accounts[2];
    let source = Source::of(&aws, &estate);
    for service in [
        "apprunner",
        "batch",
        "ecr",
        "ecr-attached",
        "ecr-findings",
        "ecs",
        "eks",
        "guardduty",
        "inspector",
        "lambda",
        "securityhub",
    ] {
        let begun = source.reading().calls;
        let whole = source.collect(account, HERE, service).complete();
        let between = source.reading().calls;
        aws.set(&json!({ "page_cap": 3 }));
        let paged = source.collect(account, HERE, service).complete();
        aws.set(&json!({ "page_cap": null }));
        let (few, many) = (between - begun, source.reading().calls - between);
        assert_eq!(paged.shown(), whole.shown(), "{service}");
        assert_eq!(findings(&paged), findings(&whole), "{service}");
        assert!(!whole.shown().is_empty() || !findings(&whole).is_empty(), "{service} showed nothing");
        if !["apprunner", "batch", "eks", "lambda"].contains(&service) {
            assert!(many > few, "{service}: {few} calls, and {many} in small pages");
        }
    }
    let public = |cap| {
        aws.set(&json!({ "page_cap": cap }));
        source.collect(&estate.accounts[0], "us-east-1", "ecr-public").complete().shown()
    };
    assert_eq!(public(Some(1)), public(None));
}

#[test]
fn a_region_that_holds_nothing_is_complete() {
    let Some((aws, estate)) = Aws::shared() else { return };
    let source = Source::with(aws, estate, &[("organisation", &["true"])]);
    let collected = source.collect(&estate.accounts[1], "eu-north-1", "ecr");
    assert_eq!(collected.outcome, Ok(Completeness::Complete));
    assert_eq!(collected.observations.len(), 0);
}

#[test]
fn public_repositories_are_public() {
    let Some((aws, estate)) = Aws::shared() else { return };
    let source = Source::of(aws, estate);
    let mut seen = 0;
    for account in &estate.accounts {
        let collected = source.collect(account, "us-east-1", "ecr-public").complete();
        for repository in collected.repositories() {
            assert!(repository.registry.starts_with("public.ecr.aws"), "{repository:?}");
            assert_eq!((repository.public, repository.scan_on_push), (Some(true), None));
        }
        seen += collected.images().len();
    }
    assert!(seen > 0, "no public image was seeded");
}

#[test]
fn scan_findings_come_as_ecr_wrote_them() {
    let Some((aws, estate)) = Aws::shared() else { return };
    let collected = Source::of(aws, estate).collect(&estate.accounts[0], HERE, "ecr-findings").complete();
    assert!(!collected.documents.is_empty());
    for (bytes, provenance) in &collected.documents {
        let answer: serde_json::Value = serde_json::from_slice(bytes).unwrap();
        let image = provenance.image.as_ref().unwrap();
        assert_eq!(answer["repositoryName"], image.repository.as_str());
        assert_eq!(answer["imageId"]["imageDigest"], image.digest.as_ref().unwrap().as_str());
        assert_eq!(provenance.source, "aws");
    }
}
