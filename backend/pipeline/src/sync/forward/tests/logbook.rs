//! Logbooks: what is remembered, for how long, and by one process at a time.

use std::io::Write;

use chrono::{DateTime, TimeDelta, Utc};
use domain::source::RunState;

use super::super::{Destination, Logbook};
use super::{handed, scope};

fn now() -> DateTime<Utc> {
    "2026-11-25T10:00:00Z".parse().unwrap()
}

fn open(folder: &std::path::Path, to: &str, anew: bool, at: DateTime<Utc>) -> Result<Logbook, String> {
    let to = Destination::new(to, "t", false).unwrap();
    Logbook::open(folder, "prod", &to, anew, at).map_err(|error| error.to_string())
}

const TO: &str = "https://p.example";

#[test]
fn an_interrupted_run_is_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let below = folder.path().join("made/on/demand");
    let mut first = open(&below, TO, false, now()).unwrap();
    first.note(&handed("ecr", RunState::Complete, "")).unwrap();
    first.note(&handed("ecs", RunState::Partial, "Denied.")).unwrap();
    let run = first.run();
    drop(first);
    let second = open(&below, TO, false, now() + TimeDelta::hours(5)).unwrap();
    assert_eq!((second.run(), second.noted()), (run, 2));
    assert!(second.handed(&scope("ecr")).unwrap().earlier);
    assert_eq!(second.handed(&scope("ecs")).unwrap().reason, "Denied.");
    assert_eq!(second.handed(&scope("eks")), None);
}

#[test]
fn a_line_that_a_kill_cut_off_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = open(folder.path(), TO, false, now()).unwrap();
    first.note(&handed("ecr", RunState::Complete, "")).unwrap();
    first.file.write_all(b"{\"scope\":{\"acc").unwrap();
    let run = first.run();
    drop(first);
    let mut second = open(folder.path(), TO, false, now()).unwrap();
    assert_eq!((second.run(), second.noted()), (run, 1));
    second.note(&handed("ecs", RunState::Complete, "")).unwrap();
    drop(second);
    assert_eq!(open(folder.path(), TO, false, now()).unwrap().noted(), 2);
}

#[test]
fn what_is_old_over_or_unwanted_begins_anew() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = open(folder.path(), TO, false, now()).unwrap();
    first.note(&handed("ecr", RunState::Complete, "")).unwrap();
    let run = first.run();
    drop(first);
    let other = open(folder.path(), "https://q.example", false, now()).unwrap();
    assert_ne!(other.run(), run, "another destination has a run of its own");
    let old = open(folder.path(), TO, false, now() + TimeDelta::hours(7)).unwrap();
    assert_ne!(old.run(), run);
    assert_eq!(old.noted(), 0);
    let run = old.run();
    drop(old);
    let unwanted = open(folder.path(), TO, true, now()).unwrap();
    assert_ne!(unwanted.run(), run);
    let run = unwanted.run();
    drop(unwanted);
    let mut over = open(folder.path(), TO, false, now()).unwrap();
    assert_eq!(over.run(), run);
    over.close();
    drop(over);
    assert_ne!(open(folder.path(), TO, false, now()).unwrap().run(), run);
}

#[test]
fn one_process_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let _first = open(folder.path(), TO, false, now()).unwrap();
    let told = open(folder.path(), TO, false, now()).unwrap_err();
    assert!(told.contains("by another process"), "{told}");
}

#[test]
fn a_directory_that_cannot_be_used_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    std::fs::write(&file, "").unwrap();
    let told = open(&file.join("below"), TO, false, now()).unwrap_err();
    assert!(told.contains("a-file") && told.contains("--state"), "{told}");
}
