//! `kill -9` in the middle of a sync: another worker goes on with the same run, asks only what was not
//! seen whole, and doubles nothing.

use std::process::{Command, Stdio};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::scope::Viewer;
use domain::source::RunKind;
use store::test_support;
use store::{Options, Store};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::script::{End, act, scope, script};
use crate::world::{engine, images, request, settings, source, until_number};

/// The address of the database that a child syncs into.
const DATABASE: &str = "PLIMSOLL_TEST_KILL_SYNC_DATABASE";

/// What the child does; the parent kills it.
#[tokio::test]
async fn child() {
    let Ok(url) = std::env::var(DATABASE) else { return };
    let store = Store::connect(&url, &Options::default()).await.unwrap();
    script("killed").lock().unwrap().scopes = vec![
        (scope("1", "ecr"), act(images(50), End::Complete)),
        (scope("2", "ecr"), act(images(700), End::Hang)),
    ];
    let wake = Notify::new();
    let engine = engine(&store, settings(), Utc::now);
    let _ = tokio::time::timeout(Duration::from_secs(30), engine.work(&wake)).await;
}

/// The lease of the killed one is over.
fn later() -> DateTime<Utc> {
    Utc::now() + TimeDelta::minutes(2)
}

#[tokio::test(flavor = "multi_thread")]
async fn another_worker_goes_on() {
    for database in [Some(test_support::sqlite().await), test_support::postgres().await].into_iter().flatten()
    {
        let store = &database.store;
        let id = source(store, "killed", "killed").await;
        let run = request(store, id, RunKind::Sync).await;
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "kill::child", "--nocapture"])
            .env(DATABASE, &database.url)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let whole = "SELECT COUNT(*) FROM source_run_scopes WHERE state = 'complete'";
        let begun = "SELECT COUNT(*) FROM image_locations";
        for _ in 0..300 {
            tokio::time::sleep(Duration::from_millis(50)).await;
            if store.number(whole).await.unwrap() == 1 && store.number(begun).await.unwrap() > 50 {
                break;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(store.number(whole).await.unwrap(), 1, "the child never came that far");
        let mine = script("killed");
        mine.lock().unwrap().asked.clear();
        mine.lock().unwrap().scopes = vec![
            (scope("1", "ecr"), act(images(50), End::Complete)),
            (scope("2", "ecr"), act(images(800), End::Complete)),
        ];
        // Its lease is not over yet: nobody takes it.
        let early = engine(store, settings(), Utc::now);
        assert_eq!(early.push_due().await.unwrap(), 0);
        assert!(early.run_now(run, CancellationToken::new(), None).await.unwrap().is_none());
        let engine = engine(store, settings(), later);
        let wake = Notify::new();
        tokio::select! {
            () = engine.work(&wake) => {}
            () = until_number(store, "SELECT COUNT(*) FROM source_runs WHERE state = 'complete'", 1) => {}
        }
        let finished = store::sources::run(store, &Viewer::everything(), run).await.unwrap().unwrap().run;
        assert_eq!(mine.lock().unwrap().asked, [scope("2", "ecr")]);
        // Both scopes show the first fifty: each image once, and once in each scope.
        assert_eq!(store.number("SELECT COUNT(*) FROM images").await.unwrap(), 800);
        assert_eq!(store.number("SELECT COUNT(*) FROM image_tags").await.unwrap(), 800);
        assert_eq!(store.number("SELECT COUNT(*) FROM source_objects").await.unwrap(), 2 * (50 + 800));
        assert_eq!(finished.counts.seen, 2 * (50 + 800));
        let resumed = "SELECT COUNT(*) FROM source_run_scopes WHERE resumed";
        assert_eq!(store.number(resumed).await.unwrap(), 1);
        assert_eq!(store.number("SELECT attempts FROM source_runs").await.unwrap(), 2);
        database.drop_database().await;
    }
}
