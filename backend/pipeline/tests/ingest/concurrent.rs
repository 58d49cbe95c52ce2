//! Many documents at once that speak of the same images, packages, vulnerabilities and tags: the end is
//! that of one after the other.

use std::pin::Pin;

use store::test_support::{self, TestDatabase};
use store::{Options, Store};

use crate::documents::{Trivy, grype, openvex, pods};
use crate::support::{number, take};

/// How often the race is run.
const ROUNDS: usize = 4;

/// Documents that overlap in everything, one of them twice.
fn documents() -> Vec<Vec<u8>> {
    let of = |config: char, repository: char, reference: &'static str| Trivy {
        config: Some(config),
        repository: Some(repository),
        reference,
        ..Trivy::new("2026-01-01T00:00:00Z")
    };
    let api = of('c', 'd', "ghcr.io/acme/api:1").with("openssl", "CVE-2026-1").with("zlib", "CVE-2026-2");
    let shop = of('1', '2', "ghcr.io/acme/shop:1").with("openssl", "CVE-2026-1").with("curl", "CVE-2026-3");
    let web = of('3', '4', "ghcr.io/acme/web:1").with("zlib", "CVE-2026-2").with_secret("aws-access-key-id");
    vec![
        api.bytes(),
        grype(
            "2026-01-02T00:00:00Z",
            &[("openssl", "GHSA-aaaa-bbbb-cccc", Some("CVE-2026-1")), ("curl", "CVE-2026-3", None)],
        ),
        shop.bytes(),
        web.bytes(),
        shop.bytes(),
        pods(),
        openvex("2026-01-03T00:00:00Z", "CVE-2026-2", "not_affected"),
    ]
}

/// What is there in the end, in numbers.
async fn summary(store: &Store) -> Vec<i64> {
    let mut numbers = Vec::new();
    for sql in [
        "SELECT COUNT(*) FROM images",
        "SELECT COUNT(*) FROM image_digests",
        "SELECT COUNT(*) FROM image_tags WHERE ended_at IS NULL",
        "SELECT COUNT(*) FROM components",
        "SELECT COUNT(*) FROM vulnerabilities",
        "SELECT COUNT(*) FROM vulnerability_aliases",
        "SELECT COUNT(*) FROM findings WHERE closed_at IS NULL",
        "SELECT COUNT(*) FROM findings WHERE closed_at IS NOT NULL",
        "SELECT COUNT(*) FROM findings WHERE vex_status = 'not_affected'",
        "SELECT COUNT(*) FROM attributions",
        "SELECT CAST(SUM(severity * 100 + LENGTH(fix_state) + LENGTH(fix_version)) AS BIGINT) FROM findings",
        "SELECT CAST(SUM(severity * 100 + LENGTH(tool) + LENGTH(reported_as)) AS BIGINT) FROM attributions",
        "SELECT CAST(SUM(severity * 100 + LENGTH(id)) AS BIGINT) FROM vulnerabilities",
        "SELECT CAST(SUM(times_received) AS BIGINT) FROM documents",
        "SELECT COUNT(*) FROM scans",
        "SELECT COUNT(*) FROM containers WHERE image_id IS NOT NULL",
        "SELECT COUNT(*) FROM documents",
        "SELECT COUNT(*) FROM documents WHERE state = 'processed'",
    ] {
        numbers.push(number(store, sql).await);
    }
    numbers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn at_once_comes_to_the_same_as_one_after_the_other() {
    for make in [sqlite_again, postgres_again] {
        let Some(database) = make().await else { continue };
        for document in documents() {
            take(&database.store, document).await;
        }
        let in_turn = summary(&database.store).await;
        database.drop_database().await;
        for round in 0..ROUNDS {
            let Some(database) = make().await else { continue };
            assert_eq!(race(&database, round).await, in_turn, "on {}", database.store.product());
            database.drop_database().await;
        }
    }
}

/// Takes the documents in through two stores that share nothing but the database, as two processes do.
async fn race(database: &TestDatabase, round: usize) -> Vec<i64> {
    let other =
        Store::connect(&database.url, &Options { connections: 4, ..Options::default() }).await.unwrap();
    let mut documents = documents();
    let count = documents.len();
    documents.rotate_left(round % count);
    let tasks: Vec<_> = documents
        .into_iter()
        .enumerate()
        .map(|(index, document)| {
            let store = if index % 2 == 0 { database.store.clone() } else { other.clone() };
            tokio::spawn(async move { take(&store, document).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let numbers = summary(&other).await;
    other.close().await.unwrap();
    numbers
}

type Made = Pin<Box<dyn Future<Output = Option<TestDatabase>> + Send>>;

fn sqlite_again() -> Made {
    Box::pin(async { Some(test_support::sqlite().await) })
}

fn postgres_again() -> Made {
    Box::pin(test_support::postgres())
}
