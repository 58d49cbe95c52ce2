//! Several processes over one database and many sources: each run is done once, by one of them.

use store::test_support::{TestDatabase, postgres, sqlite};
use tests::served::free_port;

use super::world::{World, until};
use crate::asked::HERE;

const SOURCES: i64 = 12;

/// Services that are not asked, so that a source is one scope.
const LEFT_OUT: [&str; 11] = [
    "apprunner",
    "batch",
    "ecr",
    "ecr-attached",
    "ecr-findings",
    "ecr-public",
    "eks",
    "guardduty",
    "inspector",
    "lambda",
    "securityhub",
];

/// Many sources of one scope, all due at once.
fn settled() -> Option<World> {
    let mut world = World::new(1)?;
    world.estate.regions = vec![HERE.to_owned()];
    let account = &world.estate.accounts[0];
    let more = format!("schedule = \"every 6h\"\naccounts = [\"{account}\"]\nleave_out = {LEFT_OUT:?}\n");
    let one = |number| world.source(&format!("prod-{number}"), &more);
    world.settle("plimsoll.toml", &(0..SOURCES).map(one).collect::<String>());
    Some(world)
}

async fn each_once(world: &World, database: &TestDatabase, commands: [&[&str]; 2]) {
    let store = &database.store;
    world.aws.forget_calls();
    let start = |arguments: &[&str]| {
        let arguments: Vec<&str> = ["--database", &database.url].iter().chain(arguments).copied().collect();
        world.start(&arguments)
    };
    let workers = commands.map(start);
    until(store, "SELECT COUNT(*) FROM source_runs WHERE ended_at IS NOT NULL", SOURCES).await;
    for worker in workers {
        assert!(!worker.said().contains("ERROR"), "{}", worker.said());
    }
    let once =
        "SELECT COUNT(*) FROM source_runs WHERE state = 'complete' AND attempts = 1 AND scopes_done = 1";
    assert_eq!(store.number(once).await.unwrap(), SOURCES);
    let of_each = "SELECT COUNT(DISTINCT source_id) FROM source_runs";
    assert_eq!(store.number(of_each).await.unwrap(), SOURCES);
    assert_eq!(world.aws.calls().of("ecs", "ListClusters"), usize::try_from(SOURCES).unwrap());
    let doubled =
        "SELECT COUNT(*) - COUNT(DISTINCT cluster || ' ' || namespace || ' ' || name) FROM workloads";
    assert_eq!(store.number(doubled).await.unwrap(), 0);
}

#[tokio::test]
async fn several_processes_share_many_sources() {
    let Some(world) = settled() else { return };
    let listen = format!("127.0.0.1:{}", free_port());
    let pairs: [[&[&str]; 2]; 2] = [[&["work"], &["work"]], [&["work"], &["serve", "--listen", &listen]]];
    for commands in pairs {
        for database in [Some(sqlite().await), postgres().await].into_iter().flatten() {
            each_once(&world, &database, commands).await;
            database.drop_database().await;
        }
    }
}
