//! Programs that sensors saw executed, libraries that they saw loaded, and what the reasons of scores say of them.

use serde_json::{Value, json};
use store::Store;
use store::save::inbox::{self, Incoming};
use store::test_support::on_each_database;

use crate::number;
use crate::world::{self, World};

/// A program that the container of a workload executes, as Tetragon tells of it.
fn executed(name: &str, program: &str) -> String {
    let pod = json!({
        "namespace": "default", "name": format!("{name}-5d9c7b6f4-abcde"),
        "container": { "id": format!("containerd://{}", world::container(name)), "name": "main" },
    });
    json!({
        "process_exec": {
            "process": { "exec_id": "1", "pid": 7, "binary": program, "arguments": "--key=hunter2", "pod": pod },
            "parent": { "exec_id": "0", "pid": 1, "binary": "/sbin/init" },
        },
        "node_name": "node-1", "time": "2026-11-22T10:00:00Z",
    })
    .to_string()
}

/// A library that the container of a workload loads at a moment, as Tracee tells of it to who asks for libraries.
fn loaded(name: &str, library: &str, at: &str) -> String {
    let at = at.parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    json!({
        "timestamp": at.timestamp_nanos_opt().unwrap(), "processName": "node", "hostProcessId": 7, "hostName": "node-1",
        "container": { "id": world::container(name), "name": "main" },
        "kubernetes": { "podName": format!("{name}-5d9c7b6f4-abcde"), "podNamespace": "default" },
        "eventId": "2016", "eventName": "shared_object_loaded", "matchedPolicies": ["libraries"],
        "args": [{ "name": "pathname", "type": "const char*", "value": library }],
    })
    .to_string()
}

/// A report on the image of a workload whose package lies in a folder of its own.
fn report(name: &str) -> Value {
    let mut report = world::report(name, &["CVE-2021-44228"], 1);
    report["Results"][0]["Vulnerabilities"][0]["PkgPath"] =
        json!("usr/lib/node_modules/package-cve/package.json");
    report
}

async fn send(store: &Store, body: String) {
    let incoming = Incoming {
        name: "sensor".to_owned(),
        cluster: Some("cluster".to_owned()),
        received_at: "2026-11-22T10:00:01Z"
            .parse::<chrono::DateTime<chrono::Utc>>()
            .unwrap()
            .timestamp_millis(),
        body: body.into_bytes(),
    };
    let tx = store.begin().await.unwrap();
    inbox::add(&tx, vec![incoming]).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_package_whose_program_was_executed_is_in_use() {
    on_each_database(async |store| {
        let world = World::new(store.clone());
        world.ingest("cluster", &world::list(&[("api", "LoadBalancer"), ("web", "LoadBalancer")]), 2).await;
        for name in ["api", "web"] {
            world.ingest(name, &report(name), 1).await;
        }
        let hazards = number(&store, "SELECT CAST(SUM(hazard_known) AS BIGINT) FROM workloads").await;
        send(&store, executed("api", "/usr/lib/node_modules/package-cve/bin/x")).await;
        send(&store, executed("web", "/usr/lib/node_modules/other/bin/x")).await;
        send(&store, executed("lost", "/usr/bin/lost")).await;
        world.drain(0).await;
        assert_eq!(number(&store, "SELECT COUNT(*) FROM executed_files").await, 2);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM detections").await, 0, "no alert");
        assert_eq!(number(&store, "SELECT events FROM sensors WHERE node = 'node-1'").await, 3);
        world.rejudge(0).await;
        let told = "SELECT name FROM workloads WHERE explanation LIKE '%package-cve/bin/x was executed, last seen by \
                    tetragon on 22 November 2026%'";
        assert_eq!(store.texts(told).await.unwrap(), ["api"]);
        let unseen = "SELECT name FROM workloads WHERE explanation LIKE '%nothing shows whether it is loaded%'";
        assert_eq!(store.texts(unseen).await.unwrap(), ["web"]);
        // What nobody saw is counted as in use as well: neither moves the score.
        assert_eq!(number(&store, "SELECT CAST(SUM(hazard_known) AS BIGINT) FROM workloads").await, hazards);
    })
    .await;
}

#[tokio::test]
async fn a_package_whose_library_was_loaded_is_in_use() {
    on_each_database(async |store| {
        let world = World::new(store.clone());
        world.ingest("cluster", &world::list(&[("api", "LoadBalancer"), ("web", "LoadBalancer")]), 2).await;
        for name in ["api", "web"] {
            world.ingest(name, &report(name), 1).await;
        }
        let addon = "/usr/lib/node_modules/package-cve/build/addon.node";
        send(&store, loaded("api", addon, "2026-11-22T10:00:00Z")).await;
        send(&store, loaded("web", "/usr/lib/node_modules/other/addon.node", "2026-11-22T10:00:00Z")).await;
        send(&store, loaded("lost", "/usr/lib/libz.so.1", "2026-11-22T10:00:00Z")).await;
        world.drain(0).await;
        assert_eq!(number(&store, "SELECT COUNT(*) FROM executed_files WHERE loaded").await, 2);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM detections").await, 0, "no alert");
        assert_eq!(number(&store, "SELECT COUNT(*) FROM documents WHERE source = 'events'").await, 0);
        world.rejudge(0).await;
        let told = format!("{addon} was loaded, last seen by tracee on 22 November 2026");
        assert_eq!(world::in_use(&store, "api").await, ("1.00".to_owned(), told));
        let unseen = "nothing shows whether it is loaded: counted as in use".to_owned();
        assert_eq!(world::in_use(&store, "web").await, ("1.00".to_owned(), unseen));
    })
    .await;
}

#[tokio::test]
async fn a_file_is_in_use_as_it_was_last_seen() {
    on_each_database(async |store| {
        let world = World::new(store.clone());
        world.ingest("cluster", &world::list(&[("api", "LoadBalancer")]), 2).await;
        world.ingest("api", &report("api"), 1).await;
        let file = "/usr/lib/node_modules/package-cve/bin/x";
        let own = loaded("api", file, "2026-11-20T10:00:00Z")
            .replace("shared_object_loaded", "sched_process_exec")
            .replace("\"libraries\"", "\"default-policy\"");
        let later = loaded("api", file, "2026-11-22T09:00:00Z");
        // Out of order, in one batch: what is seen last tells how.
        for body in [later, own] {
            send(&store, body).await;
        }
        world.drain(0).await;
        world.rejudge(0).await;
        let told = format!("{file} was loaded, last seen by tracee on 22 November 2026");
        assert_eq!(world::in_use(&store, "api").await.1, told);
        // Another sensor saw it executed, and later.
        send(&store, executed("api", file)).await;
        world.drain(0).await;
        world.rejudge(0).await;
        let told = format!("{file} was executed, last seen by tetragon on 22 November 2026");
        assert_eq!(world::in_use(&store, "api").await.1, told);
    })
    .await;
}
