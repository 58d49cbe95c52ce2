//! `plimsoll check --sources` and `sync` as processes, with credentials as a machine has them: a key file, or the
//! metadata server; killed in the middle, and several over one database. Refuses the credentials of whoever runs the
//! tests.

use serde_json::json;
use tests::cloud::Settings;
use tests::gcp::Gcp;
use tests::resumed::{Middle, several_processes_share_many_sources, whoever_is_killed_is_gone_on_with};
use tests::run::finish;

use crate::asked::{HERE, SHOP};

/// A Google Cloud and a directory with settings.
type World = tests::commands::World<Gcp>;

const SOURCES: i64 = 12;

/// One that lets nobody in without a token. One platform an image: a tag alone does not say which of several runs.
fn world() -> Option<World> {
    let plan = json!({"projects": 1, "repositories": 2, "packages": 2, "findings": 6, "architectures": 1});
    let world = World::new(&plan, &[])?;
    world.cloud.set(&json!({"anonymous": false}));
    Some(world)
}

#[test]
fn a_key_file_and_the_metadata_server_open_everything() {
    let Some(world) = world() else { return };
    let metadata = world.cloud.address.replace("http://", "");
    let metadata = [("GCE_METADATA_HOST", metadata)];
    world.run(&["migrate"]).expect(0);
    for command in
        [world.command(&["check", "--sources"]), world.command_with(&["check", "--sources"], &metadata)]
    {
        let granted = finish(command, None).expect(0);
        let lines: Vec<&str> = granted.out.lines().skip(2).collect();
        assert!(lines.len() > 10 && lines.iter().all(|line| line.ends_with("  granted")), "{}", granted.out);
    }
    let synced = finish(world.command_with(&["sync", "prod", "--json"], &metadata), None).expect(0);
    assert!(synced.out.contains("complete"), "{}", synced.out);
    let again = world.run(&["sync", "prod"]).expect(0);
    assert!(again.out.contains("0 added, 0 changed, 0 retired"), "{}", again.out);
    assert_eq!(world.estate.projects, ["plimsoll-shop"]);
}

#[test]
fn no_credentials_are_told_with_what_to_do() {
    let Some(world) = world() else { return };
    let nowhere = [("GOOGLE_APPLICATION_CREDENTIALS", "nothing.json".to_owned())];
    let refused = finish(world.command_with(&["check", "--sources"], &nowhere), None);
    assert_ne!(refused.status, 0);
    let told = format!("{}{}", refused.out, refused.err);
    assert!(told.contains("no credentials that projects accepts") && told.contains("nothing.json"), "{told}");
}

#[tokio::test]
async fn whoever_is_killed_is_gone_on_with_by_another() {
    let Some(world) = world() else { return };
    let middle = Middle {
        hangs: json!({"kind": "timeout", "method": "ListServices", "location": HERE}),
        seen: &[("service", "artifactregistry"), ("method", "ListRepositories")],
        absent: &["admission_policies", "network_policies"],
    };
    whoever_is_killed_is_gone_on_with(&world, &middle).await;
}

#[tokio::test]
async fn each_source_is_synced_once() {
    let Some(world) = world() else { return };
    let narrow: Settings<'_> = &[
        ("projects", &[SHOP]),
        ("locations", &[HERE]),
        ("leave_out", &["artifact-analysis", "artifact-registry", "artifact-registry-attached", "gke"]),
    ];
    let one = |number| world.source(&format!("prod-{number}"), narrow, "schedule = \"every 6h\"");
    world.settle("plimsoll.toml", &(0..SOURCES).map(one).collect::<String>());
    several_processes_share_many_sources(&world, SOURCES, &[("method", "ListServices")]).await;
}
