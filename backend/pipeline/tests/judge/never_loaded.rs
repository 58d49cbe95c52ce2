//! Packages that a profile never saw loaded: for how long, where, and whose word takes it back.

use serde_json::json;
use store::Store;
use store::save::inbox::{self, Incoming};
use store::test_support::on_each_database;

use crate::number;
use crate::world::{self, World};

const ID: &str = "CVE-2021-44228";

/// The factor for use of the one workload and its reason.
async fn in_use(store: &Store) -> (String, String) {
    world::in_use(store, "api").await
}

/// A program that Tetragon saw executed on a node on a day of November, in the container of a workload.
async fn sense(store: &Store, world: &World, node: &str, name: &str, program: &str, day: u32) {
    let at = format!("2026-11-{day:02}T11:00:00Z");
    let pod = json!({
        "namespace": "default", "name": format!("{name}-5d9c7b6f4-{node}"),
        "container": { "id": format!("containerd://{}", world::container(name)), "name": "main" },
    });
    let body = json!({
        "process_exec": {
            "process": { "exec_id": format!("{node}{day}"), "pid": 7, "binary": program, "pod": pod },
            "parent": { "exec_id": "0", "pid": 1, "binary": "/sbin/init" },
        },
        "node_name": node, "time": at,
    });
    let incoming = Incoming {
        name: "sensor".to_owned(),
        cluster: Some("cluster".to_owned()),
        received_at: at.parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp_millis(),
        body: body.to_string().into_bytes(),
    };
    let tx = store.begin().await.unwrap();
    inbox::add(&tx, vec![incoming]).await.unwrap();
    tx.commit().await.unwrap();
    world.drain(0).await;
}

/// A workload on a node that is watched since the 11th of November, with a package that does not run since the 14th, last
/// said on the 22nd: eight days.
async fn quiet(store: &Store) -> World {
    let world = World::new(store.clone());
    for day in [11, 22] {
        sense(store, &world, "node-1", "lost", "/usr/bin/lost", day).await;
    }
    world.ingest("cluster", &world::on_nodes("api", &["node-1"]), 12).await;
    world.ingest("one", &world::profile("api", ID, false, 9), 9).await;
    world.ingest("two", &world::profile("api", ID, false, 1), 1).await;
    world.rejudge(1).await;
    world
}

/// That the package counts as used, after what an event touched and after everything is judged.
async fn counts(store: &Store, world: &World, reason: &str) {
    let told = in_use(store).await;
    assert_eq!(told.0, "1.00", "{}", told.1);
    assert!(told.1.contains(reason), "{}", told.1);
    let before = store.rows_written("workloads");
    world.rejudge(1).await;
    assert_eq!(store.rows_written("workloads"), before);
}

#[tokio::test]
async fn a_profile_discounts_after_seven_days() {
    on_each_database(async |store| {
        let world = World::new(store.clone());
        for day in [11, 20, 22] {
            sense(&store, &world, "node-1", "lost", "/usr/bin/lost", day).await;
        }
        world.ingest("cluster", &world::on_nodes("api", &["node-1"]), 12).await;
        world.ingest("one", &world::profile("api", ID, false, 9), 9).await;
        world.ingest("two", &world::profile("api", ID, false, 3), 3).await;
        world.rejudge(1).await;
        counts(&store, &world, "nothing shows whether it is loaded").await;
        let hazard = "SELECT hazard_known FROM workloads WHERE name = 'api'";
        let whole = number(&store, hazard).await;
        world.ingest("three", &world::profile("api", ID, false, 1), 1).await;
        let told = in_use(&store).await;
        assert_eq!(
            told,
            ("0.10".to_owned(), "never loaded in 8 days, by sysdig; sensor alive on every node".to_owned())
        );
        let discounted = number(&store, hazard).await;
        assert!(0 < discounted && discounted < whole, "{discounted} of {whole}");
        // The sensor falls silent.
        world.rejudge(-1).await;
        assert_eq!(number(&store, hazard).await, whole);
    })
    .await;
}

#[tokio::test]
async fn a_node_that_nobody_watches_takes_it_back() {
    on_each_database(async |store| {
        let world = quiet(&store).await;
        assert_eq!(in_use(&store).await.0, "0.10");
        world.ingest("cluster", &world::on_nodes("api", &["node-1", "node-2"]), 1).await;
        counts(&store, &world, "nothing shows whether it is loaded").await;
        // Its sensor is not there for long enough.
        sense(&store, &world, "node-2", "lost", "/usr/bin/lost", 22).await;
        world.rejudge(1).await;
        counts(&store, &world, "nothing shows whether it is loaded").await;
        world.ingest("cluster", &world::on_nodes("api", &["node-1"]), 1).await;
        assert_eq!(in_use(&store).await.0, "0.10");
        // Where it runs is not known.
        world.ingest("cluster", &world::list(&[("api", "LoadBalancer")]), 1).await;
        counts(&store, &world, "nothing shows whether it is loaded").await;
    })
    .await;
}

#[tokio::test]
async fn an_execution_takes_it_back() {
    on_each_database(async |store| {
        let world = quiet(&store).await;
        sense(&store, &world, "node-1", "api", "/usr/lib/node_modules/package-cve/bin/x", 22).await;
        world.rejudge(1).await;
        counts(&store, &world, "package-cve/bin/x was executed, last seen by tetragon on 22 November 2026")
            .await;
    })
    .await;
}

#[tokio::test]
async fn the_word_of_another_tool_takes_it_back() {
    on_each_database(async |store| {
        let world = quiet(&store).await;
        world.ingest("other", &world::used("api", ID, 1), 1).await;
        counts(&store, &world, "in use, as prisma-cloud last said on 22 November 2026").await;
    })
    .await;
}

#[tokio::test]
async fn a_word_that_changed_begins_anew() {
    on_each_database(async |store| {
        let world = quiet(&store).await;
        world.ingest("three", &world::profile("api", ID, true, 1), 0).await;
        let told = in_use(&store).await;
        assert_eq!(told.0, "1.00");
        assert!(
            told.1.contains("in use where the image runs, as sysdig last said on 22 November 2026"),
            "{}",
            told.1
        );
        world.ingest("four", &world::profile("api", ID, false, 0), 0).await;
        assert_eq!(in_use(&store).await.0, "1.00");
        let since = "SELECT COUNT(*) FROM attributions WHERE NOT used AND used_since = 1795435200000";
        assert_eq!(number(&store, since).await, 1, "since the last word");
    })
    .await;
}
