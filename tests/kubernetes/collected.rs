//! `plimsoll collect` from a cluster: what was sent and has not changed is not sent again, to whoever has it.

use std::process::Command;

use tests::commands::{open, until};
use tests::kubernetes::Kubernetes;
use tests::run::{command, finish};
use tests::served::free_port;
use tests::started::Started;

use crate::small;

type World = tests::commands::World<Kubernetes>;

/// Runs that the server has saved.
const OVER: &str = "SELECT COUNT(*) FROM source_runs WHERE kind = 'push' AND ended_at IS NOT NULL";

/// A server with an empty database, and the token of its source.
struct Server {
    served: Started,
    token: String,
    url: String,
}

fn server(world: &World, listen: &str, database: &str) -> Server {
    let url = world.sqlite(database);
    let started = |arguments: &[&str]| -> Command {
        let before = ["--config", "server.toml", "--database", &url];
        command(world.folder.path(), before.iter().chain(arguments))
    };
    let token = finish(started(&["sources", "token", "from-afar"]), None).expect(0).out.trim().to_owned();
    let mut served = Started::new(started(&["serve", "--listen", listen]));
    served.wait_for("Plimsoll is at");
    Server { served, token, url }
}

/// How many documents a collect sends.
fn documents(world: &World, server: &Server, listen: &str, more: &[&str]) -> Option<u64> {
    let to = format!("http://{listen}");
    let mut collect = world.command(&["collect", "prod", "--to", &to, "--json"]);
    collect.args(more).env("PLIMSOLL_PUSH_TOKEN", &server.token);
    finish(collect, None).lines().pop()?["documents"].as_u64()
}

#[tokio::test]
async fn what_has_not_changed_is_sent_once_to_whoever_has_it() {
    let Some(world) = World::new(&small(), &[]) else { return };
    world.settle("server.toml", &world.source("from-afar", &[], "enabled = false"));
    let listen = format!("127.0.0.1:{}", free_port());
    let mut first = server(&world, &listen, "first.db");
    let store = open(&first.url).await;
    let all = documents(&world, &first, &listen, &[]);
    assert!(all > Some(0), "the clusters hold reports");
    until(&store, OVER, 1).await;
    assert_eq!(documents(&world, &first, &listen, &[]), Some(0), "they are there");
    until(&store, OVER, 2).await;
    assert_eq!(documents(&world, &first, &listen, &["--anew"]), all);
    until(&store, OVER, 3).await;
    first.served.kill();

    let second = server(&world, &listen, "second.db");
    assert_eq!(documents(&world, &second, &listen, &[]), all, "a server that has none gets them");
}
