//! `plimsoll sync`: what it prints, what it writes, how it ends.

use serde_json::{Value, json};
use tests::aws::Fault;
use tests::commands::open;
use tests::facts::{facts, same};

use super::world::world;
use crate::asked::THERE;

/// What a database holds of an estate.
const HELD: &str = "SELECT (SELECT COUNT(*) FROM images) + (SELECT COUNT(*) FROM workloads) \
                    + (SELECT COUNT(*) FROM documents) + (SELECT COUNT(*) FROM repositories) \
                    + (SELECT COUNT(*) FROM source_objects) + (SELECT COUNT(*) FROM source_scopes)";

#[tokio::test]
async fn a_sync_counts_then_saves_and_then_finds_nothing_new() {
    let Some(world) = world(1) else { return };
    let url = world.sqlite("synced.db");
    let dry = world.run(&["--database", &url, "sync", "--dry-run", "--json"]).expect(0);
    let lines = dry.lines();
    let (told, scopes) = lines.split_last().unwrap();
    assert_eq!((&told["kind"], &told["state"]), (&json!("dry-run"), &json!("complete")));
    assert!(told["counts"]["seen"].as_u64().unwrap() > 0, "{told}");
    assert_eq!(told["scopes"], scopes.len());
    assert!(scopes.iter().all(|line| line["state"] == "complete"), "{scopes:?}");
    let store = open(&url).await;
    assert_eq!(store.number(HELD).await.unwrap(), 0, "a dry run writes nothing");
    let saved = world.run(&["--database", &url, "sync", "prod", "--json"]).expect(0);
    let saved = saved.lines().pop().unwrap();
    assert_eq!(saved["counts"]["seen"], told["counts"]["seen"]);
    assert_eq!(saved["counts"]["added"], told["counts"]["added"], "a dry run tells what would be added");
    let before = facts(&store).await;
    let again = world.run(&["--database", &url, "sync"]).expect(0);
    let seen = &told["counts"]["seen"];
    let expected = format!(
        "prod: Everything was seen. {seen} objects in {} scopes: 0 added, 0 changed, 0 retired.\n",
        told["scopes"]
    );
    assert_eq!(again.out, expected);
    let account = &world.estate.accounts[0];
    let line = format!("prod {account} / {THERE} / ecr: complete, ");
    assert!(again.err.lines().any(|said| said.starts_with(&line)), "{}", again.err);
    same(&before, &facts(&store).await);
}

#[tokio::test]
async fn a_denied_region_is_told_and_retires_nothing() {
    let Some(world) = world(2) else { return };
    let url = world.sqlite("synced.db");
    world.run(&["--database", &url, "sync"]).expect(0);
    let store = open(&url).await;
    let mut before = facts(&store).await;
    let account = &world.estate.accounts[1];
    world.cloud.fault(&Fault::deny().on("ecr", "*").account(account).region(THERE));
    let denied = world.run(&["--database", &url, "sync"]).expect(1);
    world.cloud.heal();
    let reason = format!(
        "`ecr:DescribeRepositories` was denied in {account} / {THERE} / ecr: allow `ecr:DescribeRepositories` in a \
         policy of role `PlimsollReader` of account {account}."
    );
    assert!(denied.out.contains(&format!("{account} / {THERE} / ecr: {reason}")), "{}", denied.out);
    let journal =
        store.texts("SELECT reason FROM source_run_scopes WHERE state <> 'complete'").await.unwrap();
    assert!(journal.contains(&reason), "{journal:?}");
    let mut after = facts(&store).await;
    let (was, is) = (before.remove("scopes").unwrap(), after.remove("scopes").unwrap());
    same(&before, &after);
    let changed: Vec<&String> = was.iter().filter(|row| !is.contains(row)).collect();
    assert!(changed.iter().all(|row| row.starts_with(&format!("{account} {THERE} "))), "{changed:?}");
    world.run(&["--database", &url, "sync"]).expect(0);
}

#[test]
fn what_cannot_be_asked_is_told() {
    let Some(world) = world(1) else { return };
    let unknown = world.run(&["sync", "staging"]).expect(2);
    assert!(unknown.err.contains("there is no source `staging`; known are: prod"), "{}", unknown.err);
    let mut stranger = world.command(&["sync", "--json"]);
    stranger.env("AWS_ACCESS_KEY_ID", "AKIANOBODYKNOWSTHIS0");
    let refused = tests::run::finish(stranger, None).expect(1);
    let told = refused.line();
    assert_eq!(told["state"], "failed");
    assert!(told["message"].as_str().unwrap().starts_with("No credentials that "), "{told}");
    world.settle("plimsoll.toml", "");
    let none = world.run(&["sync"]).expect(2);
    assert!(none.err.contains("there are no sources: add one under [[sources]]"), "{}", none.err);
    let told: Vec<Value> = none.lines();
    assert_eq!(told, Vec::<Value>::new());
}
