//! Documents too long to be held: taken in from a file, and from uploads, they change what they would change as a whole.

use std::io::Write;

use pipeline::ingest;
use store::test_support::on_each_database;

use crate::documents::Trivy;
use crate::support::{now, number, open_findings, provenance};

/// The most bytes of a document here.
const SIZE: u64 = 512 << 20;
/// Bytes of white space in a description, of which four make a document long.
const BLANKS: usize = 16_500_000;

/// A report of four findings and 66 MB.
fn long() -> Vec<u8> {
    let mut report = Trivy::new("2026-01-01T00:00:00Z");
    for package in ["openssl", "zlib", "curl", "expat"] {
        report = report.with(package, &format!("CVE-2026-{}", package.len()));
    }
    let text = String::from_utf8(report.bytes()).unwrap();
    let blanks = " ".repeat(BLANKS);
    text.replace("\"VulnerabilityID\"", &format!("{blanks}\"VulnerabilityID\"")).into_bytes()
}

#[tokio::test]
async fn a_long_file_is_read_from_the_database_in_portions() {
    let bytes = long();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&bytes).unwrap();
    on_each_database(async |store| {
        let taken = ingest::ingest_long(&store, file.path(), &provenance(), SIZE, now()).await.unwrap();
        assert_eq!((taken.error(), taken.changes().added), (None, 4));
        assert_eq!(open_findings(&store).await, 4);
        let again = ingest::ingest_long(&store, file.path(), &provenance(), SIZE, now()).await.unwrap();
        assert_eq!((again.document, again.changes().unchanged), (taken.document, 4));
        assert_eq!(number(&store, "SELECT COUNT(*) FROM documents").await, 1);
    })
    .await;
    let inspection = ingest::inspect_long(file.path(), "long", SIZE).unwrap();
    assert_eq!((inspection.kind.as_deref(), inspection.counts.entries), (Some("trivy-json"), 4));
}

#[tokio::test]
async fn a_long_file_that_breaks_off_or_is_not_there_says_so() {
    let bytes = long();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&bytes[..bytes.len() - 40]).unwrap();
    on_each_database(async |store| {
        let cut = ingest::ingest_long(&store, file.path(), &provenance(), SIZE, now()).await.unwrap();
        assert!(cut.error().is_some_and(|error| error.contains("truncated trivy-json")), "{cut:?}");
        let missing = file.path().join("nowhere");
        let missing = ingest::ingest_long(&store, &missing, &provenance(), SIZE, now()).await.unwrap();
        assert!(missing.error().is_some_and(|error| error.contains("could not be read")), "{missing:?}");
        assert_eq!(number(&store, "SELECT COUNT(*) FROM documents").await, 1);
        assert_eq!(open_findings(&store).await, 0);
    })
    .await;
}
