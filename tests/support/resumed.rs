//! Commands that are killed in the middle, and several over one database: what every cloud's tests hold of them. Refuses
//! to know what a cloud calls its services.

use domain::source::RunState;
use serde_json::Value;
use store::test_support::{TestDatabase, postgres, sqlite};

use crate::cloud::Cloud;
use crate::commands::{World, open, until};
use crate::facts::{Facts, facts, same_without};
use crate::must;
use crate::served::free_port;

/// Scopes that the run under way has seen whole.
const WHOLE: &str = "SELECT COUNT(*) FROM source_run_scopes WHERE state = 'complete'";
const OVER: &str = "SELECT COUNT(*) FROM source_runs WHERE state = 'complete'";

/// Where a run is killed.
#[derive(Debug)]
pub struct Middle<'m> {
    /// A fault by which the last of its scopes hangs.
    pub hangs: Value,
    /// Calls of the other scopes, which were seen whole, by members of the emulator's log.
    pub seen: &'m [(&'m str, &'m str)],
    /// What this cloud has none of.
    pub absent: &'m [&'m str],
}

/// Kills `sync` and `work` in the middle, on SQLite and on PostgreSQL: whoever goes on asks only what was not seen
/// whole, and the database ends as if nothing had happened.
///
/// # Panics
/// When it does not.
pub async fn whoever_is_killed_is_gone_on_with<C: Cloud>(world: &World<C>, middle: &Middle<'_>) {
    let whole = uninterrupted(world).await;
    world.settle("plimsoll.toml", &world.source("prod", &[], "schedule = \"every 6h\""));
    for command in ["sync", "work"] {
        for database in [Some(sqlite().await), postgres().await].into_iter().flatten() {
            killed(world, middle, &database, command, &whole).await;
            database.drop_database().await;
        }
    }
}

/// What an uninterrupted sync ends with, and how many scopes that takes.
async fn uninterrupted<C: Cloud>(world: &World<C>) -> (Facts, i64) {
    let url = world.sqlite("uninterrupted.db");
    world.run(&["--database", &url, "sync"]).expect(0);
    let store = open(&url).await;
    (facts(&store).await, must(store.number(WHOLE).await, WHOLE))
}

async fn killed<C: Cloud>(
    world: &World<C>,
    middle: &Middle<'_>,
    database: &TestDatabase,
    command: &str,
    (expected, scopes): &(Facts, i64),
) {
    let (store, arguments) = (&database.store, ["--database", &database.url, command]);
    world.cloud.fault(&middle.hangs);
    let mut first = world.start(&arguments);
    until(store, WHOLE, scopes - 1).await;
    first.kill();
    world.cloud.heal();
    world.cloud.forget_calls();
    // Nobody waits here until its lease is over.
    let workers = store.texts("SELECT worker FROM source_runs WHERE state = 'running'").await;
    must(store::save::sources::release(store, &must(workers, "a worker")[0]).await, "its lease");
    let second = world.start(&arguments);
    until(store, OVER, 1).await;
    if command == "sync" {
        let ended = second.ended().expect(0);
        let before = format!("prod: {} of {scopes} scopes were seen whole before", scopes - 1);
        assert!(ended.err.contains(&before), "{}", ended.err);
        assert!(ended.out.starts_with("prod: Everything was seen."), "{}", ended.out);
    }
    assert_eq!(world.cloud.count(middle.seen), 0, "what was seen whole is not asked again");
    let runs = must(store.texts("SELECT state || ' ' || attempts FROM source_runs").await, "runs");
    assert_eq!(runs, [format!("{} 2", RunState::Complete.as_str())], "one run, begun twice");
    let resumed = "SELECT COUNT(*) FROM source_run_scopes WHERE resumed";
    assert_eq!(must(store.number(resumed).await, resumed), 1);
    same_without(expected, &facts(store).await, middle.absent);
}

/// Several processes over one database and many sources of one scope each, all due at once: each run is done once, by
/// one of them. `asked` are the calls of one run, by members of the emulator's log.
///
/// # Panics
/// When one is done twice or not at all.
pub async fn several_processes_share_many_sources<C: Cloud>(
    world: &World<C>,
    sources: i64,
    asked: &[(&str, &str)],
) {
    let listen = format!("127.0.0.1:{}", free_port());
    let pairs: [[&[&str]; 2]; 2] = [[&["work"], &["work"]], [&["work"], &["serve", "--listen", &listen]]];
    for commands in pairs {
        for database in [Some(sqlite().await), postgres().await].into_iter().flatten() {
            each_once(world, &database, commands, (sources, asked)).await;
            database.drop_database().await;
        }
    }
}

async fn each_once<C: Cloud>(
    world: &World<C>,
    database: &TestDatabase,
    commands: [&[&str]; 2],
    (sources, asked): (i64, &[(&str, &str)]),
) {
    let store = &database.store;
    world.cloud.forget_calls();
    let start = |arguments: &[&str]| {
        let arguments: Vec<&str> = ["--database", &database.url].iter().chain(arguments).copied().collect();
        world.start(&arguments)
    };
    let workers = commands.map(start);
    until(store, "SELECT COUNT(*) FROM source_runs WHERE ended_at IS NOT NULL", sources).await;
    for worker in workers {
        assert!(!worker.said().contains("ERROR"), "{}", worker.said());
    }
    for (sql, expected) in [
        (
            "SELECT COUNT(*) FROM source_runs WHERE state = 'complete' AND attempts = 1 AND scopes_done = 1",
            sources,
        ),
        ("SELECT COUNT(DISTINCT source_id) FROM source_runs", sources),
        ("SELECT COUNT(*) - COUNT(DISTINCT cluster || ' ' || namespace || ' ' || name) FROM workloads", 0),
    ] {
        assert_eq!(must(store.number(sql).await, sql), expected, "{sql}");
    }
    assert_eq!(world.cloud.count(asked) as i64, sources);
}
