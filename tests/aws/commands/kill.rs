//! `kill -9` in the middle: whoever goes on asks only what was not seen whole, and the database ends as if
//! nothing had happened.

use domain::source::RunState;
use store::test_support::{TestDatabase, postgres, sqlite};
use tests::aws::Fault;
use tests::started::Started;

use super::facts::{Facts, facts, same};
use super::world::{World, open, until};
use crate::asked::HERE;

/// Scopes that the run under way has seen whole.
const WHOLE: &str = "SELECT COUNT(*) FROM source_run_scopes WHERE state = 'complete'";
const OVER: &str = "SELECT COUNT(*) FROM source_runs WHERE state = 'complete'";

/// What an uninterrupted sync ends with, and how many scopes that takes.
async fn uninterrupted(world: &World) -> (Facts, i64) {
    let url = world.sqlite("uninterrupted.db");
    world.run(&["--database", &url, "sync"]).expect(0);
    let store = open(&url).await;
    (facts(&store).await, store.number(WHOLE).await.unwrap())
}

/// Kills a command in the middle of its sync, lets another go on, and looks at what is there.
async fn killed(world: &World, database: &TestDatabase, arguments: &[&str], whole: &(Facts, i64)) {
    let (expected, scopes) = whole;
    let store = &database.store;
    let arguments: Vec<&str> = ["--database", &database.url].iter().chain(arguments).copied().collect();
    world.aws.fault(&Fault::timeout(300.0).on("ecs", "ListClusters").region(HERE));
    let mut first = world.start(&arguments);
    until(store, WHOLE, scopes - 1).await;
    first.kill();
    world.aws.heal();
    world.aws.forget_calls();
    // Nobody waits here until its lease is over.
    let workers = store.texts("SELECT worker FROM source_runs WHERE state = 'running'").await.unwrap();
    store::save::sources::release(store, &workers[0]).await.unwrap();
    let second: Started = world.start(&arguments);
    until(store, OVER, 1).await;
    if arguments.contains(&"sync") {
        let ended = second.ended().expect(0);
        assert!(
            ended.err.contains(&format!("prod: {} of {scopes} scopes were seen whole before", scopes - 1))
        );
        assert!(ended.out.starts_with("prod: Everything was seen."), "{}", ended.out);
    }
    assert_eq!(
        world.aws.calls().of("ecr", "DescribeRepositories"),
        0,
        "what was seen whole is not asked again"
    );
    let runs = store.texts("SELECT state || ' ' || attempts FROM source_runs").await.unwrap();
    assert_eq!(runs, [format!("{} 2", RunState::Complete.as_str())], "one run, begun twice");
    let resumed = "SELECT COUNT(*) FROM source_run_scopes WHERE resumed";
    assert_eq!(store.number(resumed).await.unwrap(), 1);
    same(expected, &facts(store).await);
}

#[tokio::test]
async fn whoever_is_killed_is_gone_on_with() {
    let Some(world) = World::new(1) else { return };
    let whole = uninterrupted(&world).await;
    world.settle("plimsoll.toml", &world.source("prod", "schedule = \"every 6h\""));
    for command in ["sync", "work"] {
        for database in [Some(sqlite().await), postgres().await].into_iter().flatten() {
            killed(&world, &database, &[command], &whole).await;
            database.drop_database().await;
        }
    }
}
