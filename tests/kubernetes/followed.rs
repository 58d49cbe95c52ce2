//! Clusters that are followed between two syncs: what starts is shown, what ends is retired, and what was missed is asked
//! again as a whole. Refuses a schedule that would come in between.

use std::time::{Duration, Instant};

use domain::source::RunState;
use serde_json::{Value, json};
use tests::cloud::{Cloud, Settings};
use tests::kubernetes::Kubernetes;
use tests::synced::open;

use crate::World;

/// Asked again as soon as changes may lead to that.
const SETTINGS: Settings<'_> = &[("contexts", &["*"]), ("follow_at_most_every", &["5"])];

/// One cluster, seen whole once.
fn followed() -> Option<World> {
    World::new(&json!("tiny"), SETTINGS)
}

fn pod(name: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": { "name": name, "namespace": "default", "uid": format!("00000000-0000-4000-8000-{name:0>12}") },
        "spec": { "nodeName": "n", "containers": [{ "name": "main", "image": "registry.example.com/new:1" }] },
        "status": { "phase": "Running" },
    })
}

fn cluster(world: &World) -> String {
    world.estate.clusters[0].name.clone()
}

/// Workloads of this name that are there.
fn present(name: &str) -> String {
    format!("SELECT COUNT(*) FROM workloads WHERE name = '{name}' AND retired_at IS NULL")
}

const JOURNAL: &str = "SELECT COUNT(*) FROM journal WHERE event = 'not-followed'";

/// Waits until a query gives this number.
#[track_caller]
fn until(world: &World, sql: &str, number: i64) {
    let begun = Instant::now();
    while world.number(sql) != number {
        assert!(begun.elapsed() < Duration::from_secs(60), "{sql}: {} and not {number}", world.number(sql));
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Versions from which pods are listened to now.
fn watched(cloud: &Kubernetes) -> Vec<String> {
    let calls = cloud.log().into_iter();
    let under_way =
        |call: &Value| call["verb"] == "watch" && call["resource"] == "pods" && call["status"].is_null();
    let version = |call: Value| call["revision"].as_str().unwrap_or_default().to_owned();
    calls.filter(under_way).map(version).collect()
}

/// Waits until so many watches of pods are under way.
#[track_caller]
fn until_watched(cloud: &Kubernetes, number: usize) {
    let begun = Instant::now();
    while watched(cloud).len() != number {
        assert!(begun.elapsed() < Duration::from_secs(60), "{:?} are not {number}", watched(cloud));
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn what_starts_is_shown_and_what_ends_is_retired() {
    World::on_each_database(&json!("tiny"), SETTINGS, |world| {
        let (here, before) = (cluster(world), world.present()["workloads"]);
        world.following(|| {
            until_watched(&world.cloud, 1);
            world.cloud.apply(&here, &pod("newcomer"));
            until(world, &present("newcomer"), 1);
            world.cloud.delete(&here, ("v1", "Pod"), "default", "newcomer");
            until(world, &present("newcomer"), 0);
        });
        assert_eq!(world.present()["workloads"], before);
        let seen = "SELECT COUNT(*) FROM workloads WHERE name = 'newcomer' AND retired_at IS NOT NULL";
        assert_eq!(world.number(seen), 1, "it is marked, not forgotten");
        until_watched(&world.cloud, 0);
        let (finished, journal) = world.sync();
        assert_eq!(finished.state, RunState::Complete, "{} {:?}", finished.message, open(&journal));
        world.not_doubled();
    });
}

#[test]
fn who_reaches_what_runs_is_followed_too() {
    let Some(world) = followed() else { return };
    let here = cluster(&world);
    let routes = "SELECT COUNT(*) FROM exposures WHERE name = 'opened' AND retired_at IS NULL";
    world.following(|| {
        until_watched(&world.cloud, 1);
        world.cloud.apply(
            &here,
            &json!({
                "apiVersion": "v1", "kind": "Service",
                "metadata": { "name": "opened", "namespace": "default" },
                "spec": { "type": "NodePort", "clusterIP": "10.0.0.9", "selector": { "app": "x" }, "ports": [{ "port": 80, "nodePort": 30080 }] },
            }),
        );
        until(&world, routes, 1);
    });
}

#[test]
fn a_quiet_watch_goes_on_by_bookmarks() {
    let Some(world) = followed() else { return };
    let here = cluster(&world);
    world.following(|| {
        until_watched(&world.cloud, 1);
        let begun = watched(&world.cloud);
        // The run that its beginning leads to is over by then.
        std::thread::sleep(Duration::from_secs(8));
        world.cloud.forget_calls();
        // Something else moves the cluster on, of which a watch of pods knows by bookmarks alone.
        world.cloud.apply(
            &here,
            &json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "another" } }),
        );
        world.cloud.order_watches(&here, "/_bookmark");
        std::thread::sleep(Duration::from_secs(1));
        world.cloud.order_watches(&here, "/_hangup");
        until_watched(&world.cloud, 1);
        assert_ne!(watched(&world.cloud), begun, "it goes on from where the bookmark was");
        let listed = world.cloud.count(&[("verb", "list"), ("resource", "pods")]);
        assert_eq!(listed, 0, "nothing was missed");
        world.cloud.apply(&here, &pod("later"));
        until(&world, &present("later"), 1);
    });
}

#[test]
fn what_was_missed_is_asked_as_a_whole() {
    let Some(world) = followed() else { return };
    let here = cluster(&world);
    world.following(|| {
        until_watched(&world.cloud, 1);
        world.cloud.apply(&here, &pod("first"));
        until(&world, &present("first"), 1);
        // The watch breaks, and what happens before it is begun again is forgotten by the server.
        let broken = world.cloud.fault(&json!({ "kind": "error", "verb": "watch", "status": 503 }));
        world.cloud.order_watches(&here, "/_hangup");
        until_watched(&world.cloud, 0);
        world.cloud.delete(&here, ("v1", "Pod"), "default", "first");
        world.cloud.apply(&here, &pod("second"));
        world.cloud.order_watches(&here, "/_compact");
        assert!(world.cloud.hits(broken) < 1_000, "it is not asked without rest");
        world.cloud.heal();
        until(&world, &present("second"), 1);
        until(&world, &present("first"), 0);
    });
    assert_eq!(world.number(JOURNAL), 0, "what passes is not worth a line");
}

#[test]
fn a_server_that_denies_it_is_known_by_lists_and_said_once() {
    let Some(world) = followed() else { return };
    let here = cluster(&world);
    world.cloud.fault(&json!({ "kind": "deny", "verb": "watch", "resource": "pods" }));
    world.cloud.fault(&json!({ "kind": "error", "verb": "watch", "resource": "services", "status": 404, "code": "NotFound" }));
    world.following(|| {
        until(&world, JOURNAL, 2);
        world.cloud.apply(&here, &pod("unheard"));
        std::thread::sleep(Duration::from_secs(8));
        assert_eq!(world.number(&present("unheard")), 0);
    });
    assert_eq!(world.number(JOURNAL), 2, "each once");
    for words in ["%may `watch` `pods`%", "%/ routes is known by its lists alone%"] {
        let sql =
            format!("SELECT COUNT(*) FROM journal WHERE event = 'not-followed' AND message LIKE '{words}'");
        assert_eq!(world.number(&sql), 1, "{words}");
    }
    let (finished, journal) = world.sync();
    assert!(open(&journal).is_empty(), "{}", finished.message);
    assert_eq!(world.number(&present("unheard")), 1);
}

#[test]
fn whoever_does_not_want_it_is_not_listened_to() {
    let Some(world) = World::new(&json!("tiny"), &[("contexts", &["*"]), ("follow", &["false"])]) else {
        return;
    };
    world.following(|| std::thread::sleep(Duration::from_secs(3)));
    assert_eq!(world.cloud.count(&[("verb", "watch")]), 0);
}

#[test]
fn permission_to_watch_is_tried_where_it_is_wanted() {
    let Some((cloud, estate)) = Kubernetes::seeded(&json!("tiny")) else { return };
    cloud.fault(&json!({ "kind": "deny", "verb": "watch", "resource": "pods" }));
    let tried = |follow: &str| {
        let settings: &[(&str, &[&str])] = &[("contexts", &["*"]), ("follow", &[follow])];
        let trials = tests::asked::Source::with(&cloud, &estate, settings).check();
        let watched = trials.into_iter().filter(|trial| trial.action.ends_with(": watch"));
        watched.map(|trial| (trial.action, trial.refusal.is_some())).collect::<Vec<_>>()
    };
    let mut actions = tried("true");
    actions.sort();
    let granted = |action: &str| (action.to_owned(), false);
    assert_eq!(
        actions,
        [
            granted("ingresses.networking.k8s.io: watch"),
            granted("networkpolicies.networking.k8s.io: watch"),
            ("pods: watch".to_owned(), true),
            granted("services: watch"),
        ]
    );
    assert!(tried("false").is_empty());
}
