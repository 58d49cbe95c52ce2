//! Images under their several digests and tags.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::document::Provenance;
use pipeline::ingest;
use store::test_support::on_each_database;

use crate::documents::{Trivy, digest, grype, pods};
use crate::support::{SIZE, changes, images, now, number, open_findings, provenance, take};

const JANUARY: &str = "2026-01-01T00:00:00Z";
const FEBRUARY: &str = "2026-02-01T00:00:00Z";

#[tokio::test]
async fn a_config_digest_and_then_the_manifest_is_one_image() {
    on_each_database(async |store| {
        let local = Trivy { repository: None, ..Trivy::new(JANUARY) };
        let first = take(&store, local.with("openssl", "CVE-2026-1").bytes()).await;
        let role = "SELECT COUNT(*) FROM images WHERE digest_role = 'config'";
        assert_eq!(number(&store, role).await, 1);
        let second = take(&store, grype(FEBRUARY, &[("openssl", "CVE-2026-1", None)])).await;
        assert_eq!(first.touched.images, second.touched.images);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM images WHERE digest_role = 'manifest'").await, 1);
        assert_eq!((images(&store).await, open_findings(&store).await), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn two_images_that_turn_out_to_be_one_are_joined_with_their_findings() {
    on_each_database(async |store| {
        let by_config = Trivy { repository: None, ..Trivy::new(JANUARY) };
        take(&store, by_config.with("openssl", "CVE-2026-1").bytes()).await;
        take(&store, pods()).await;
        assert_eq!(images(&store).await, 2);
        take(&store, grype(FEBRUARY, &[("openssl", "CVE-2026-1", None), ("zlib", "CVE-2026-2", None)])).await;
        assert_eq!((images(&store).await, open_findings(&store).await), (1, 2));
        let runs = "SELECT COUNT(*) FROM containers c JOIN images i ON i.id = c.image_id WHERE c.running > 0";
        assert_eq!(number(&store, runs).await, 1);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM attributions").await, 3);
    })
    .await;
}

#[tokio::test]
async fn a_tag_waits_until_it_is_known() {
    on_each_database(async |store| {
        let tag_only = Trivy { config: None, repository: None, tagged: false, ..Trivy::new(FEBRUARY) };
        let waiting = take(&store, tag_only.with("openssl", "CVE-2026-1").bytes()).await;
        assert_eq!(changes(&waiting), [0, 0, 0, 1]);
        assert_eq!((images(&store).await, open_findings(&store).await), (0, 0));
        let unresolved = "SELECT COUNT(*) FROM documents WHERE state = 'unresolved'";
        assert_eq!(number(&store, unresolved).await, 1);
        let known = take(&store, grype(JANUARY, &[("zlib", "CVE-2026-2", None)])).await;
        assert_eq!(changes(&known), [1, 0, 0, 0]);
        assert_eq!(number(&store, unresolved).await, 0);
        assert_eq!((images(&store).await, open_findings(&store).await), (1, 2));
    })
    .await;
}

#[tokio::test]
async fn a_tag_is_what_it_was_at_the_time_of_the_scan() {
    on_each_database(async |store| {
        take(&store, Trivy::new(JANUARY).bytes()).await;
        let rebuilt =
            Trivy { config: Some('a'), repository: Some('b'), ..Trivy::new("2026-03-01T00:00:00Z") };
        take(&store, rebuilt.bytes()).await;
        assert_eq!(images(&store).await, 2);
        let tag_only = Trivy { config: None, repository: None, tagged: false, ..Trivy::new(FEBRUARY) };
        let outcome = take(&store, tag_only.with("openssl", "CVE-2026-1").bytes()).await;
        assert_eq!(changes(&outcome), [1, 0, 0, 0]);
        let on_first = "SELECT COUNT(*) FROM findings f JOIN image_digests d ON d.image_id = f.image_id \
                        WHERE d.digest LIKE 'sha256:ccc%'";
        assert_eq!(number(&store, on_first).await, 1);
    })
    .await;
}

/// A pipeline scans what it pushed before anybody asks the registry what the tag is.
#[tokio::test]
async fn a_tag_that_was_first_seen_later_is_the_image_that_had_been_made_by_then() {
    on_each_database(async |store| {
        for (tag, letter, made_at, expected) in [
            ("ghcr.io/acme/before:1", 'a', JANUARY, [0, 0, 1, 0]),
            ("ghcr.io/acme/after:1", 'b', "2026-02-15T00:00:00Z", [0, 0, 0, 1]),
            ("ghcr.io/acme/timeless:1", 'c', "1980-01-01T00:00:01Z", [0, 0, 0, 1]),
            ("ghcr.io/acme/silent:1", 'd', "", [0, 0, 0, 1]),
        ] {
            let seen = Trivy { reference: tag, config: Some(letter), ..Trivy::new("2026-03-01T00:00:00Z") };
            let seen = Trivy { repository: None, made_at, ..seen };
            let tag_only = Trivy {
                reference: tag,
                config: None,
                repository: None,
                tagged: false,
                ..Trivy::new(FEBRUARY)
            };
            take(&store, seen.bytes()).await;
            let outcome = take(&store, tag_only.with("openssl", "CVE-2026-1").bytes()).await;
            assert_eq!(changes(&outcome), expected, "{tag}");
            let presumed = outcome.inspection.warnings.iter().filter(|one| one.at == tag).count() as u64;
            assert_eq!(presumed, expected[2], "{:?}", outcome.inspection.warnings);
        }
    })
    .await;
}

#[tokio::test]
async fn the_sender_may_name_the_image() {
    on_each_database(async |store| {
        take(&store, Trivy::new(JANUARY).bytes()).await;
        let sarif = serde_json::json!({"version": "2.1.0", "runs": [{
            "tool": {"driver": {"name": "Checker", "rules": [{"id": "R1"}]}},
            "results": [{"ruleId": "R1", "level": "error", "message": {"text": "no"},
                         "locations": [{"physicalLocation": {"artifactLocation": {"uri": "Dockerfile"}}}]}],
        }]});
        let bytes = serde_json::to_vec(&sarif).unwrap();
        let silent = take(&store, bytes.clone()).await;
        assert_eq!(silent.changes().unresolved, 1);
        let mut named = provenance();
        named.image = Some("ghcr.io/acme/api:1".parse().unwrap());
        let outcome = pipeline::ingest::ingest(&store, bytes, &named, SIZE, now()).await.unwrap();
        assert_eq!(changes(&outcome), [1, 0, 0, 0]);
        assert_ne!(silent.document, outcome.document);
    })
    .await;
}

/// Provenance of an image that has no name in it, as registries hold it beside the image.
fn provenance_of(letter: char) -> Vec<u8> {
    let statement = serde_json::json!({"_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "_", "digest": {"sha256": digest(letter).trim_start_matches("sha256:")}}],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {"runDetails": {"builder": {"id": "https://ci.example.org/7"}}}});
    serde_json::to_vec(&statement).unwrap()
}

#[tokio::test]
async fn an_attestation_is_on_the_image_that_it_is_kept_beside() {
    on_each_database(async |store| {
        let beside = format!("ghcr.io/acme/api@{}", digest('d'));
        let sent = Provenance { image: Some(beside.parse().unwrap()), ..provenance() };
        for _ in 0..2 {
            let outcome = ingest::ingest(&store, provenance_of('d'), &sent, SIZE, now()).await.unwrap();
            assert_eq!((outcome.error(), outcome.changes().unresolved), (None, 0));
        }
        let said = "SELECT COUNT(*) FROM attestations a JOIN images i ON i.id = a.image_id \
                    JOIN documents d ON d.id = a.document_id AND d.image_id = i.id \
                    WHERE d.state = 'processed' AND a.builder = 'https://ci.example.org/7'";
        assert_eq!((number(&store, said).await, images(&store).await), (1, 1));
        take(&store, provenance_of('e')).await;
        assert_eq!(images(&store).await, 1, "a statement that names no image makes none");
    })
    .await;
}

/// What `cosign download signature` prints of an image.
fn signature_of(letter: char) -> Vec<u8> {
    let payload = serde_json::json!({"critical": {"identity": {"docker-reference": "ghcr.io/acme/api"},
        "image": {"docker-manifest-digest": digest(letter)}, "type": "cosign container image signature"}});
    let told =
        serde_json::json!({"Base64Signature": "MEUC", "Payload": STANDARD.encode(payload.to_string())});
    serde_json::to_vec(&told).unwrap()
}

#[tokio::test]
async fn a_signature_is_on_the_image_beside_which_it_lay_whatever_it_names() {
    on_each_database(async |store| {
        let beside = format!("ghcr.io/acme/api@{}", digest('d'));
        let sent = Provenance { image: Some(beside.parse().unwrap()), ..provenance() };
        let outcome = ingest::ingest(&store, signature_of('e'), &sent, SIZE, now()).await.unwrap();
        assert_eq!(outcome.error(), None);
        let standing = |word: &str| format!("SELECT COUNT(*) FROM images WHERE signing = '{word}'");
        assert_eq!(number(&store, &standing("unverified")).await, 1, "it was not judged yet");
        let rules = pipeline::Settings {
            max_document_bytes: SIZE,
            stale_after_days: 7,
            silent_after_hours: 24,
            sanctioned_registries: Vec::new(),
            deadlines: policy::deadlines::DEFAULT.to_owned(),
            trust: policy::trust::Trust::default(),
            runtime: pipeline::Keep::default(),
        };
        let judge = pipeline::Judge::new(&rules).unwrap();
        judge.signatures(&store).await.unwrap();
        assert_eq!(number(&store, &standing("invalid")).await, 1);
        let lain = format!("SELECT COUNT(*) FROM signatures WHERE subject = '{}'", digest('d'));
        assert_eq!(number(&store, &lain).await, 1);
        take(&store, signature_of('f')).await;
        judge.signatures(&store).await.unwrap();
        assert_eq!(
            number(&store, &standing("unverified")).await,
            1,
            "it lay nowhere, so that its word counts"
        );
        assert_eq!(images(&store).await, 2);
    })
    .await;
}
