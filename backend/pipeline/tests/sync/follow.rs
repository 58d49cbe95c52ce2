//! Changes between two runs: they lead to a run over their scopes alone, by one process of all, for as long as the source
//! is what it was.

use std::time::Duration;

use chrono::Utc;
use domain::source::{Completeness, RunKind, RunState, Values};
use store::Store;
use store::save::sources::{self as save, Definition};
use store::test_support::on_each_database;
use tokio::sync::Notify;

use crate::script::{End, act, scope};
use crate::world::{World, engine, settings, until_number, workload};

const SYNCED: &str = "SELECT COUNT(*) FROM source_runs WHERE kind = 'sync' AND state = 'complete'";
const PRESENT: &str = "SELECT COUNT(*) FROM workloads WHERE retired_at IS NULL";

/// A source with a schedule that shows so many workloads in one scope, and one in another.
async fn world(store: &Store, name: &str, workloads: usize) -> World {
    let world = World::new(store, name).await;
    world.script.lock().unwrap().follows = true;
    shows(&world, workloads);
    schedule(&world, name, "every 6h").await;
    world
}

fn shows(world: &World, workloads: usize) {
    let shown = (0..workloads).map(|number| workload(&format!("api-{number}"), number)).collect();
    world.shows(vec![
        (scope("1", "ecs"), act(shown, End::Complete)),
        (scope("2", "ecs"), act(vec![workload("other", 100)], End::Complete)),
    ]);
}

async fn schedule(world: &World, name: &str, schedule: &str) {
    let script = format!("{name}-{}", world.store.product());
    let definition = Definition {
        name: name.to_owned(),
        kind: "scripted".to_owned(),
        values: Values::from([("script".to_owned(), vec![script])]),
        schedule: schedule.to_owned(),
        enabled: true,
    };
    let tx = world.store.begin().await.unwrap();
    save::update(&tx, world.source, &definition, None, Utc::now()).await.unwrap();
    tx.commit().await.unwrap();
}

/// Works until something is so.
async fn working(world: &World, until: impl Future<Output = ()>) {
    let wake = Notify::new();
    tokio::select! {
        () = world.engine.work(&wake) => {}
        () = until => {}
    }
}

async fn until_listening(world: &World, listening: usize) {
    let started = std::time::Instant::now();
    while world.script.lock().unwrap().listening != listening {
        assert!(started.elapsed() < Duration::from_secs(30), "not {listening} listen in time");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_change_leads_to_a_run_over_its_scope_alone() {
    on_each_database(async |store| {
        let world = world(&store, "changes", 3).await;
        working(&world, async {
            until_number(&store, SYNCED, 1).await;
            until_number(&store, PRESENT, 4).await;
            until_listening(&world, 1).await;
            world.script.lock().unwrap().asked.clear();
            shows(&world, 4);
            world.script.lock().unwrap().changes = vec![scope("1", "ecs")];
            until_number(&store, PRESENT, 5).await;
            shows(&world, 3);
            world.script.lock().unwrap().changes = vec![scope("1", "ecs"), scope("1", "ecs")];
            until_number(&store, PRESENT, 4).await;
        })
        .await;
        let asked = world.script.lock().unwrap().asked.clone();
        assert!(asked.iter().all(|one| *one == scope("1", "ecs")), "{asked:?}");
        assert_eq!(store.number(SYNCED).await.unwrap(), 1);
        let listed = "SELECT COUNT(*) FROM source_scopes WHERE listed";
        assert_eq!(store.number(listed).await.unwrap(), 2, "the other scope is still there");
        let told = "SELECT COUNT(*) FROM journal WHERE event = 'synced'";
        assert_eq!(store.number(told).await.unwrap(), 1, "each change is not worth a line");
    })
    .await;
}

#[tokio::test]
async fn what_goes_much_at_once_is_asked_a_second_time() {
    on_each_database(async |store| {
        let world = world(&store, "much-at-once", 8).await;
        working(&world, async {
            until_number(&store, SYNCED, 1).await;
            until_number(&store, PRESENT, 9).await;
            shows(&world, 2);
            world.script.lock().unwrap().changes = vec![scope("1", "ecs")];
            until_number(&store, PRESENT, 3).await;
        })
        .await;
        let suspect = "SELECT COUNT(*) FROM source_objects WHERE suspect";
        assert_eq!(store.number(suspect).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_seen_whole_retires_nothing() {
    on_each_database(async |store| {
        let world = world(&store, "in-part", 3).await;
        working(&world, async {
            until_number(&store, SYNCED, 1).await;
            until_number(&store, PRESENT, 4).await;
            world.shows(vec![(scope("1", "ecs"), act(vec![workload("api-0", 0)], End::Partial("denied")))]);
            world.script.lock().unwrap().whole = Ok(Completeness::Partial("denied".to_owned()));
            world.script.lock().unwrap().changes = vec![scope("1", "ecs")];
            let over = "SELECT COUNT(*) FROM source_runs WHERE kind = 'follow' AND state = 'partial'";
            until_number(&store, over, 1).await;
        })
        .await;
        assert_eq!(store.number(PRESENT).await.unwrap(), 4);
    })
    .await;
}

#[tokio::test]
async fn one_process_follows_and_another_goes_on() {
    on_each_database(async |store| {
        let mut world = world(&store, "one-of-all", 1).await;
        let (wake, other) = (Notify::new(), engine(&store, settings(), Utc::now));
        let both = async {
            tokio::join!(world.engine.work(&wake), other.work(&wake));
        };
        tokio::select! {
            () = both => {}
            () = async {
                until_listening(&world, 1).await;
                tokio::time::sleep(Duration::from_secs(6)).await;
                assert_eq!(world.script.lock().unwrap().listening, 1, "both have looked");
            } => {}
        }
        // Their ends are waited for by nobody.
        until_listening(&world, 0).await;
        world.engine.release().await.unwrap();
        other.release().await.unwrap();
        world.engine = engine(&store, settings(), Utc::now);
        working(&world, until_listening(&world, 1)).await;
    })
    .await;
}

#[tokio::test]
async fn a_lease_that_is_held_keeps_others_out() {
    on_each_database(async |store| {
        let mut world = world(&store, "held", 1).await;
        working(&world, until_listening(&world, 1)).await;
        until_listening(&world, 0).await;
        world.engine = engine(&store, settings(), Utc::now);
        let soon = tokio::time::timeout(Duration::from_secs(3), until_listening(&world, 1));
        working(&world, async { assert!(soon.await.is_err(), "the lease has not ended") }).await;
        world.engine = engine(&store, settings(), || Utc::now() + chrono::TimeDelta::minutes(2));
        working(&world, until_listening(&world, 1)).await;
    })
    .await;
}

#[tokio::test]
async fn who_edits_a_source_or_takes_it_away_ends_what_follows_it() {
    on_each_database(async |store| {
        let world = world(&store, "edited", 1).await;
        working(&world, async {
            until_listening(&world, 1).await;
            schedule(&world, "edited", "").await;
            until_listening(&world, 0).await;
            schedule(&world, "edited", "every 6h").await;
            until_listening(&world, 1).await;
            let tx = store.begin().await.unwrap();
            save::remove(&tx, world.source, Utc::now()).await.unwrap();
            tx.commit().await.unwrap();
            until_listening(&world, 0).await;
            let leases = "SELECT COUNT(*) FROM periodic_work WHERE work LIKE 'follow %'";
            until_number(&store, leases, 0).await;
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_followed_stands_in_the_journal() {
    on_each_database(async |store| {
        let world = world(&store, "unfollowed", 1).await;
        let told = "SELECT COUNT(*) FROM journal WHERE event = 'not-followed' AND subject = 'unfollowed' \
                    AND message = 'It was denied.'";
        world.script.lock().unwrap().unfollowed = vec!["it was denied".to_owned()];
        working(&world, until_number(&store, told, 1)).await;
        let asked = "SELECT COUNT(*) FROM source_runs WHERE kind = 'follow'";
        assert_eq!(store.number(asked).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_source_that_is_asked_on_request_alone_is_not_followed() {
    on_each_database(async |store| {
        let world = world(&store, "on-request", 1).await;
        schedule(&world, "on-request", "").await;
        working(&world, tokio::time::sleep(Duration::from_secs(2))).await;
        assert_eq!(world.script.lock().unwrap().listening, 0);
        let finished = world.run(RunKind::Sync).await;
        assert_eq!(finished.state, RunState::Complete, "{}", finished.message);
    })
    .await;
}
