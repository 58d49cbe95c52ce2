//! A whole organisation into the database, and once more; and nothing that is retired wrongly by faults. Refuses to
//! know how a fault is worded: `faults` does.

use std::time::Duration;

use domain::source::{RunState, Scope};
use serde_json::json;
use store::sources::RunDetail;
use tests::asked::scope;
use tests::cloud::Settings;
use tests::gcp::Gcp;
use tests::synced::{LONG, open, says, told};

use crate::asked::{HERE, SHOP};

/// The project of which many faults are.
const LAB: &str = "plimsoll-lab";

/// A Google Cloud, a database and a source that was synced whole once.
type World = tests::synced::World<Gcp>;

#[test]
fn an_organisation_is_known_whole_and_a_second_sync_writes_nothing() {
    let Some(world) = World::new(&json!("small"), &[]) else { return };
    let before = world.present();
    for (noun, least) in
        [("images", 500), ("repositories", 150), ("workloads", 50), ("routes", 30), ("clusters", 12)]
    {
        assert!(before[noun] >= least, "{noun}: {before:?}");
    }
    assert_eq!(world.number("SELECT COUNT(*) - COUNT(DISTINCT digest) FROM images"), 0);
    what_google_found_is_there(&world);
    world.unchanged();
}

/// 120 findings in each project; of each seven images one is of no known system and one could not be read.
fn what_google_found_is_there(world: &World) {
    let found = "SELECT COUNT(*) FROM attributions WHERE tool = 'gcp-artifact-analysis'";
    assert_eq!(world.number(found), 3 * 120);
    for (word, least) in [("FINISHED_UNSUPPORTED", 3), ("FINISHED_FAILED", 3)] {
        let gaps = format!("SELECT COUNT(*) FROM coverage WHERE NOT watched AND reason LIKE '{word}: %'");
        assert!(world.number(&gaps) >= least, "{word}");
    }
    let watched = "SELECT COUNT(*) FROM coverage WHERE watched AND reason = 'FINISHED_SUCCESS'";
    assert!(world.number(watched) > 50);
    let public = "SELECT COUNT(*) FROM repositories WHERE public AND registry LIKE '%-docker.pkg.dev'";
    assert!(world.number(public) > 0);
    let former = "SELECT COUNT(DISTINCT image_id) FROM image_tags WHERE registry = 'gcr.io' AND repository LIKE '%/legacy'";
    assert_eq!(world.number(former), 1, "one image under its former name");
}

/// Everything but the scanner's word, which costs many calls.
const INVENTORY: Settings<'_> = &[("leave_out", &["artifact-analysis", "artifact-registry-attached"])];

#[test]
fn nothing_is_retired_by_what_could_not_be_seen() {
    let Some(world) = World::new(&json!("small"), INVENTORY) else { return };
    for (fault, state, words) in [
        (json!({"kind": "deny", "project": LAB}), RunState::Partial, "was denied in plimsoll-lab"),
        (
            json!({"kind": "disabled", "project": LAB, "service": "run"}),
            RunState::Partial,
            "is not enabled in project plimsoll-lab",
        ),
        (
            json!({"kind": "garbage", "status": 200, "method": "ListDockerImages"}),
            RunState::Partial,
            "with a web page",
        ),
        (
            json!({"kind": "garbage", "status": 200, "method": "ListServices"}),
            RunState::Partial,
            "with a web page",
        ),
        (
            json!({"kind": "repeat_token", "method": "ListRepositories"}),
            RunState::Partial,
            "repeated a page token",
        ),
        (
            json!({"kind": "repeat_token", "method": "ListDockerImages"}),
            RunState::Partial,
            "repeated a page token",
        ),
        (
            json!({"kind": "repeat_token", "method": "ListServices"}),
            RunState::Partial,
            "repeated a page token",
        ),
        // These may pass, so that it is asked again.
        (
            json!({"kind": "error", "code": "INTERNAL", "method": "ListClusters"}),
            RunState::Waiting,
            "failed in",
        ),
        (
            json!({"kind": "error", "code": "UNAVAILABLE", "method": "ListRepositories"}),
            RunState::Waiting,
            "failed in",
        ),
    ] {
        let journal = world.keeps(&fault, LONG);
        assert_eq!(journal.run.state, state, "{fault}: {}", journal.run.message);
        says_anywhere(&journal, words);
    }
    // One that is not there any more is not asked, and what it had is kept, unobserved.
    let journal = world.keeps(&json!({"kind": "leave", "project": LAB}), LONG);
    assert_eq!(journal.run.state, RunState::Complete, "{}", journal.run.message);
    assert!(journal.scopes.iter().all(|row| row.scope.account != LAB));
}

/// What keeps a scope from the plan is told of the whole run.
#[track_caller]
fn says_anywhere(journal: &RunDetail, words: &str) {
    if !journal.run.message.contains(words) {
        says(journal, words);
    }
}

#[test]
fn what_passes_loses_nothing() {
    let Some(world) = World::new(&json!("small"), INVENTORY) else { return };
    world.cloud.set(&json!({"anonymous": false}));
    for fault in [
        json!({"kind": "throttle", "method": "ListDockerImages", "every": 3, "first": 20}),
        json!({"kind": "throttle", "service": "run", "every": 4, "first": 20}),
        json!({"kind": "error", "code": "UNAVAILABLE", "method": "ListClusters", "first": 2}),
        json!({"kind": "garbage", "status": 502, "method": "ListRepositories", "first": 1}),
        json!({"kind": "reset", "method": "ListDockerImages", "first": 3}),
        json!({"kind": "expire", "method": "ListDockerImages", "after": 2, "first": 1}),
    ] {
        let journal = world.keeps(&fault, LONG);
        assert_eq!(open(&journal), [] as [Scope; 0], "{fault}: {}", journal.run.message);
    }
}

#[test]
fn what_google_asks_to_wait_is_waited_and_told() {
    let settings: Settings<'_> = &[INVENTORY[0], ("projects", &[SHOP])];
    let Some(world) = World::new(&json!("small"), settings) else { return };
    let fault = json!({"kind": "throttle", "method": "ListClusters", "retry_after": 2, "first": 1});
    let counts = world.keeps(&fault, LONG).run.counts;
    assert!(counts.throttled > 0 && counts.waited_milliseconds >= 2000, "{counts:?}");
    let fault = json!({"kind": "throttle", "method": "ListClusters"});
    let journal = world.keeps(&fault, Duration::from_secs(5));
    assert_eq!((open(&journal), journal.run.state), (vec![scope(SHOP, "", "gke")], RunState::Waiting));
    says(&journal, "was throttled in");
}

#[test]
fn a_clock_that_differs_is_told_and_loses_nothing() {
    let settings: Settings<'_> = &[INVENTORY[0], ("projects", &[SHOP])];
    let Some(world) = World::new(&json!("small"), settings) else { return };
    let before = world.present();
    world.cloud.set(&json!({"anonymous": false}));
    for (skew, hint) in [(7200, "ACCESS_TOKEN_EXPIRED"), (-7200, "ACCESS_TOKEN_EXPIRED")] {
        world.cloud.set(&json!({ "skew_seconds": skew }));
        let (finished, _) = world.sync();
        assert_eq!(finished.state, RunState::Failed, "{}", finished.message);
        assert!(finished.message.contains(hint), "{}", finished.message);
        assert!(finished.message.contains("check this machine's clock"), "{}", finished.message);
        assert_eq!(world.present(), before);
    }
    world.cloud.set(&json!({ "skew_seconds": 60 }));
    let (finished, _) = world.sync();
    assert_eq!((finished.state, world.present()), (RunState::Complete, before), "{}", finished.message);
    world.not_doubled();
}

#[test]
fn a_region_that_cannot_be_reached_closes_nothing() {
    let settings: Settings<'_> =
        &[("leave_out", &["artifact-registry-attached", "cloud-run", "gke"]), ("projects", &[SHOP])];
    let Some(world) = World::new(&json!("small"), settings) else { return };
    let journal = world.keeps(&json!({"kind": "unreachable", "places": [HERE]}), LONG);
    assert_eq!(open(&journal), [scope(SHOP, "", "artifact-analysis")]);
    says(&journal, "could not reach europe-west1");
}

#[test]
fn a_denied_project_among_many_is_told_and_the_others_are_seen() {
    let Some(world) = World::new(&json!("small"), INVENTORY) else { return };
    let _ = world.cloud.fault(
        &json!({"kind": "deny", "project": "plimsoll-lab", "service": "run", "method": "ListServices"}),
    );
    let (finished, journal) = world.sync();
    assert_eq!(finished.state, RunState::Partial);
    let (state, reason) = told(&journal, &scope("plimsoll-lab", HERE, "cloud-run"));
    assert_eq!(state, RunState::Partial);
    assert!(
        reason.contains("`run.services.list` was denied in plimsoll-lab / europe-west1 / cloud-run"),
        "{reason}"
    );
    assert_eq!(told(&journal, &scope(SHOP, HERE, "cloud-run")).0, RunState::Complete);
    assert!(open(&journal).iter().all(|scope| scope.account == "plimsoll-lab"));
}

#[test]
fn a_hanging_service_leaves_what_was_known() {
    let Some(world) = World::new(&json!("small"), &[INVENTORY[0], ("projects", &[SHOP])]) else {
        return;
    };
    let before = world.present();
    let _ = world.cloud.fault(&json!({"kind": "timeout", "seconds": 60, "method": "ListJobs"}));
    let (finished, journal) = world.sync_within(Duration::from_secs(2));
    world.cloud.heal();
    assert_eq!(finished.state, RunState::Partial, "{}", finished.message);
    assert!(!open(&journal).is_empty());
    assert_eq!(world.present(), before);
}

#[test]
fn what_is_deleted_is_retired_by_a_complete_scope() {
    let Some(world) = World::new(&json!("small"), &[INVENTORY[0], ("projects", &[SHOP])]) else {
        return;
    };
    let before = world.present();
    let name = format!("projects/{SHOP}/locations/{HERE}/services/web");
    let _ = world.cloud.fault(&json!({"kind": "vanish", "name": name}));
    // What is much of a scope is missed twice before it is believed.
    for _ in 0..2 {
        let (finished, _) = world.sync();
        assert_eq!(finished.state, RunState::Complete, "{}", finished.message);
    }
    let after = world.present();
    assert_eq!((after["workloads"], after["routes"]), (before["workloads"] - 1, before["routes"] - 1));
    assert_eq!(after["images"], before["images"]);
}
