//! Many runs, several workers, each with connections of its own as in a process of its own: each run exactly
//! once, by whoever can do it.

use std::collections::BTreeMap;

use chrono::Utc;
use domain::source::{RunKind, Values};
use store::save::sources::{self as save, Definition};
use store::test_support::{self, TestDatabase, on_each_database};
use store::{Options, Store};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::script::{End, act, scope, script};
use crate::world::{World, engine, engine_with, images, request, settings, source, until_number, workload};

const SOURCES: usize = 20;
const COMPLETE: &str = "SELECT COUNT(*) FROM source_runs WHERE state = 'complete'";

async fn second(database: &TestDatabase) -> Store {
    Store::connect(&database.url, &Options { connections: 4, ..Options::default() }).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_workers_share_the_runs_and_do_each_once() {
    for database in [Some(test_support::sqlite().await), test_support::postgres().await].into_iter().flatten()
    {
        let store = database.store.clone();
        let own = format!("shared-{}", store.product());
        script(&own).lock().unwrap().scopes =
            vec![(scope("1", "ecs"), act(vec![workload("api", 1)], End::Complete))];
        for number in 0..SOURCES {
            let id = source(&store, &format!("source-{number}"), &own).await;
            request(&store, id, RunKind::Sync).await;
        }
        let other = second(&database).await;
        let (one, two) = (engine(&store, settings(), Utc::now), engine(&other, settings(), Utc::now));
        let (wake, all) = (Notify::new(), i64::try_from(SOURCES).unwrap());
        tokio::select! {
            () = one.work(&wake) => {}
            () = two.work(&wake) => {}
            () = until_number(&store, COMPLETE, all) => {}
        }
        assert_eq!(script(&own).lock().unwrap().asked.len(), SOURCES);
        let once = "SELECT COUNT(*) FROM source_runs WHERE state = 'complete' AND attempts = 1";
        assert_eq!(store.number(once).await.unwrap(), all);
        assert_eq!(store.number("SELECT COUNT(*) FROM workloads").await.unwrap(), 1);
        other.close().await.unwrap();
        database.drop_database().await;
    }
}

#[tokio::test]
async fn what_a_worker_gives_back_another_goes_on_with_at_once() {
    on_each_database(async |store| {
        let world = World::new(&store, "given-back").await;
        world.shows(vec![
            (scope("1", "ecr"), act(images(3), End::Complete)),
            (scope("2", "ecr"), act(images(5), End::Hang)),
        ]);
        let run = request(&store, world.source, RunKind::Sync).await;
        let whole = "SELECT COUNT(*) FROM source_run_scopes WHERE state = 'complete'";
        let wake = Notify::new();
        tokio::select! {
            () = world.engine.work(&wake) => {}
            () = until_number(&store, whole, 1) => {}
        }
        world.engine.release().await.unwrap();
        world.script.lock().unwrap().asked.clear();
        world.shows(vec![
            (scope("1", "ecr"), act(images(3), End::Complete)),
            (scope("2", "ecr"), act(images(5), End::Complete)),
        ]);
        let next = engine(&store, settings(), Utc::now);
        tokio::select! {
            () = next.work(&wake) => {}
            () = until_number(&store, COMPLETE, 1) => {}
        }
        assert_eq!(world.script.lock().unwrap().asked, [scope("2", "ecr")]);
        assert_eq!(world.journal(run).await.run.attempts, 2);
    })
    .await;
}

#[tokio::test]
async fn a_source_of_a_settings_file_waits_for_a_process_with_that_file() {
    on_each_database(async |store| {
        let own = format!("of-file-{}", store.product());
        script(&own).lock().unwrap().scopes = vec![(scope("1", "ecr"), act(images(3), End::Complete))];
        let values = Values::from([("script".to_owned(), vec![own.clone()])]);
        let definition = Definition {
            name: "of-file".to_owned(),
            kind: "scripted".to_owned(),
            values: values.clone(),
            schedule: String::new(),
            enabled: true,
        };
        let tx = store.begin().await.unwrap();
        save::put_from_file(&tx, std::slice::from_ref(&definition), Utc::now()).await.unwrap();
        tx.commit().await.unwrap();
        let known = store::sources::list(&store, &domain::scope::Viewer::everything()).await.unwrap();
        let run = request(&store, known[0].source.id, RunKind::Sync).await;
        // It pushes the job, as every process does for all, and cannot do it.
        let without = engine(&store, settings(), Utc::now);
        let wake = Notify::new();
        tokio::select! {
            () = without.work(&wake) => {}
            () = tokio::time::sleep(std::time::Duration::from_millis(2_500)) => {}
        }
        assert_eq!(without.push_due().await.unwrap(), 0);
        assert!(without.run_now(run, CancellationToken::new(), None).await.unwrap().is_none());
        assert!(script(&own).lock().unwrap().asked.is_empty());
        let file = BTreeMap::from([("of-file".to_owned(), values)]);
        let with = engine_with(&store, settings(), Utc::now, file);
        tokio::select! {
            () = with.work(&wake) => {}
            () = until_number(&store, COMPLETE, 1) => {}
        }
        assert_eq!(script(&own).lock().unwrap().asked, [scope("1", "ecr")]);
    })
    .await;
}

#[tokio::test]
async fn a_run_that_failed_is_pushed_when_its_pause_is_over() {
    on_each_database(async |store| {
        let world = World::new(&store, "paused").await;
        let hasty = pipeline::sync::SyncSettings {
            scope_deadline: std::time::Duration::from_millis(300),
            ..settings()
        };
        world.shows(vec![(scope("1", "ecr"), act(images(3), End::Hang))]);
        request(&store, world.source, RunKind::Sync).await;
        let first = engine(&store, hasty, Utc::now);
        let waits = "SELECT COUNT(*) FROM source_runs WHERE state = 'waiting' AND attempts = 1";
        let wake = Notify::new();
        tokio::select! {
            () = first.work(&wake) => {}
            () = until_number(&store, waits, 1) => {}
        }
        assert_eq!(first.push_due().await.unwrap(), 0);
        let later = engine(&store, settings(), || Utc::now() + chrono::TimeDelta::minutes(2));
        assert_eq!(later.push_due().await.unwrap(), 1);
        assert_eq!(later.push_due().await.unwrap(), 0);
        world.shows(vec![(scope("1", "ecr"), act(images(3), End::Complete))]);
        tokio::select! {
            () = later.work(&wake) => {}
            () = until_number(&store, COMPLETE, 1) => {}
        }
    })
    .await;
}
