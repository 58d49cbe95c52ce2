//! How long the first page of every list takes, by every sort in both directions, over a million findings,
//! as a ratio to 50 ms. Asks a served binary as a browser does, so that routing, queries and rendering
//! count. Run with `cargo bench -p tests --bench lists`, with `PLIMSOLL_TEST_BINARY` naming the release
//! binary; PostgreSQL is measured where `PLIMSOLL_TEST_POSTGRES_URL` names a server.
//!
//! Refuses to judge a page that did not answer with its rows.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops at what it cannot read"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use store::test_support;
use tests::documents::{Trivy, pods};
use tests::page::{client, get};
use tests::run::run;
use tests::served::Served;

const IMAGES: usize = 100;
const FINDINGS: usize = 10_000;
const ROUNDS: usize = 5;
const LIMIT: Duration = Duration::from_millis(50);
const LISTS: [&str; 4] = ["/images", "/workloads", "/vulnerabilities", "/documents"];

fn main() {
    // `cargo test --benches` only asks whether it starts.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        write_estate(folder.path());
        let file = folder.path().join("lists.db");
        measure(folder.path(), "SQLite", &format!("sqlite://{}", file.display())).await;
        if let Some(database) = test_support::postgres().await {
            measure(folder.path(), "PostgreSQL", &database.url).await;
            database.drop_database().await;
        }
    });
}

/// Reports of many images with one running pod each.
fn write_estate(folder: &Path) {
    let documents = folder.join("estate");
    std::fs::create_dir(&documents).unwrap();
    for number in 0..IMAGES {
        let reference = format!("registry.example/team-{}/service-{number}:1.0", number % 10);
        let report = Trivy::of(&reference).with_many(FINDINGS).bytes();
        std::fs::write(documents.join(format!("report-{number}.json")), report).unwrap();
        let running = pods(&format!("service-{number}"), &reference).to_string();
        std::fs::write(documents.join(format!("workload-{number}.json")), running).unwrap();
    }
}

async fn measure(folder: &Path, product: &str, database: &str) {
    let started = Instant::now();
    run(folder, ["ingest", "--database", database, "estate"]).expect(0);
    println!(
        "{product}: {} findings in {} images taken in and judged in {:.1} s",
        IMAGES * FINDINGS,
        IMAGES,
        started.elapsed().as_secs_f64()
    );
    let served = Served::over(database);
    let mut worst = Duration::ZERO;
    for list in LISTS {
        for address in sorts(&served, list).await {
            let median = median(&served, &address).await;
            worst = worst.max(median);
            println!("  {address}: {:.1} ms = {:.2} x limit", milliseconds(median), ratio(median));
        }
    }
    println!(
        "  worst: {:.1} ms = {:.2} x the limit of {} ms",
        milliseconds(worst),
        ratio(worst),
        LIMIT.as_millis()
    );
    let stopping = Instant::now();
    drop(served);
    println!("  stopped in {:.2} s", stopping.elapsed().as_secs_f64());
}

/// The addresses of a list by every column that its head offers, in both directions.
async fn sorts(served: &Served, list: &str) -> BTreeSet<String> {
    let page = get(&client(), &served.address, list).await;
    let mut found = BTreeSet::from([list.to_owned()]);
    for link in page.attributes("thead th a", "href") {
        let other = get(&client(), &served.address, &link).await;
        found.extend(other.attributes("thead th[aria-sort]:not([aria-sort=none]) a", "href"));
        found.insert(link);
    }
    assert!(found.len() > 10, "{list} has few sorts: {found:?}");
    found
}

async fn median(served: &Served, address: &str) -> Duration {
    let client = client();
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let started = Instant::now();
        let page = get(&client, &served.address, address).await;
        times.push(started.elapsed());
        assert_eq!(page.status, 200, "{address}");
        assert!(page.texts("tbody tr").len() >= 50, "{address} shows too few rows");
    }
    times.sort_unstable();
    times[ROUNDS / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn ratio(time: Duration) -> f64 {
    time.as_secs_f64() / LIMIT.as_secs_f64()
}
