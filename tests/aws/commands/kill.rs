//! `kill -9` in the middle.

use tests::aws::Fault;
use tests::facts::INSIDE;
use tests::resumed::{Middle, whoever_is_killed_is_gone_on_with};

use super::world::world;
use crate::asked::HERE;

#[tokio::test]
async fn whoever_is_killed_is_gone_on_with_by_another() {
    let Some(world) = world(1) else { return };
    let middle = Middle {
        hangs: Fault::timeout(300.0).on("ecs", "ListClusters").region(HERE).order(),
        seen: &[("service", "ecr"), ("action", "DescribeRepositories")],
        absent: &INSIDE,
    };
    whoever_is_killed_is_gone_on_with(&world, &middle).await;
}
