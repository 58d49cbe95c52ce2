//! Many runs, several workers: each run exactly once.

use chrono::Utc;
use domain::source::{RunKind, RunState};
use store::test_support::{self};
use store::{Options, Store};
use tokio_util::sync::CancellationToken;

use crate::script::{End, act, scope, script};
use crate::world::{engine, request, settings, source, workload};

const SOURCES: usize = 20;

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
        // Connections of their own, as in two processes.
        let options = Options { connections: 4, ..Options::default() };
        let other = Store::connect(&database.url, &options).await.unwrap();
        let work = async |store: &Store| {
            let engine = engine(store, settings(), Utc::now);
            let mut done = 0;
            while let Some(finished) = engine.run_next(None, CancellationToken::new(), None).await.unwrap() {
                assert_eq!(finished.state, RunState::Complete, "{}", finished.message);
                done += 1;
            }
            done
        };
        let (one, two) = tokio::join!(work(&store), work(&other));
        assert_eq!(one + two, SOURCES, "{one} and {two}");
        assert_eq!(script(&own).lock().unwrap().asked.len(), SOURCES);
        let once = "SELECT COUNT(*) FROM source_runs WHERE state = 'complete' AND attempts = 1";
        assert_eq!(store.number(once).await.unwrap(), i64::try_from(SOURCES).unwrap());
        assert_eq!(store.number("SELECT COUNT(*) FROM workloads").await.unwrap(), 1);
        other.close().await.unwrap();
        database.drop_database().await;
    }
}
