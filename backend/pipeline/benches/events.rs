//! How many runtime events a second are taken in and folded, on each database: written into the inbox a hundred at a time,
//! as senders that come together are, then worked off. Run with `cargo bench -p pipeline --bench events`; the limit is
//! 5 000 of each.

#![expect(clippy::unwrap_used, reason = "a benchmark stops at what it cannot read")]

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use pipeline::{Keep, Pipeline, Settings};
use store::Store;
use store::save::inbox::{self, Incoming};
use store::test_support::{self, TestDatabase};

const EVENTS: usize = 50_000;
const TOGETHER: usize = 100;
/// Rules and pods among the events: so many detections.
const RULES: usize = 20;
const PODS: usize = 50;

fn main() {
    // `cargo test --benches` only asks whether it starts.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for make in [Some(test_support::sqlite().await), test_support::postgres().await].into_iter().flatten()
        {
            measure(make).await;
        }
    });
}

async fn measure(database: TestDatabase) {
    let store = &database.store;
    let settings = Settings {
        max_document_bytes: 1 << 20,
        stale_after_days: 7,
        silent_after_hours: 24,
        sanctioned_registries: Vec::new(),
        deadlines: policy::deadlines::DEFAULT.to_owned(),
        trust: policy::trust::Trust::default(),
        runtime: Keep::default(),
    };
    let pipeline = Pipeline::new(store.clone(), settings).unwrap();
    let started = Instant::now();
    for first in (0..EVENTS).step_by(TOGETHER) {
        put(store, first).await;
    }
    let taken = started.elapsed();
    let started = Instant::now();
    pipeline.drain(now()).await.unwrap();
    let folded = started.elapsed();
    let counted = store.number("SELECT CAST(SUM(count) AS BIGINT) FROM detections").await.unwrap();
    assert_eq!(usize::try_from(counted).unwrap(), EVENTS);
    let rate = |time: Duration| (EVENTS as f64 / time.as_secs_f64()).round();
    say(&format!("{}: {} events a second taken in, {} folded", store.product(), rate(taken), rate(folded)));
    database.drop_database().await;
}

async fn put(store: &Store, first: usize) {
    let incoming = |number: usize| Incoming {
        name: "bench".to_owned(),
        cluster: Some("prod".to_owned()),
        received_at: now().timestamp_millis(),
        body: finding(number).into_bytes(),
    };
    let tx = store.begin().await.unwrap();
    inbox::add(&tx, (first..first + TOGETHER).map(incoming).collect()).await.unwrap();
    tx.commit().await.unwrap();
}

fn finding(number: usize) -> String {
    let (rule, pod) = (number % RULES, number / RULES % PODS);
    format!(
        r#"{{"accountId":"111122223333","id":"{number}","type":"Rule{rule}","severity":5,"resource":{{"resourceType":"EKSCluster","eksClusterDetails":{{"name":"prod"}},"kubernetesDetails":{{"kubernetesWorkloadDetails":{{"name":"pod-{pod}","type":"pods","namespace":"shop"}}}}}},"service":{{"detectorId":"d","count":1,"eventLastSeen":"2026-11-23T09:00:00Z"}}}}"#
    )
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_428_000, 0).unwrap()
}

#[expect(clippy::print_stdout, reason = "a benchmark is there to be read")]
fn say(line: &str) {
    println!("{line}");
}
