//! `plimsoll check --sources` and `sync` as processes, with an application's secret in the environment; killed in the
//! middle, and several over one database. Refuses the credentials of whoever runs the tests.

use serde_json::json;
use tests::azure::Azure;
use tests::cloud::Settings;
use tests::resumed::{Middle, several_processes_share_many_sources, whoever_is_killed_is_gone_on_with};

/// An Azure and a directory with settings.
type World = tests::commands::World<Azure>;

const SOURCES: i64 = 12;

/// A tenant of one subscription that a debug build reads in a second or two, without the registry that lets nobody in.
/// One platform an image: a tag alone does not say which of several runs.
fn world() -> Option<World> {
    let plan = json!({ "plan": "small", "subscriptions": 1, "repositories": 3, "findings": 6, "architectures": 1, "attached": false });
    World::new(&plan, &[])
}

#[test]
fn every_permission_is_a_line_and_a_second_sync_finds_nothing_new() {
    let Some(world) = world() else { return };
    world.run(&["migrate"]).expect(0);
    let granted = world.run(&["check", "--sources"]).expect(0);
    let lines: Vec<&str> = granted.out.lines().skip(2).collect();
    assert!(lines.len() > 10 && lines.iter().all(|line| line.ends_with("  granted")), "{}", granted.out);
    world.run(&["sync", "prod", "--json"]).expect(0);
    let again = world.run(&["sync", "prod"]).expect(0);
    assert!(again.out.contains("0 added, 0 changed, 0 retired"), "{}", again.out);
}

#[test]
fn a_secret_that_is_wrong_is_told_without_it() {
    let Some(world) = world() else { return };
    let mut stranger = world.command(&["sync", "--json"]);
    stranger.env("AZURE_CLIENT_SECRET", "a5ecret");
    let refused = tests::run::finish(stranger, None).expect(1);
    let told = refused.line();
    assert_eq!(told["state"], "failed");
    let message = told["message"].as_str().unwrap();
    assert!(message.contains("AADSTS7000215; AZURE_CLIENT_SECRET is wrong"), "{told}");
    assert!(!format!("{}{}", refused.out, refused.err).contains("a5ecret"));
}

#[tokio::test]
async fn whoever_is_killed_is_gone_on_with_by_another() {
    let Some(world) = world() else { return };
    let middle = Middle {
        hangs: json!({ "kind": "timeout", "operation": "managedClusters.list" }),
        seen: &[("operation", "catalog")],
        absent: &["admission_policies", "coverage", "network_policies"],
    };
    whoever_is_killed_is_gone_on_with(&world, &middle).await;
}

#[tokio::test]
async fn each_source_is_synced_once() {
    let Some(world) = world() else { return };
    let here = world.estate.subscriptions[0].as_str();
    let one = |number| {
        let narrow: Settings<'_> = &[
            ("subscriptions", &[here]),
            ("leave_out", &["acr", "acr-attached", "aks", "container-apps", "defender", "web-apps"]),
        ];
        world.source(&format!("prod-{number}"), narrow, "schedule = \"every 6h\"")
    };
    world.settle("plimsoll.toml", &(0..SOURCES).map(one).collect::<String>());
    let asked = [("operation", "containerGroups.list")];
    several_processes_share_many_sources(&world, SOURCES, &asked).await;
}
