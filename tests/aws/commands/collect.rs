//! `plimsoll collect`: what it brings to a served binary is what a sync there would have saved, whatever
//! happens on the way.

use std::process::Command;

use serde_json::{Value, json};
use store::Store;
use tests::aws::Fault;
use tests::commands::{open, until};
use tests::facts::{facts, same};
use tests::run::{command, finish};
use tests::served::free_port;
use tests::started::Started;

use super::world::{World, world};
use crate::asked::{HERE, THERE};

/// A server that has no credentials, and its database.
struct Server<'a> {
    world: &'a World,
    listen: String,
    url: String,
    token: String,
}

/// Runs that are over, as the server counts them.
const OVER: &str = "SELECT COUNT(*) FROM source_runs WHERE kind = 'push' AND ended_at IS NOT NULL";
/// Scopes that are at the server to their end.
const WHOLE: &str = "SELECT COUNT(*) FROM source_parts WHERE last";
/// Parts that were ever sent.
const SENT: &str = "SELECT COUNT(*) FROM documents WHERE kind = 'plimsoll-observations'";
/// Parts that were sent, each once.
const PARTS: &str = "SELECT COUNT(*) FROM source_parts";

impl<'a> Server<'a> {
    /// One with a source `from-afar`, and its token.
    fn new(world: &'a World) -> Self {
        world.settle("server.toml", &world.source("from-afar", &[], "enabled = false"));
        let url = world.sqlite("server.db");
        let mut server =
            Self { world, listen: format!("127.0.0.1:{}", free_port()), url, token: String::new() };
        let made = finish(server.command(&["sources", "token", "from-afar"]), None).expect(0);
        assert!(made.err.contains("shown this once"), "{}", made.err);
        server.token = made.out.trim().to_owned();
        assert!(server.token.starts_with("plimsoll_push_"), "{}", made.out);
        server
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let before = ["--config", "server.toml", "--database", &self.url];
        command(self.world.folder.path(), before.iter().chain(arguments))
    }

    fn serve(&self) -> Started {
        let mut served = Started::new(self.command(&["serve", "--listen", &self.listen]));
        served.wait_for("Plimsoll is at");
        served
    }

    fn collect(&self, arguments: &[&str]) -> Command {
        let to = format!("http://{}", self.listen);
        let mut command = self.world.command(&["collect", "prod", "--to", &to]);
        command.args(arguments).env("PLIMSOLL_PUSH_TOKEN", &self.token);
        command
    }
}

/// The last line of an answer in JSON.
fn last(ended: &tests::run::Ended) -> Value {
    ended.lines().pop().unwrap()
}

#[tokio::test]
async fn what_is_pushed_is_what_a_sync_saves() {
    let Some(world) = world(2) else { return };
    world.cloud.fault(&Fault::deny().on("ecr", "*").account(&world.estate.accounts[1]).region(THERE));
    world.cloud.fault(&Fault::deny().on("ecr", "GetRegistryScanningConfiguration").region(HERE));
    let direct = world.sqlite("direct.db");
    let synced = world.run(&["--database", &direct, "sync"]).expect(1);
    let server = Server::new(&world);
    let _served = server.serve();
    let store = open(&server.url).await;

    let rehearsed = last(&world.run(&["collect", "prod", "--dry-run", "--json"]).expect(1));
    assert_eq!((&rehearsed["run"], &rehearsed["state"]), (&Value::Null, &json!("partial")));
    assert_eq!(store.number(SENT).await.unwrap(), 0, "a dry run sends nothing");

    let collected = finish(server.collect(&["--json"]), None).expect(1);
    assert!(!format!("{}{}", collected.out, collected.err).contains(&server.token));
    until(&store, OVER, 1).await;
    same(&facts(&open(&direct).await).await, &facts(&store).await);
    let told = last(&collected);
    for count in ["scopes", "observations", "documents", "parts", "state"] {
        assert_eq!(told[count], rehearsed[count], "{count}");
    }
    assert_eq!(json!(store.number(PARTS).await.unwrap()), told["parts"]);
    // What the server says of its run is what the sync said of its own.
    let message = store.texts("SELECT message FROM source_runs").await.unwrap();
    assert_eq!(format!("prod: {}\n", message[0]), synced.out);

    let again = finish(server.collect(&[]), None).expect(1);
    let open =
        collected.lines().iter().filter(|line| !line["reason"].as_str().unwrap_or("").is_empty()).count();
    assert!(
        open > 0 && again.out.starts_with(&format!("prod: {open} of {} scopes not seen", told["scopes"]))
    );
    assert!(again.out.contains("The server saves it now."), "{}", again.out);
    until(&store, OVER, 2).await;
    let changes =
        "SELECT added + changed + retired FROM source_runs ORDER BY requested_at DESC, id DESC LIMIT 1";
    assert_eq!(store.number(changes).await.unwrap(), 0);

    let mut stranger = server.collect(&[]);
    stranger.env("PLIMSOLL_PUSH_TOKEN", "plimsoll_push_5ecret");
    let refused = finish(stranger, None).expect(2);
    assert!(refused.err.contains("does not know this token"), "{}", refused.err);
    assert!(!refused.err.contains("5ecret"), "{}", refused.err);
    finish(server.command(&["sources", "token", "from-afar", "--take-back"]), None).expect(0);
    finish(server.collect(&[]), None).expect(2);
}

/// Scopes of the organisation that every collect here is about.
async fn scopes(store: &Store) -> i64 {
    store.number("SELECT COUNT(*) FROM source_scopes").await.unwrap()
}

#[tokio::test]
async fn a_killed_collect_goes_on_and_a_server_that_restarts_is_waited_for() {
    let Some(world) = world(1) else { return };
    let direct = world.sqlite("direct.db");
    world.run(&["--database", &direct, "sync"]).expect(0);
    let direct = open(&direct).await;
    let all_but_one = scopes(&direct).await - 1;
    let server = Server::new(&world);
    let mut served = server.serve();
    let store = open(&server.url).await;

    let hang = world.cloud.fault(&Fault::timeout(300.0).on("ecs", "ListClusters").region(HERE));
    let mut killed = Started::new(server.collect(&[]));
    until(&store, WHOLE, all_but_one).await;
    killed.kill();
    assert_eq!(store.number(OVER).await.unwrap(), 0);

    world.cloud.forget_calls();
    let hit = world.cloud.hits(hang);
    let mut second = Started::new(server.collect(&[]));
    second.wait_for(&format!("prod: {all_but_one} of {} scopes were seen whole before", all_but_one + 1));
    while world.cloud.hits(hang) == hit {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    // It hangs in the last scope: when that answers, nobody is there to take it.
    served.kill();
    world.cloud.heal();
    second.wait_for("tried again in");
    let _served = server.serve();
    let ended = second.ended().expect(0);
    assert!(ended.out.contains(&format!(", {all_but_one} scopes of them earlier.")), "{}", ended.out);
    assert_eq!(world.cloud.calls().of("ecr", "DescribeRepositories"), 0, "what is there is not asked again");
    until(&store, OVER, 1).await;
    same(&facts(&direct).await, &facts(&store).await);
    assert_eq!(
        store.number(SENT).await.unwrap(),
        store.number(PARTS).await.unwrap(),
        "no part is sent twice"
    );

    // The run is over: the next one is a new one, and asks everything.
    finish(server.collect(&[]), None).expect(0);
    until(&store, OVER, 2).await;
    assert!(world.cloud.calls().of("ecr", "DescribeRepositories") > 0);
}

#[tokio::test]
async fn a_source_that_cannot_be_asked_is_told_to_the_server() {
    let Some(world) = world(1) else { return };
    let server = Server::new(&world);
    let _served = server.serve();
    let mut stranger = server.collect(&[]);
    stranger.env("AWS_ACCESS_KEY_ID", "AKIANOBODYKNOWSTHIS0");
    let refused = finish(stranger, None).expect(1);
    assert!(refused.out.starts_with("prod: No credentials that "), "{}", refused.out);
    let store = open(&server.url).await;
    until(&store, OVER, 1).await;
    let journal = store.texts("SELECT state || ': ' || message FROM source_runs").await.unwrap();
    assert_eq!(format!("prod: {}\n", journal[0].strip_prefix("failed: ").unwrap()), refused.out);
}
