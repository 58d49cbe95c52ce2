//! `kill -9` in the middle of an ingest, twenty times: the raw document may be there, waiting; of what it
//! says there is all or nothing.

use std::process::{Command, Stdio};
use std::time::Duration;

use store::test_support::{self, TestDatabase};
use store::{Options, Store};

use crate::documents::Trivy;
use crate::support::{SIZE, now, number, open_findings, provenance};

/// The address of the database that a child writes to.
const DATABASE: &str = "PLIMSOLL_TEST_KILL_DATABASE";
/// Findings in the report that the child takes in.
const FINDINGS: i64 = 3_000;

fn report(round: usize) -> Vec<u8> {
    let mut report = Trivy { config: None, ..Trivy::new("2026-01-01T00:00:00Z") };
    report.repository = char::from_digit(u32::try_from(round % 6).unwrap() + 10, 16);
    report.tagged = false;
    for number in 0..FINDINGS {
        report = report.with(&format!("package-{number}"), &format!("CVE-2026-{number:05}"));
    }
    report.bytes()
}

/// Times the child is killed, each a little later in its work.
const ROUNDS: u64 = 20;
/// Times it is killed where none of its ingests came to an end before.
const MOST_ROUNDS: u64 = 100;

/// What the child does; the parent kills it.
#[tokio::test]
async fn child() {
    let Ok(url) = std::env::var(DATABASE) else { return };
    let store = Store::connect(&url, &Options::default()).await.unwrap();
    for round in 0.. {
        let outcome =
            pipeline::ingest::ingest(&store, report(round), &provenance(), SIZE, now()).await.unwrap();
        let document = outcome.document.unwrap();
        pipeline::ingest::replay(&store, document, SIZE, now()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn leaves_no_trace_of_the_half() {
    for database in [Some(test_support::sqlite().await), test_support::postgres().await].into_iter().flatten()
    {
        for round in 0..MOST_ROUNDS {
            // On a slow machine twenty rounds may all end early: a few more reach the end of an ingest.
            if round >= ROUNDS && open_findings(&database.store).await > 0 {
                break;
            }
            kill_after(&database, Duration::from_millis(120 + 61 * round)).await;
            check(&database.store).await;
        }
        let waiting = pipeline::ingest::process_next(&database.store, SIZE, now()).await.unwrap();
        assert!(waiting.is_none_or(|outcome| outcome.error().is_none()));
        assert!(open_findings(&database.store).await > 0, "no ingest was ever finished");
        check(&database.store).await;
        database.drop_database().await;
    }
}

async fn kill_after(database: &TestDatabase, time: Duration) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::child", "--nocapture"])
        .env(DATABASE, &database.url)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    tokio::time::sleep(time).await;
    child.kill().unwrap();
    child.wait().unwrap();
}

async fn check(store: &Store) {
    for (what, sql) in [
        (
            "images with a part of their findings",
            "SELECT COUNT(*) FROM (SELECT image_id FROM findings \
          GROUP BY image_id HAVING COUNT(*) <> 3000) half",
        ),
        (
            "findings without a tool",
            "SELECT COUNT(*) FROM findings f WHERE closed_at IS NULL AND NOT EXISTS \
          (SELECT 1 FROM attributions a WHERE a.image_id = f.image_id AND a.finding_id = f.id)",
        ),
        (
            "findings without an image",
            "SELECT COUNT(*) FROM findings f WHERE NOT EXISTS \
          (SELECT 1 FROM images i WHERE i.id = f.image_id)",
        ),
        (
            "images without a scan",
            "SELECT COUNT(*) FROM images i WHERE NOT EXISTS \
          (SELECT 1 FROM scans s WHERE s.image_id = i.id)",
        ),
        (
            "scans of documents that still wait",
            "SELECT COUNT(*) FROM scans s JOIN documents d \
          ON d.id = s.document_id WHERE d.state <> 'processed'",
        ),
        (
            "documents without their bytes",
            "SELECT COUNT(*) FROM documents d WHERE NOT EXISTS \
          (SELECT 1 FROM document_chunks c WHERE c.document_id = d.id)",
        ),
    ] {
        assert_eq!(number(store, sql).await, 0, "{what} on {}", store.product());
    }
}
