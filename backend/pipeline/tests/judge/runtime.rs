//! Runtime events from documents and from the inbox to detections, and from detections to scores.

use chrono::{DateTime, Utc};
use domain::scope::Viewer;
use serde_json::{Value, json};
use store::Store;
use store::detections::{Filter, Shown, list};
use store::list::{Page, Sort};
use store::save::detections::{Decision, decide};
use store::save::inbox::{self, Backlog, Incoming};
use store::test_support::on_each_database;

use crate::number;
use crate::world::{self, World};

const HAZARD: &str = "SELECT hazard_runtime FROM workloads WHERE name = 'api'";

/// A finding of GuardDuty on a pod, with its id and how often it was seen.
fn finding(pod: &str, id: &str, count: u64) -> Value {
    json!({
        "accountId": "111122223333", "region": "eu-west-1", "id": id,
        "type": "Execution:Runtime/NewBinaryExecuted", "severity": 8.0,
        "resource": {
            "resourceType": "EKSCluster", "eksClusterDetails": { "name": "cluster" },
            "kubernetesDetails": { "kubernetesWorkloadDetails": {
                "name": pod, "type": "pods", "namespace": "default",
            } },
            "instanceDetails": { "instanceId": "i-1" },
        },
        "service": { "detectorId": "d", "count": count, "eventLastSeen": "2026-11-20T00:00:00Z" },
    })
}

fn at() -> DateTime<Utc> {
    "2026-11-23T00:00:00Z".parse().unwrap()
}

async fn detections(store: &Store) -> Vec<(String, u64, Option<String>)> {
    let filter = Filter { shown: Shown::Any, ..Filter::default() };
    let (viewer, sort) = (Viewer::everything(), Sort::descending("count"));
    let rows = list(store, &viewer, &filter, &sort, &Page::first(10)).await.unwrap().rows;
    rows.into_iter().map(|row| (row.class, row.count, row.workload_name)).collect()
}

async fn send(store: &Store, bodies: &[String]) {
    let incoming = |body: &String| Incoming {
        name: "sensor".to_owned(),
        cluster: Some("cluster".to_owned()),
        received_at: at().timestamp_millis(),
        body: body.clone().into_bytes(),
    };
    let tx = store.begin().await.unwrap();
    inbox::add(&tx, bodies.iter().map(incoming).collect()).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_detection_counts_until_somebody_puts_it_away() {
    on_each_database(async |store| {
        let world = World::new(store.clone());
        world.ingest("cluster", &world::list(&[("api", "LoadBalancer")]), 2).await;
        assert_eq!(number(&store, HAZARD).await, 0);
        world.ingest("cluster", &finding("api-5d9c7b6f4-abcde", "1", 1), 1).await;
        let hazard = number(&store, HAZARD).await;
        assert_eq!(hazard, 223_143_551, "one of high severity");
        // The same again, and another of the same rule: neither moves the score.
        world.ingest("cluster", &finding("api-5d9c7b6f4-abcde", "1", 3), 1).await;
        world.ingest("cluster", &finding("api-5d9c7b6f4-zzzzz", "2", 1), 1).await;
        assert_eq!(detections(&store).await, [("drift".to_owned(), 4, Some("api".to_owned()))]);
        assert_eq!(number(&store, HAZARD).await, hazard);

        let filter = Filter::default();
        let (viewer, sort) = (Viewer::everything(), Sort::descending("last"));
        let open = list(&store, &viewer, &filter, &sort, &Page::first(10)).await.unwrap().rows;
        let decision = Decision {
            disposition: "benign",
            reason: "an update in place".to_owned(),
            decided_by: "ann".to_owned(),
        };
        let tx = store.begin().await.unwrap();
        decide(&tx, open.first().unwrap().id, &decision, at()).await.unwrap();
        tx.commit().await.unwrap();
        world.drain(0).await;
        assert_eq!(number(&store, HAZARD).await, 0);
        let told = "SELECT COUNT(*) FROM ledger WHERE cause = 'runtime detections'";
        assert_eq!(number(&store, told).await, 2);
    })
    .await;
}

#[tokio::test]
async fn what_waited_for_its_workload_is_attached_once_it_is_known() {
    on_each_database(async |store| {
        let world = World::new(store.clone());
        send(&store, &[finding("api-5d9c7b6f4-abcde", "1", 1).to_string()]).await;
        world.drain(2).await;
        assert_eq!(detections(&store).await, [("drift".to_owned(), 1, None)]);
        world.ingest("cluster", &world::list(&[("api", "LoadBalancer")]), 1).await;
        assert_eq!(detections(&store).await, [("drift".to_owned(), 1, Some("api".to_owned()))]);
        assert!(number(&store, HAZARD).await > 0);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM detection_moves").await, 1);
        // Seen again under the workload's own detection.
        send(&store, &[finding("api-5d9c7b6f4-abcde", "2", 5).to_string()]).await;
        world.drain(0).await;
        assert_eq!(detections(&store).await, [("drift".to_owned(), 6, Some("api".to_owned()))]);
    })
    .await;
}

#[tokio::test]
async fn what_a_detection_names_is_certain_until_somebody_puts_it_away() {
    on_each_database(async |store| {
        let world = World::new(store.clone());
        world.ingest("cluster", &world::list(&[("api", "LoadBalancer")]), 2).await;
        world.ingest("report", &world::report("api", &["CVE-2021-44228", "CVE-2020-1"], 1), 1).await;
        let known = "SELECT hazard_internet FROM images WHERE hazard_internet > 0";
        let before = number(&store, known).await;
        let mut named = finding("api-5d9c7b6f4-abcde", "1", 1);
        named["type"] = json!("Execution:Container/CVE-2021-44228");
        send(&store, &[named.to_string()]).await;
        world.drain(0).await;
        // One of the two is as certain as it gets.
        let during = number(&store, known).await;
        assert!(during > 6_900_000_000 && during > before, "{before} {during}");
        let told =
            "SELECT COUNT(*) FROM workloads WHERE explanation LIKE '%GuardDuty names it here: Execution%'";
        let told = told.replace("GuardDuty", &store.texts("SELECT tool FROM detections").await.unwrap()[0]);
        assert_eq!(number(&store, &told).await, 1);

        let (viewer, sort) = (Viewer::everything(), Sort::descending("last"));
        let open = list(&store, &viewer, &Filter::default(), &sort, &Page::first(10)).await.unwrap().rows;
        let decision = Decision {
            disposition: "benign",
            reason: "an exercise".to_owned(),
            decided_by: "ann".to_owned(),
        };
        let tx = store.begin().await.unwrap();
        decide(&tx, open.first().unwrap().id, &decision, at()).await.unwrap();
        tx.commit().await.unwrap();
        world.drain(0).await;
        assert_eq!(number(&store, known).await, before);
    })
    .await;
}

/// A finding of GuardDuty on a container of which it tells the id alone.
fn bare(container: &str, id: &str) -> Value {
    json!({
        "accountId": "111122223333", "id": id, "type": "Execution:Runtime/SuspiciousTool", "severity": 5.0,
        "resource": { "resourceType": "Container", "containerDetails": { "id": container } },
        "service": { "detectorId": "d", "eventLastSeen": "2026-11-20T01:00:00Z" },
    })
}

#[tokio::test]
async fn a_container_that_was_seen_before_is_known_by_its_id() {
    on_each_database(async |store| {
        let world = World::new(store.clone());
        world.ingest("cluster", &world::list(&[("api", "LoadBalancer")]), 2).await;
        let (container, other) = ("0123456789ab".repeat(4), "ba9876543210".repeat(4));
        let mut named = finding("api-5d9c7b6f4-abcde", "1", 1);
        named["resource"]["kubernetesDetails"]["kubernetesWorkloadDetails"]["containers"] =
            json!([{ "id": format!("containerd://{container}"), "name": "main", "image": "registry.example/api:1" }]);
        send(&store, &[named.to_string()]).await;
        world.drain(1).await;
        send(&store, &[bare(&container, "2").to_string(), bare(&other, "3").to_string()]).await;
        world.drain(0).await;
        let known = detections(&store).await.into_iter().filter(|(_, _, workload)| workload.is_some());
        assert_eq!((known.count(), detections(&store).await.len()), (2, 3));
    })
    .await;
}

#[tokio::test]
async fn a_container_of_the_inventory_is_known_by_its_id_alone() {
    on_each_database(async |store| {
        let world = World::new(store.clone());
        let id = world::container("api");
        // Before the inventory knows it, and with as much of its id as sensors print.
        send(&store, &[bare(&id, "1").to_string()]).await;
        world.drain(2).await;
        world.ingest("cluster", &world::list(&[("api", "LoadBalancer"), ("web", "")]), 1).await;
        send(&store, &[bare(&id[..12], "2").to_string(), bare(&world::container("db"), "3").to_string()])
            .await;
        world.drain(0).await;
        let mut found = detections(&store).await;
        found.sort();
        let class = "threat".to_owned();
        assert_eq!(found, [(class.clone(), 1, None), (class, 2, Some("api".to_owned()))]);
        let told = "SELECT COUNT(*) FROM detections d JOIN containers c ON c.digest = d.digest \
                    AND c.workload_id = d.workload_id WHERE d.count = 2";
        assert_eq!(number(&store, told).await, 1);
        let clusters = store.texts("SELECT cluster FROM detections WHERE workload_id IS NOT NULL").await;
        assert_eq!(clusters.unwrap(), ["cluster"]);
    })
    .await;
}

#[tokio::test]
async fn a_storm_is_one_detection_and_what_comes_twice_counts_once() {
    on_each_database(async |store| {
        let world = World::new(store.clone());
        world.ingest("cluster", &world::list(&[("api", "LoadBalancer")]), 2).await;
        let bodies: Vec<String> = (0..1_500)
            .map(|event| finding("api-5d9c7b6f4-abcde", &event.to_string(), 1).to_string())
            .collect();
        for _ in 0..2 {
            send(&store, &bodies).await;
            world.drain(0).await;
        }
        assert_eq!(detections(&store).await, [("drift".to_owned(), 1_500, Some("api".to_owned()))]);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM detection_events").await, 20);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM detection_hours").await, 1);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM documents").await, 1, "events are no documents");
        assert_eq!(inbox::backlog(&store).await.unwrap(), Backlog::default());
        let sensors = "SELECT COUNT(*) FROM sensors WHERE node = 'i-1' AND events = 1500";
        assert_eq!(number(&store, sensors).await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_event_becomes_a_document() {
    on_each_database(async |store| {
        let world = World::new(store.clone());
        let report = world::report("api", &["CVE-2021-44228"], 1).to_string();
        send(&store, &["nonsense".to_owned(), report]).await;
        assert_eq!(world.drain(0).await, 2);
        let states = store.texts("SELECT state FROM documents WHERE source = 'events' ORDER BY state").await;
        assert_eq!(states.unwrap(), ["failed", "processed"]);
    })
    .await;
}
