//! Judgement from documents to stored scores, on both databases: reasons that add up, a ledger that accounts
//! for every change, unknown that is never zero.

#![expect(clippy::unwrap_used, reason = "a test stops at what it cannot read")]

mod in_use;
mod never_loaded;
mod runtime;
mod world;

use store::Store;
use store::test_support::on_each_database;
use world::{World, list, report};

const SUM_OF_LEDGER: &str = "SELECT CAST(COALESCE(SUM(change_nano), 0) AS BIGINT) FROM ledger";
const LAST_EXPOSURE: &str = "SELECT exposure_nano FROM ledger ORDER BY id DESC LIMIT 1";

/// The sum of the losses of workloads, in 1e-9.
const SUM_OF_LOSSES: &str = "SELECT CAST(ROUND(CAST(SUM(loss) * 1e9 AS NUMERIC)) AS BIGINT) FROM workloads";

async fn number(store: &Store, sql: &str) -> i64 {
    store.number(sql).await.unwrap()
}

/// Points of a workload's score in hundredths.
async fn score(store: &Store, name: &str) -> i64 {
    let sql = format!("SELECT CAST(score * 100 AS BIGINT) FROM workloads WHERE name = '{name}'");
    number(store, &sql).await
}

#[tokio::test]
async fn the_ledger_accounts_for_every_change() {
    on_each_database(async |store| {
        let world = World::new(store.clone());
        world.ingest("cluster", &list(&[("api", "LoadBalancer"), ("worker", "")]), 10).await;
        world.ingest("report", &report("api", &["CVE-2021-44228"], 9), 9).await;
        world.ingest("feed", &world::kev(&["CVE-2021-44228"]), 8).await;
        world.rejudge(0).await;
        let exposure = number(&store, LAST_EXPOSURE).await;
        assert!(exposure > 0);
        assert_eq!(number(&store, SUM_OF_LEDGER).await, exposure);
        assert!(
            (number(&store, SUM_OF_LOSSES).await - exposure).abs() <= 1,
            "the exposure is the sum of the losses"
        );
    })
    .await;
}

#[tokio::test]
async fn an_unscanned_image_counts_as_a_gap_and_never_as_clean() {
    on_each_database(async |store| {
        let world = World::new(store.clone());
        world.ingest("cluster", &list(&[("api", "LoadBalancer"), ("other", "LoadBalancer")]), 1).await;
        world.ingest("report", &report("other", &[], 1), 1).await;
        assert!(number(&store, "SELECT hazard_gap FROM workloads WHERE name = 'api'").await > 0);
        assert_eq!(number(&store, "SELECT hazard_gap FROM workloads WHERE name = 'other'").await, 0);
        assert!(score(&store, "api").await > score(&store, "other").await);
        let unassessed = "SELECT COUNT(*) FROM containers WHERE gap_stage = 'unassessed'";
        assert_eq!(number(&store, unassessed).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_scan_grows_stale_as_time_passes() {
    on_each_database(async |store| {
        let world = World::new(store.clone());
        world.ingest("cluster", &list(&[("api", "LoadBalancer")]), 60).await;
        world.ingest("report", &report("api", &[], 60), 60).await;
        let fresh = score(&store, "api").await;
        world.rejudge(0).await;
        assert!(score(&store, "api").await > fresh);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM containers WHERE gap_stage = 'stale'").await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_a_tool_says_of_exploits_reaches_the_score_with_its_source() {
    on_each_database(async |store| {
        let world = World::new(store.clone());
        let told = async |words: &str| {
            let sql = format!("SELECT COUNT(*) FROM workloads WHERE explanation LIKE '%{words}%'");
            number(&store, &sql).await
        };
        world.ingest("cluster", &list(&[("api", "LoadBalancer"), ("web", "LoadBalancer")]), 9).await;
        world.ingest("report", &report("api", &["CVE-2026-1"], 8), 8).await;
        world.ingest("report", &report("web", &[], 8), 8).await;
        let cold = score(&store, "api").await;
        world.ingest("one", &world::inspector("web", "CVE-2026-1", 0.5, "NO", 7), 7).await;
        assert!(score(&store, "api").await > cold, "what is said of one image holds for the others");
        assert_eq!(told("EPSS 50.0 _ as aws-inspector repeats it").await, 2);
        world.ingest("two", &world::inspector("web", "CVE-2026-1", 0.001, "YES", 6), 6).await;
        assert!(score(&store, "api").await < cold);
        assert_eq!(told("aws-inspector knows of an exploit, last on 30 January 2026").await, 2);
        world.ingest("feed", &world::kev(&["CVE-2026-1"]), 5).await;
        assert_eq!(told("knows of an exploit").await, 0, "the catalogue of the exploited goes before");
        assert!(score(&store, "api").await > cold);
    })
    .await;
}

#[tokio::test]
async fn a_listing_as_exploited_raises_and_a_statement_lowers() {
    on_each_database(async |store| {
        let world = World::new(store.clone());
        world.ingest("cluster", &list(&[("api", "LoadBalancer")]), 3).await;
        world.ingest("report", &report("api", &["CVE-2020-36518"], 3), 3).await;
        let before = score(&store, "api").await;
        world.ingest("feed", &world::kev(&["CVE-2020-36518"]), 2).await;
        let listed = score(&store, "api").await;
        assert!(listed > before, "{listed} after {before}");
        world.ingest("vex", &world::not_affected("api", "CVE-2020-36518"), 1).await;
        assert!(score(&store, "api").await < listed);
        assert_eq!(number(&store, "SELECT hazard_known FROM workloads WHERE name = 'api'").await, 0);
    })
    .await;
}

#[tokio::test]
async fn judging_again_at_the_same_moment_writes_no_score() {
    on_each_database(async |store| {
        let world = World::new(store.clone());
        world.ingest("cluster", &list(&[("api", "LoadBalancer"), ("worker", "")]), 1).await;
        world.ingest("report", &report("api", &["CVE-2021-44228"], 1), 1).await;
        world.rejudge(0).await;
        let tables = ["workloads", "images", "containers", "vulnerabilities", "ledger"];
        let before = tables.map(|table| store.rows_written(table));
        world.rejudge(0).await;
        assert_eq!(tables.map(|table| store.rows_written(table)), before);
    })
    .await;
}

#[tokio::test]
async fn judging_what_an_event_touched_is_judging_everything() {
    on_each_database(async |store| {
        let world = World::new(store.clone());
        let events = [
            ("east", list(&[("api", "LoadBalancer"), ("shared", "")])),
            ("west", list(&[("shared", "LoadBalancer"), ("worker", "")])),
            ("scan", report("shared", &["CVE-2021-44228"], 0)),
            ("scan", report("worker", &["CVE-2021-44228", "CVE-2020-36518"], 0)),
            // The only exposed instance of the shared image goes, and the worker with it.
            ("west", list(&[("shared", "ClusterIP")])),
            ("north", list(&[("worker", "LoadBalancer")])),
            ("scan", report("shared", &[], 0)),
            ("vex", world::not_affected("worker", "CVE-2021-44228")),
            ("feed", world::kev(&["CVE-2020-36518"])),
        ];
        for (number, (name, document)) in events.iter().enumerate() {
            world.ingest(name, document, 0).await;
            let tables = ["workloads", "images", "containers", "vulnerabilities", "ledger", "cluster_scores"];
            let before = tables.map(|table| store.rows_written(table));
            world.rejudge(0).await;
            assert_eq!(tables.map(|table| store.rows_written(table)), before, "event {number}, {name}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_many_images_share_is_counted_once_for_all() {
    on_each_database(async |store| {
        let world = World::new(store.clone());
        world.ingest("cluster", &list(&[("api", "LoadBalancer"), ("worker", "")]), 1).await;
        for image in ["api", "worker", "idle"] {
            world.ingest("scan", &report(image, &["CVE-2020-36518"], 3), 1).await;
        }
        for image in ["api", "worker", "idle"] {
            world.take_in("scan", &report(image, &["CVE-2021-44228"], 2), 1).await;
        }
        let counts = "SELECT finding_count * 100 + image_count * 10 + workload_count FROM vulnerabilities WHERE id = 'CVE-2021-44228'";
        assert_eq!(number(&store, counts).await, 0);
        let before = store.rows_written("vulnerabilities");
        world.count().await;
        assert_eq!(number(&store, counts).await, 332);
        assert_eq!(store.rows_written("vulnerabilities") - before, 2);
        world.take_in("scan", &report("api", &[], 1), 1).await;
        assert_eq!(number(&store, counts).await, 332);
        world.count().await;
        assert_eq!(number(&store, counts).await, 221);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM images_uncounted").await, 0);
    })
    .await;
}

#[tokio::test]
async fn harmless_workloads_do_not_lower_the_exposure() {
    on_each_database(async |store| {
        let world = World::new(store.clone());
        world.ingest("cluster", &list(&[("api", "LoadBalancer")]), 2).await;
        world.ingest("report", &report("api", &["CVE-2021-44228"], 2), 2).await;
        let before = number(&store, LAST_EXPOSURE).await;
        world.ingest("elsewhere", &list(&[("quiet", "")]), 1).await;
        world.ingest("report", &report("quiet", &[], 1), 1).await;
        assert!(number(&store, LAST_EXPOSURE).await >= before);
    })
    .await;
}

#[tokio::test]
async fn the_reasons_add_up_to_the_score() {
    on_each_database(async |store| {
        let world = World::new(store.clone());
        world.ingest("cluster", &list(&[("api", "LoadBalancer")]), 1).await;
        world.ingest("report", &report("api", &["CVE-2021-44228", "CVE-2020-36518"], 1), 1).await;
        let viewer = domain::scope::Viewer::everything();
        let id = world::workload_id("cluster", "api");
        let workload = store::workloads::detail(&store, &viewer, id).await.unwrap().unwrap();
        let explanation: serde_json::Value = serde_json::from_str(&workload.explanation).unwrap();
        let tenths = |value: &serde_json::Value| (value.as_f64().unwrap() * 10.0).round() as i64;
        let points: i64 =
            explanation["factors"].as_array().unwrap().iter().map(|factor| tenths(&factor["points"])).sum();
        assert_eq!(tenths(&explanation["start"]) + points, tenths(&explanation["score"]));
        let parts = explanation["parts"].as_array().unwrap();
        let shares: i64 = parts.iter().map(|part| part["basis_points"].as_i64().unwrap()).sum();
        assert_eq!(shares, 10_000);
    })
    .await;
}

#[tokio::test]
async fn one_of_many_processes_judges_everything_in_a_period() {
    on_each_database(async |store| {
        let (one, two) = (World::new(store.clone()), World::new(store.clone()));
        one.ingest("cluster", &list(&[("api", "LoadBalancer")]), 10).await;
        let mut judged = Vec::new();
        for (world, minutes) in [(&one, 0), (&two, 1), (&two, 15), (&one, 15), (&one, 31)] {
            judged.push(world.rejudge_each_quarter(minutes).await);
        }
        assert_eq!(judged, [true, false, true, false, true]);
    })
    .await;
}
