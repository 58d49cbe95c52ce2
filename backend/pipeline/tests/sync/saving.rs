//! What a run writes, and what it does not.

use domain::account::Account;
use domain::cluster::Cluster;
use domain::observation::Observation;
use domain::source::{RunKind, RunState};
use domain::workload::Instance;
use store::test_support::on_each_database;

use crate::script::{End, act, document, scope};
use crate::world::{World, cluster, image, images, node, repository, workload};

/// Tables in which an unchanged sync may write nothing.
const UNCHANGED: [&str; 9] = [
    "images",
    "image_tags",
    "image_digests",
    "image_metadata",
    "image_locations",
    "repositories",
    "clusters",
    "coverage",
    "source_objects",
];

#[tokio::test]
async fn what_a_scope_shows_is_saved_and_counted() {
    on_each_database(async |store| {
        let world = World::new(&store, "saved").await;
        let mut shown = images(3);
        shown.extend([repository("app"), cluster("prod"), workload("api", 1)]);
        let finished = world.sync_one(shown).await;
        let counts = finished.progress.counts;
        // Three images, their three tags, and three more.
        assert_eq!((counts.seen, counts.added, counts.changed, counts.retired), (9, 9, 0, 0));
        assert_eq!(
            finished.message,
            "Everything was seen. 9 objects in 1 scope: 9 added, 0 changed, 0 retired."
        );
        assert_eq!(world.number("SELECT COUNT(*) FROM image_locations WHERE removed_at IS NULL").await, 3);
        assert_eq!(world.number("SELECT COUNT(*) FROM image_tags WHERE ended_at IS NULL").await, 3);
        assert_eq!(world.number("SELECT COUNT(*) FROM repositories").await, 1);
        assert_eq!(world.number("SELECT COUNT(*) FROM clusters").await, 1);
        let placed = "SELECT COUNT(*) FROM containers c JOIN images i ON i.id = c.image_id";
        assert_eq!(world.number(placed).await, 1);
        // What runs was judged at once: the day has its score.
        assert_eq!(world.number("SELECT workloads FROM daily_scores").await, 1);
    })
    .await;
}

/// What runs in a known place and is nobody's is unknown; with an owner it is known, and its image was never
/// scanned. Without a place, an owner does not help: every workload has one, if only a cluster's name.
#[tokio::test]
async fn what_a_sync_shows_running_stands_at_its_stage_of_the_gap() {
    on_each_database(async |store| {
        let world = World::new(&store, "stages").await;
        let Observation::Workload(mut owned) = workload("web", 2) else { unreachable!() };
        owned.owner = Some("team-web".to_owned());
        let mut idle = owned.clone();
        (idle.name, idle.containers[0].running) = ("idle".to_owned(), 0);
        let mut shown = images(3);
        shown.extend([workload("api", 1), Observation::Workload(owned), Observation::Workload(idle)]);
        world.sync_one(shown).await;
        for (name, container, worst) in [
            ("api", "unknown", "unknown"),
            ("web", "unassessed", "unassessed"),
            // A container that does not run is at no stage: its column is as it was made.
            ("idle", "unknown", "not_running"),
        ] {
            let stages = format!(
                "SELECT COUNT(*) FROM workloads w JOIN containers c ON c.workload_id = w.id \
                 WHERE w.name = '{name}' AND c.gap_stage = '{container}' AND w.gap_stage = '{worst}'"
            );
            assert_eq!(world.number(&stages).await, 1, "{name}");
        }
    })
    .await;
}

/// Nodes of AWS name no account; the provider that describes their cluster does.
#[tokio::test]
async fn what_its_nodes_place_in_no_account_is_in_that_of_its_cluster() {
    on_each_database(async |store| {
        let world = World::new(&store, "accounts").await;
        let of = |account: &str| Some(Account { provider: "aws".into(), id: account.into(), name: None });
        let on = |name: &str, number: usize, node: &str| {
            let Observation::Workload(mut placed) = workload(name, number) else { unreachable!() };
            placed.nodes = vec![node.to_owned()];
            Observation::Workload(placed)
        };
        let described = |account: &str| {
            let Observation::Cluster(described) = cluster("prod") else { unreachable!() };
            Observation::Cluster(Cluster { account: of(account), ..described })
        };
        let mut shown = images(4);
        shown.extend([node("one", of("")), node("two", of("2")), on("api", 1, "one"), on("web", 2, "two")]);
        shown.extend([described("1"), workload("nowhere", 3)]);
        world.sync_one(shown.clone()).await;
        let accounts = "SELECT name || ' ' || account_id FROM workloads ORDER BY name";
        assert_eq!(store.texts(accounts).await.unwrap(), ["api 1", "nowhere ", "web 2"]);
        // With a second one of that name nobody knows any more whose it is.
        shown.extend([described("3"), on("late", 3, "one")]);
        world.sync_one(shown).await;
        assert_eq!(store.texts(accounts).await.unwrap(), ["api 1", "late ", "nowhere ", "web 2"]);
    })
    .await;
}

#[tokio::test]
async fn an_unchanged_sync_writes_no_image_rows() {
    on_each_database(async |store| {
        let world = World::new(&store, "unchanged").await;
        let mut shown = images(1_200);
        shown.extend([repository("app"), cluster("prod")]);
        world.sync_one(shown.clone()).await;
        let before = UNCHANGED.map(|table| store.rows_written(table));
        let finished = world.sync_one(shown).await;
        assert_eq!((finished.progress.counts.seen, finished.progress.counts.changed), (2_402, 0));
        assert_eq!(UNCHANGED.map(|table| store.rows_written(table)), before);
    })
    .await;
}

#[tokio::test]
async fn a_restart_is_a_row_of_its_own_and_no_change() {
    on_each_database(async |store| {
        let world = World::new(&store, "restarts").await;
        let ran = |ids: &[&str]| {
            let Observation::Workload(mut workload) = workload("api", 1) else { unreachable!() };
            let seen = ids
                .iter()
                .enumerate()
                .map(|(number, id)| Instance { pod: format!("api-{number}"), id: Some((*id).to_owned()) });
            workload.containers[0].instances = seen.collect();
            vec![Observation::Workload(workload)]
        };
        let written = || {
            let tables =
                ["workloads", "containers", "workload_nodes", "source_objects", "workload_instances"];
            tables.map(|table| store.rows_written(table))
        };
        world.sync_one(ran(&["0123456789ab", "1123456789ab"])).await;
        let [described @ .., instances] = written();
        let cases: [(&[&str], u64); 4] = [
            (&["0123456789ab", "1123456789ab"], 0),
            (&["0123456789ab", "2123456789ab"], 1),
            (&["0123456789ab", "2123456789ab"], 1),
            (&["0123456789ab"], 2),
        ];
        for (ids, more) in cases {
            let finished = world.sync_one(ran(ids)).await;
            assert_eq!(finished.progress.counts.changed, 0);
            let [unchanged @ .., now] = written();
            assert_eq!((unchanged, now - instances), (described, more), "{ids:?}");
        }
        assert_eq!(
            store.texts("SELECT pod || ' ' || container_id FROM workload_instances").await.unwrap(),
            ["api-0 0123456789ab"]
        );
        // Missed twice, it is gone with its instances.
        for _ in 0..2 {
            world.sync_one(vec![workload("web", 2)]).await;
        }
        assert_eq!(world.number("SELECT COUNT(*) FROM workload_instances").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_moved_tag_and_a_later_pull_are_changes() {
    on_each_database(async |store| {
        let world = World::new(&store, "changed").await;
        world.sync_one(vec![image(1), image(2)]).await;
        let Observation::Image(mut pulled) = image(1) else { unreachable!() };
        pulled.pulled_at = Some("2026-02-02T00:00:00Z".parse().unwrap());
        let Observation::Image(mut second) = image(2) else { unreachable!() };
        second.references = vec!["r.example/app:1".parse().unwrap(), "r.example/app:2".parse().unwrap()];
        pulled.references = ["r.example/app@sha256:".to_owned() + &"0".repeat(63) + "1"]
            .iter()
            .map(|text| text.parse().unwrap())
            .collect();
        let finished = world.sync_one(vec![Observation::Image(pulled), Observation::Image(second)]).await;
        // Both images are described differently, and one tag points elsewhere.
        assert_eq!((finished.progress.counts.changed, finished.progress.counts.retired), (3, 0));
        let at = "SELECT COUNT(*) FROM image_tags t JOIN images i ON i.id = t.image_id \
                  WHERE t.tag = '1' AND t.ended_at IS NULL AND i.digest LIKE '%2'";
        assert_eq!(world.number(at).await, 1);
        assert_eq!(world.number("SELECT COUNT(*) FROM image_locations WHERE pulled_at IS NOT NULL").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_counts_and_writes_nothing() {
    on_each_database(async |store| {
        let world = World::new(&store, "dry").await;
        world.sync_one(vec![image(1), image(2)]).await;
        let before = UNCHANGED.map(|table| store.rows_written(table));
        world.shows(vec![(scope("1", "ecr"), act(vec![image(2), image(3), image(4)], End::Complete))]);
        let finished = world.run(RunKind::DryRun).await;
        let counts = finished.progress.counts;
        assert_eq!((counts.seen, counts.added, counts.retired), (6, 4, 0));
        assert!(
            finished.scopes[0].reason.starts_with("2 of 4 objects were missing"),
            "{:?}",
            finished.scopes
        );
        assert_eq!(UNCHANGED.map(|table| store.rows_written(table)), before);
    })
    .await;
}

#[tokio::test]
async fn documents_are_kept_raw_and_refused_ones_are_told() {
    on_each_database(async |store| {
        let world = World::new(&store, "documents").await;
        let mut whole = act(vec![image(1)], End::Complete);
        whole.shown.push(document(b"nothing that any format reads"));
        world.shows(vec![(scope("1", "ecr"), whole)]);
        let finished = world.sync(RunState::Complete).await;
        assert_eq!(finished.scopes[0].reason, "1 document could not be read: see Documents.");
        assert_eq!(world.number("SELECT COUNT(*) FROM documents WHERE source = 'scripted'").await, 1);
    })
    .await;
}
