//! What a fault leaves as it was: nothing is retired wrongly, the journal says where and why, and the next whole run
//! finds everything again.

use std::time::Duration;

use domain::source::{RunState, Scope};
use serde_json::{Value, json};
use store::sources::RunDetail;

use crate::asked::scope;
use crate::synced::{World, open};

/// Three subscriptions, two locations, a few repositories in each, and what runs.
fn world() -> Option<World> {
    World::new(&json!({ "plan": "small", "repositories": 12, "findings": 24 }))
}

/// Orders a fault and syncs; what was there still is, and so it is after the fault. The journal of the run with the
/// fault is for the caller.
#[track_caller]
fn keeps(world: &World, fault: &Value, within: Duration) -> RunDetail {
    let before = world.present();
    world.azure.fault(fault);
    let (finished, journal) = world.sync_within(within);
    assert_eq!(finished.progress.counts.retired, 0, "{fault}: {}", finished.message);
    // What is missed much at once is believed when it is missed again.
    let (again, _) = world.sync_within(within);
    world.azure.heal();
    assert_eq!(again.progress.counts.retired, 0, "{fault}: {}", again.message);
    assert_eq!(world.present(), before, "{fault}: {}", again.message);
    let (healed, _) = world.sync();
    assert_eq!(healed.state, RunState::Complete, "{fault}: {}", healed.message);
    assert_eq!(world.present(), before, "{fault}");
    journal
}

const LONG: Duration = Duration::from_secs(60);

#[test]
fn nothing_is_retired_by_what_was_not_seen() {
    let Some(world) = world() else { return };
    let here = world.estate.subscriptions[1].clone();
    for (fault, service) in [
        (json!({ "kind": "deny", "operation": "registries.list", "subscription": here }), "acr"),
        (json!({ "kind": "deny", "operation": "catalog", "registry": "plimsoll2weu" }), "acr"),
        (
            json!({ "kind": "error", "operation": "manifests.list", "registry": "plimsoll2eus", "status": 500 }),
            "acr",
        ),
        (json!({ "kind": "deny", "operation": "containerGroups.list", "subscription": here }), "aci"),
        (json!({ "kind": "deny", "operation": "revisions.list", "subscription": here }), "container-apps"),
        (
            json!({ "kind": "deny", "operation": "siteConfig.get", "subscription": here, "code": "AuthorizationFailed", "after": 99 }),
            "",
        ),
        (json!({ "kind": "garbage", "operation": "managedClusters.list", "subscription": here }), "aks"),
        (
            json!({ "kind": "garbage", "operation": "sites.list", "subscription": here, "status": 502 }),
            "web-apps",
        ),
    ] {
        let journal = keeps(&world, &fault, LONG);
        let expected: Vec<Scope> = if service.is_empty() { Vec::new() } else { vec![scope(&here, service)] };
        assert_eq!(open(&journal), expected, "{fault}");
    }
}

#[test]
fn what_passes_loses_nothing() {
    let Some(world) = world() else { return };
    for fault in [
        json!({ "kind": "throttle", "service": "registry", "every": 5, "first": 30 }),
        json!({ "kind": "throttle", "service": "arm", "every": 3, "first": 10 }),
        json!({ "kind": "reset", "operation": "manifests.list", "first": 3 }),
        json!({ "kind": "expire", "every": 20 }),
    ] {
        let journal = keeps(&world, &fault, LONG);
        assert_eq!(open(&journal), [] as [Scope; 0], "{fault}: {}", journal.run.message);
    }
}

#[test]
fn what_hangs_is_given_up_alone() {
    let Some(world) = world() else { return };
    let here = world.estate.subscriptions[2].clone();
    let fault =
        json!({ "kind": "timeout", "operation": "containerApps.list", "subscription": here, "seconds": 600 });
    let journal = keeps(&world, &fault, Duration::from_secs(5));
    assert_eq!(open(&journal), [scope(&here, "container-apps")]);
    let row = journal.scopes.iter().find(|row| row.scope == scope(&here, "container-apps")).unwrap();
    assert!(row.reason.ends_with("did not answer within 5 s."), "{}", row.reason);
}

#[test]
fn a_subscription_that_leaves_keeps_its_objects() {
    let Some(world) = world() else { return };
    let gone = world.estate.subscriptions[2].clone();
    let journal = keeps(&world, &json!({ "kind": "leave", "subscription": gone }), LONG);
    assert!(journal.scopes.iter().all(|row| row.scope.account != gone), "{}", journal.run.message);
    assert_eq!(journal.run.state, RunState::Complete);
}

#[test]
fn what_is_deleted_is_retired_and_found_again() {
    let Some(world) = world() else { return };
    let before = world.present();
    world.azure.fault(&json!({ "kind": "vanish", "resource": "aci-web-weu" }));
    for _ in 0..2 {
        let (finished, journal) = world.sync();
        assert_eq!((finished.state, open(&journal).len()), (RunState::Complete, 0), "{}", finished.message);
    }
    world.azure.heal();
    assert_eq!(world.present()["workloads"], before["workloads"] - 3, "one in each subscription");
    let (finished, _) = world.sync();
    assert_eq!((finished.state, world.present()), (RunState::Complete, before), "{}", finished.message);
}
