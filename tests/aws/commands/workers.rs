//! Several processes over one database.

use tests::resumed::several_processes_share_many_sources;

use super::world::world;
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

#[tokio::test]
async fn each_source_is_synced_once() {
    let Some(world) = world(1) else { return };
    let account = world.estate.accounts[0].as_str();
    let one = |number| {
        let narrow: [(&str, &[&str]); 3] =
            [("accounts", &[account]), ("regions", &[HERE]), ("leave_out", &LEFT_OUT)];
        world.source(&format!("prod-{number}"), &narrow, "schedule = \"every 6h\"")
    };
    world.settle("plimsoll.toml", &(0..SOURCES).map(one).collect::<String>());
    let asked = [("service", "ecs"), ("action", "ListClusters")];
    several_processes_share_many_sources(&world, SOURCES, &asked).await;
}
