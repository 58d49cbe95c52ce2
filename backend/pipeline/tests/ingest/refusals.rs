//! Documents that cannot be read keep their bytes and their error and change nothing else.

use pipeline::ingest;
use store::test_support::on_each_database;

use crate::documents::Trivy;
use crate::support::{SIZE, now, number, open_findings, provenance, take};

#[tokio::test]
async fn a_broken_document_is_kept_with_its_error_and_changes_nothing() {
    on_each_database(async |store| {
        let whole = Trivy::new("2026-01-01T00:00:00Z").with("openssl", "CVE-2026-1").bytes();
        take(&store, whole.clone()).await;
        for bytes in
            [whole[..whole.len() / 2].to_vec(), b"<!doctype html><p>Sign in".to_vec(), vec![], vec![0; 99]]
        {
            let written = store.rows_written("findings");
            let outcome = ingest::ingest(&store, bytes.clone(), &provenance(), SIZE, now()).await.unwrap();
            assert!(outcome.error().is_some_and(|error| error.len() > 20), "{outcome:?}");
            assert_eq!(store.rows_written("findings"), written);
            let id = outcome.document.unwrap();
            assert_eq!(store::save::documents::raw(&store, id).await.unwrap(), bytes);
        }
        assert_eq!(number(&store, "SELECT COUNT(*) FROM documents WHERE state = 'failed'").await, 4);
        assert_eq!(open_findings(&store).await, 1);
    })
    .await;
}

#[tokio::test]
async fn hostile_texts_are_stored_as_texts() {
    on_each_database(async |store| {
        let report = Trivy::new("2026-01-01T00:00:00Z").with("openssl", "CVE-2026-1").bytes();
        let text = String::from_utf8(report)
            .unwrap()
            .replace("CVE-2026-1 in openssl", "<b>'; DROP TABLE\\u0000 =1+1");
        take(&store, text.into_bytes()).await;
        let kept = "SELECT COUNT(*) FROM vulnerabilities WHERE title LIKE '<b>%DROP TABLE%'";
        assert_eq!(number(&store, kept).await, 1);
    })
    .await;
}

#[tokio::test]
async fn an_upload_that_waits_is_processed_once() {
    on_each_database(async |store| {
        let bytes = Trivy::new("2026-01-01T00:00:00Z").with("openssl", "CVE-2026-1").bytes();
        let provenance = provenance();
        let mut upload = store::documents::Upload::begin(&store, &provenance, now());
        upload.write(&bytes).await.unwrap();
        let received = upload.finish(now()).await.unwrap();
        let outcome = ingest::process_next(&store, SIZE, now()).await.unwrap().unwrap();
        assert_eq!((outcome.document, outcome.changes().added), (Some(received.id), 1));
        assert!(ingest::process_next(&store, SIZE, now()).await.unwrap().is_none());
        let replayed = ingest::replay(&store, received.id, SIZE, now()).await.unwrap();
        assert_eq!((replayed.changes().added, replayed.changes().unchanged), (0, 1));
    })
    .await;
}
