//! A whole organisation into the database, and once more; and nothing that is retired wrongly by faults. Refuses to
//! know how a fault is worded: `faults` does.

use std::time::Duration;

use domain::source::RunState;
use serde_json::json;

use crate::asked::{HERE, SHOP, scope};
use crate::synced::{World, open, told};

/// Tables in which an unchanged sync may write nothing.
const UNCHANGED: [&str; 10] = [
    "images",
    "image_tags",
    "image_digests",
    "image_metadata",
    "image_locations",
    "repositories",
    "clusters",
    "coverage",
    "source_objects",
    "findings",
];

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
    let written = UNCHANGED.map(|table| world.written(table));
    let (finished, journal) = world.sync();
    assert_eq!((finished.state, open(&journal).len()), (RunState::Complete, 0), "{}", finished.message);
    let counts = finished.progress.counts;
    assert_eq!((counts.added, counts.changed, counts.retired), (0, 0, 0), "{}", finished.message);
    assert_eq!(world.present(), before);
    for (table, before) in UNCHANGED.iter().zip(written) {
        assert_eq!(world.written(table), before, "{table}");
    }
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

#[test]
fn nothing_is_retired_by_what_could_not_be_seen() {
    let Some(world) = World::new(&json!("small"), &[("leave_out", &["artifact-analysis"])]) else { return };
    let before = world.present();
    for fault in [
        json!({"kind": "deny", "project": "plimsoll-lab"}),
        json!({"kind": "disabled", "project": "plimsoll-lab", "service": "run"}),
        json!({"kind": "garbage", "status": 200, "method": "ListDockerImages"}),
        json!({"kind": "garbage", "status": 200, "method": "ListServices"}),
        json!({"kind": "error", "code": "INTERNAL", "method": "ListClusters"}),
        json!({"kind": "leave", "project": "plimsoll-lab"}),
    ] {
        let _ = world.gcp.fault(&fault);
        let (finished, _) = world.sync();
        world.gcp.heal();
        assert_eq!((finished.progress.counts.retired, world.present()), (0, before.clone()), "{fault}");
        match fault["kind"].as_str() {
            // One that is not there any more is not asked, and what it had is kept, unobserved.
            Some("leave") => assert_eq!(finished.state, RunState::Complete, "{}", finished.message),
            // It may pass, so that it is asked again.
            Some("error") => assert_eq!(finished.state, RunState::Waiting, "{}", finished.message),
            _ => assert_eq!(finished.state, RunState::Partial, "{fault}: {}", finished.message),
        }
        let (finished, _) = world.sync();
        assert_eq!((finished.state, world.present()), (RunState::Complete, before.clone()), "{fault}");
    }
}

#[test]
fn a_denied_project_among_many_is_told_and_the_others_are_seen() {
    let Some(world) = World::new(&json!("small"), &[("leave_out", &["artifact-analysis"])]) else { return };
    let _ = world.gcp.fault(
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
    let Some(world) =
        World::new(&json!("small"), &[("leave_out", &["artifact-analysis"]), ("projects", &[SHOP])])
    else {
        return;
    };
    let before = world.present();
    let _ = world.gcp.fault(&json!({"kind": "timeout", "seconds": 60, "method": "ListJobs"}));
    let (finished, journal) = world.sync_within(Duration::from_secs(2));
    world.gcp.heal();
    assert_eq!(finished.state, RunState::Partial, "{}", finished.message);
    assert!(!open(&journal).is_empty());
    assert_eq!(world.present(), before);
}

#[test]
fn what_is_deleted_is_retired_by_a_complete_scope() {
    let Some(world) =
        World::new(&json!("small"), &[("leave_out", &["artifact-analysis"]), ("projects", &[SHOP])])
    else {
        return;
    };
    let before = world.present();
    let name = format!("projects/{SHOP}/locations/{HERE}/services/web");
    let _ = world.gcp.fault(&json!({"kind": "vanish", "name": name}));
    // What is much of a scope is missed twice before it is believed.
    for _ in 0..2 {
        let (finished, _) = world.sync();
        assert_eq!(finished.state, RunState::Complete, "{}", finished.message);
    }
    let after = world.present();
    assert_eq!((after["workloads"], after["routes"]), (before["workloads"] - 1, before["routes"] - 1));
    assert_eq!(after["images"], before["images"]);
}
