//! Archives: every file a document of its own, the archive kept beside them, and nothing twice.

use domain::document::Provenance;
use pipeline::ingest;
use store::Store;
use store::test_support::on_each_database;

use crate::documents::Trivy;
use crate::support::{SIZE, changes, now, number, open_findings, provenance, take};

/// A tar archive of these files.
fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (path, bytes) in files {
        let mut header = [0_u8; 512];
        header[..path.len()].copy_from_slice(path.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", bytes.len()).as_bytes());
        header[148..156].fill(b' ');
        header[156] = b'0';
        header[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        archive.extend(header);
        archive.extend(*bytes);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

fn report(reference: &'static str, [config, repository]: [char; 2], id: &str) -> Vec<u8> {
    let report = Trivy::new("2026-01-01T00:00:00Z").with("openssl", id);
    Trivy { reference, config: Some(config), repository: Some(repository), ..report }.bytes()
}

fn scans() -> Vec<u8> {
    let (api, web) = (
        report("ghcr.io/acme/api:1", ['a', 'c'], "CVE-2026-1"),
        report("ghcr.io/acme/web:1", ['b', 'd'], "CVE-2026-2"),
    );
    tar(&[
        ("api.json", &api),
        ("notes.txt", b"nothing to read"),
        ("../up.json", b"{}"),
        ("web/web.json", &web),
    ])
}

async fn upload(store: &Store, bytes: &[u8]) {
    let provenance = Provenance { name: "scans.tar".to_owned(), ..provenance() };
    let mut upload = store::documents::Upload::begin(store, &provenance, now());
    upload.write(bytes).await.unwrap();
    upload.finish(now()).await.unwrap();
}

/// How many documents there are of a state.
async fn documents(store: &Store, state: &str) -> i64 {
    number(store, &format!("SELECT COUNT(*) FROM documents WHERE state = '{state}'")).await
}

#[tokio::test]
async fn every_file_is_a_document_of_its_own() {
    on_each_database(async |store| {
        let outcome = take(&store, scans()).await;
        let files: Vec<&str> = outcome.members.iter().map(|member| member.inspection.file.as_str()).collect();
        assert_eq!(files, ["report.json/api.json", "report.json/notes.txt", "report.json/web/web.json"]);
        assert_eq!((changes(&outcome), outcome.touched.images.len()), ([2, 0, 0, 0], 2));
        let places = outcome.inspection.warnings.iter().map(|warning| warning.at.as_str());
        assert_eq!(places.collect::<Vec<_>>(), ["../up.json", "notes.txt"]);
        assert_eq!(open_findings(&store).await, 2);
        assert_eq!((documents(&store, "processed").await, documents(&store, "failed").await), (3, 1));
        let archive = store::save::documents::load(&store, outcome.document.unwrap()).await.unwrap();
        assert_eq!(
            (archive.kind.as_deref(), archive.provenance.source.as_str(), archive.counts.as_str()),
            (Some("archive"), "test", "{\"members\":3}")
        );
        let member =
            store::save::documents::load(&store, outcome.members[0].document.unwrap()).await.unwrap();
        assert_eq!(
            (member.provenance.source.as_str(), member.provenance.cluster.as_deref()),
            ("archive", Some("prod"))
        );
        assert_eq!(store::save::documents::raw(&store, archive.id).await.unwrap(), scans());
    })
    .await;
}

#[tokio::test]
async fn the_same_archive_again_changes_nothing() {
    on_each_database(async |store| {
        let first = take(&store, scans()).await;
        let written = store.rows_written("findings");
        let again = take(&store, scans()).await;
        assert_eq!((again.document, changes(&again)), (first.document, [0, 0, 2, 0]));
        let replayed = ingest::replay(&store, first.document.unwrap(), SIZE, now()).await.unwrap();
        assert_eq!(changes(&replayed), [0, 0, 2, 0]);
        assert_eq!(store.rows_written("findings"), written);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM documents").await, 4);
    })
    .await;
}

#[tokio::test]
async fn an_upload_is_opened_when_it_is_read() {
    on_each_database(async |store| {
        upload(&store, &scans()).await;
        let outcome = ingest::process_next(&store, SIZE, now()).await.unwrap().unwrap();
        assert_eq!((changes(&outcome), outcome.members.len()), ([2, 0, 0, 0], 3));
        assert!(
            ingest::process_next(&store, SIZE, now()).await.unwrap().is_none(),
            "its documents are read with it"
        );
        let named = "SELECT COUNT(*) FROM documents WHERE name LIKE 'scans.tar/%'";
        assert_eq!(number(&store, named).await, 3);
    })
    .await;
}

#[tokio::test]
async fn a_feed_in_parts_is_whole_afterwards() {
    on_each_database(async |store| {
        let parts = tar(&[
            ("2025.csv", b"cve,epss,percentile\nCVE-2025-1,0.5,0.5\nCVE-2025-2,0.5,0.5\n"),
            ("2026.csv", b"cve,epss,percentile\nCVE-2026-1,0.5,0.5\n"),
        ]);
        let outcome = take(&store, parts).await;
        assert!(outcome.touched.intel);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM epss_scores").await, 3);
    })
    .await;
}

#[tokio::test]
async fn an_archive_that_cannot_be_opened_is_kept_with_its_error() {
    on_each_database(async |store| {
        let bytes = b"PK\x03\x04 and no more".to_vec();
        let outcome = ingest::ingest(&store, bytes.clone(), &provenance(), SIZE, now()).await.unwrap();
        let told = "nothing could be taken out of a zip archive: it is broken: its directory is missing; \
                    what follows was left out";
        assert_eq!(outcome.error(), Some(told));
        assert_eq!(documents(&store, "failed").await, 1);
        assert_eq!(store::save::documents::raw(&store, outcome.document.unwrap()).await.unwrap(), bytes);
    })
    .await;
}
