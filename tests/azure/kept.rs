//! What a fault leaves as it was: nothing is retired wrongly, the journal says where and why, and the next whole run
//! finds everything again.

use std::time::Duration;

use domain::source::{RunState, Scope};
use serde_json::{Value, json};
use tests::asked::scope;
use tests::synced::{LONG, open, says};

use crate::synced::{World, synced};

/// Three subscriptions, two locations, a few repositories in each, and what runs.
fn world() -> Option<World> {
    synced(&json!({ "plan": "small", "repositories": 12, "findings": 24 }))
}

/// Faults of one subscription, the products that are not seen whole, and what the journal says of it.
fn faults(here: &str) -> Vec<(Value, &'static str, &'static str)> {
    let denied = |operation: &str| json!({ "kind": "deny", "operation": operation, "subscription": here });
    vec![
        // Without the hosts of registries Defender's word on clean images leads nowhere.
        (
            denied("registries.list"),
            "acr defender",
            "`Microsoft.ContainerRegistry/registries/read` was denied in",
        ),
        (
            json!({ "kind": "deny", "operation": "catalog", "registry": "plimsoll2weu" }),
            "acr",
            "was denied in",
        ),
        (
            json!({ "kind": "error", "operation": "manifests.list", "registry": "plimsoll2eus", "status": 500 }),
            "acr",
            "failed in",
        ),
        (
            json!({ "kind": "repeat_token", "operation": "manifests.list", "registry": "plimsoll2weu" }),
            "acr",
            "repeated a page token after",
        ),
        (
            denied("containerGroups.list"),
            "aci",
            "`Microsoft.ContainerInstance/containerGroups/read` was denied in",
        ),
        (
            json!({ "kind": "repeat_token", "operation": "containerGroups.list", "subscription": here }),
            "aci",
            "repeated a page token after",
        ),
        (denied("revisions.list"), "container-apps", "was denied in"),
        (
            json!({ "kind": "error", "operation": "containerApps.list", "subscription": here, "status": 503 }),
            "container-apps",
            "failed in",
        ),
        (
            json!({ "kind": "garbage", "operation": "managedClusters.list", "subscription": here }),
            "aks",
            "with a web page",
        ),
        (
            json!({ "kind": "garbage", "operation": "sites.list", "subscription": here, "status": 502 }),
            "web-apps",
            "with a web page",
        ),
        (
            json!({ "kind": "repeat_token", "operation": "resources" }),
            "defender",
            "repeated a page token after",
        ),
    ]
}

#[test]
fn nothing_is_retired_by_what_was_not_seen() {
    let Some(world) = world() else { return };
    let here = world.estate.subscriptions[1].clone();
    for (fault, service, words) in faults(&here) {
        let journal = world.keeps(&fault, LONG);
        // What Resource Graph is asked, it is asked for each subscription, and does not say for which.
        let meant: Vec<Scope> = service.split_whitespace().map(|service| scope(&here, "", service)).collect();
        let expected =
            |scope: &Scope| meant.contains(scope) || service == "defender" && scope.service == service;
        let open = open(&journal);
        assert!(
            meant.iter().all(|scope| open.contains(scope)) && open.iter().all(expected),
            "{fault}: {open:?}"
        );
        says(&journal, words);
    }
    let unread = json!({ "kind": "deny", "operation": "siteConfig.get", "subscription": here, "code": "AuthorizationFailed", "after": 99 });
    assert_eq!(open(&world.keeps(&unread, LONG)), [] as [Scope; 0]);
}

#[test]
fn what_passes_loses_nothing() {
    let Some(world) = world() else { return };
    for fault in [
        json!({ "kind": "throttle", "service": "registry", "every": 5, "first": 30 }),
        json!({ "kind": "throttle", "service": "arm", "every": 3, "first": 10 }),
        json!({ "kind": "reset", "operation": "manifests.list", "first": 3 }),
        json!({ "kind": "error", "operation": "managedClusters.list", "status": 503, "first": 2 }),
        json!({ "kind": "garbage", "operation": "catalog", "status": 502, "first": 1 }),
        json!({ "kind": "expire", "every": 20, "first": 1 }),
    ] {
        let journal = world.keeps(&fault, LONG);
        assert_eq!(open(&journal), [] as [Scope; 0], "{fault}: {}", journal.run.message);
    }
}

#[test]
fn what_azure_asks_to_wait_is_waited_and_told() {
    let Some(world) = world() else { return };
    let fault =
        json!({ "kind": "throttle", "operation": "managedClusters.list", "retry_after": 2, "first": 1 });
    let counts = world.keeps(&fault, LONG).run.counts;
    assert!(counts.throttled > 0 && counts.waited_milliseconds >= 2000, "{counts:?}");
    let here = world.estate.subscriptions[0].clone();
    let fault = json!({ "kind": "throttle", "operation": "managedClusters.list", "subscription": here });
    let journal = world.keeps(&fault, Duration::from_secs(5));
    assert_eq!((open(&journal), journal.run.state), (vec![scope(&here, "", "aks")], RunState::Waiting));
    says(&journal, "was throttled in");
}

#[test]
fn tokens_that_end_and_clocks_that_differ_lose_nothing() {
    let Some(world) = world() else { return };
    let before = world.present();
    for settings in [
        json!({ "access_seconds": 2, "registry_seconds": 1, "refresh_seconds": 2 }),
        json!({ "access_seconds": 3599, "registry_seconds": 4500, "refresh_seconds": 10800, "skew_seconds": 7200 }),
        json!({ "skew_seconds": -7200 }),
        json!({ "skew_seconds": 0 }),
    ] {
        world.cloud.set(&settings);
        let (finished, journal) = world.sync();
        assert_eq!((finished.state, open(&journal).len()), (RunState::Complete, 0), "{settings}");
        assert_eq!((finished.progress.counts.retired, world.present()), (0, before.clone()), "{settings}");
        world.not_doubled();
    }
}

#[test]
fn what_hangs_is_given_up_alone() {
    let Some(world) = world() else { return };
    let here = world.estate.subscriptions[2].clone();
    let fault =
        json!({ "kind": "timeout", "operation": "containerApps.list", "subscription": here, "seconds": 600 });
    let journal = world.keeps(&fault, Duration::from_secs(5));
    assert_eq!(open(&journal), [scope(&here, "", "container-apps")]);
    let row = journal.scopes.iter().find(|row| row.scope == scope(&here, "", "container-apps")).unwrap();
    assert!(row.reason.ends_with("did not answer within 5 s."), "{}", row.reason);
}

#[test]
fn a_subscription_that_leaves_keeps_its_objects() {
    let Some(world) = world() else { return };
    let gone = world.estate.subscriptions[2].clone();
    let journal = world.keeps(&json!({ "kind": "leave", "subscription": gone }), LONG);
    assert!(journal.scopes.iter().all(|row| row.scope.account != gone), "{}", journal.run.message);
    assert_eq!(journal.run.state, RunState::Complete);
}

#[test]
fn what_is_deleted_is_retired_and_found_again() {
    let Some(world) = world() else { return };
    let before = world.present();
    world.cloud.fault(&json!({ "kind": "vanish", "resource": "aci-web-weu" }));
    for _ in 0..2 {
        let (finished, journal) = world.sync();
        assert_eq!((finished.state, open(&journal).len()), (RunState::Complete, 0), "{}", finished.message);
    }
    world.cloud.heal();
    assert_eq!(world.present()["workloads"], before["workloads"] - 3, "one in each subscription");
    let (finished, _) = world.sync();
    assert_eq!((finished.state, world.present()), (RunState::Complete, before), "{}", finished.message);
}
