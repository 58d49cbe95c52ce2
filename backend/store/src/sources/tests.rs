//! Sources, their runs and what they saw, on each database.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use domain::id::{Id, RunId, SourceId};
use domain::scope::Viewer;
use domain::source::{Noun, RunCounts, RunKind, RunState, Scope, Values};

use super::*;
use crate::save::sources::{self as save, Beat, Claim, Definition, Ended, Progress, Secrets, Seen};
use crate::test_support::on_each_database;
use crate::{Error, Store};

fn now() -> DateTime<Utc> {
    "2026-11-25T10:00:00Z".parse().unwrap()
}

fn definition(name: &str) -> Definition {
    Definition {
        name: name.to_owned(),
        kind: "fake".to_owned(),
        values: Values::from([("accounts".to_owned(), vec!["1".to_owned(), "2".to_owned()])]),
        schedule: "every 6h".to_owned(),
        enabled: true,
    }
}

fn scope(region: &str) -> Scope {
    Scope { account: "1".to_owned(), region: region.to_owned(), service: "ecr".to_owned() }
}

async fn made(store: &Store, name: &str) -> SourceId {
    let tx = store.begin().await.unwrap();
    let id = save::create(&tx, &definition(name), None, now()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn requested(store: &Store, source: SourceId, kind: RunKind, tick: Option<&str>) -> RunId {
    let tx = store.begin().await.unwrap();
    let id = save::request(&tx, source, kind, tick, now()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// Claims the run that has waited longest.
async fn claimed(store: &Store, worker: &str, at: DateTime<Utc>) -> Option<Run> {
    let lease = TimeDelta::seconds(60);
    let offer = save::startable(store, lease, at).await.unwrap().into_iter().next()?;
    let claim = Claim { worker, from_file: &[], run: offer.job.run, attempt: Some(offer.job.attempt), lease };
    save::claim(store, &claim, at).await.unwrap()
}

async fn summary(store: &Store) -> Summary {
    list(store, &Viewer::everything()).await.unwrap().remove(0)
}

#[tokio::test]
async fn a_source_is_made_changed_and_removed() {
    on_each_database(async |store| {
        let secrets = Secrets { sealed: vec![1, 2, 3], fields: vec!["key".to_owned()] };
        let tx = store.begin().await.unwrap();
        let id = save::create(&tx, &definition("prod"), Some(&secrets), now()).await.unwrap();
        tx.commit().await.unwrap();
        let tx = store.begin().await.unwrap();
        assert!(matches!(
            save::create(&tx, &definition("prod"), None, now()).await,
            Err(Error::Duplicate(_))
        ));
        tx.rollback().await.unwrap();
        let (source, sealed) = save::load(&store, id).await.unwrap();
        assert_eq!((source.secret_fields, sealed), (vec!["key".to_owned()], Some(vec![1, 2, 3])));
        let tx = store.begin().await.unwrap();
        let changed = Definition { enabled: false, schedule: String::new(), ..definition("prod-2") };
        save::update(&tx, id, &changed, None, now()).await.unwrap();
        tx.commit().await.unwrap();
        let shown = detail(&store, &Viewer::everything(), "prod-2").await.unwrap().unwrap();
        assert_eq!(shown.summary.source.secret_fields, ["key"]);
        assert_eq!(summary(&store).await.health(), Health::Off);
        let tx = store.begin().await.unwrap();
        save::remove(&tx, id, now()).await.unwrap();
        tx.commit().await.unwrap();
        assert!(list(&store, &Viewer::everything()).await.unwrap().is_empty());
        assert_eq!(store.number("SELECT COUNT(*) FROM sources WHERE secrets IS NOT NULL").await.unwrap(), 0);
        made(&store, "prod-2").await;
    })
    .await;
}

#[tokio::test]
async fn a_settings_file_rules_its_own_sources_alone() {
    on_each_database(async |store| {
        made(&store, "by-page").await;
        let put = async |definitions: &[Definition]| {
            let tx = store.begin().await.unwrap();
            let put = save::put_from_file(&tx, definitions, now()).await;
            if put.is_ok() {
                tx.commit().await.unwrap();
            }
            put
        };
        put(&[definition("one"), definition("two")]).await.unwrap();
        let written = store.rows_written("sources");
        put(&[definition("one"), definition("two")]).await.unwrap();
        assert_eq!(store.rows_written("sources"), written);
        put(&[definition("two")]).await.unwrap();
        let shown: Vec<(String, &str, bool)> = list(&store, &Viewer::everything())
            .await
            .unwrap()
            .into_iter()
            .map(|row| (row.source.name, row.source.origin.as_str(), row.source.enabled))
            .collect();
        let expected = [("by-page", "page", true), ("one", "file", false), ("two", "file", true)];
        assert_eq!(shown, expected.map(|(name, origin, enabled)| (name.to_owned(), origin, enabled)));
        assert!(
            matches!(put(&[definition("by-page")]).await, Err(Error::NameTaken(name)) if name == "by-page")
        );
    })
    .await;
}

#[tokio::test]
async fn a_run_has_one_worker_and_a_source_one_run() {
    on_each_database(async |store| {
        let source = made(&store, "prod").await;
        let run = requested(&store, source, RunKind::Sync, Some("t1")).await;
        assert_eq!(requested(&store, source, RunKind::Sync, Some("t1")).await, run);
        assert_eq!(requested(&store, source, RunKind::Sync, None).await, run);
        assert_eq!(claimed(&store, "a", now()).await.unwrap().id, run);
        assert!(claimed(&store, "b", now()).await.is_none());
        assert_eq!(requested(&store, source, RunKind::Sync, Some("t1")).await, run);
        let next = requested(&store, source, RunKind::Sync, Some("t2")).await;
        assert!(claimed(&store, "b", now()).await.is_none());
        let check = requested(&store, source, RunKind::Check, None).await;
        assert_eq!(claimed(&store, "b", now()).await.unwrap().id, check);
        let progress = Progress::default();
        assert_eq!(save::beat(&store, run, "a", &progress, now()).await.unwrap(), Beat::GoOn);
        assert_eq!(save::beat(&store, run, "b", &progress, now()).await.unwrap(), Beat::Lost);
        // The first worker dies: after its lease another goes on with the same run.
        let later = now() + TimeDelta::seconds(61);
        let taken = claimed(&store, "c", later).await.unwrap();
        assert_eq!((taken.id, taken.attempts), (run, 2));
        assert_eq!(save::beat(&store, run, "a", &progress, later).await.unwrap(), Beat::Lost);
        let over = save::finish(&store, run, "a", RunState::Complete, "", &progress, later).await.unwrap();
        assert!(!over);
        assert!(save::finish(&store, run, "c", RunState::Complete, "", &progress, later).await.unwrap());
        let after = later + TimeDelta::seconds(61);
        let mut left =
            [claimed(&store, "d", after).await.unwrap().id, claimed(&store, "d", after).await.unwrap().id];
        left.sort();
        assert_eq!(left, [next.min(check), next.max(check)]);
    })
    .await;
}

#[tokio::test]
async fn a_run_is_cancelled_and_tried_again() {
    on_each_database(async |store| {
        let source = made(&store, "prod").await;
        let cancel = async |run: RunId| {
            let tx = store.begin().await.unwrap();
            save::cancel(&tx, run, now()).await.unwrap();
            tx.commit().await.unwrap();
        };
        let waiting = requested(&store, source, RunKind::Sync, None).await;
        cancel(waiting).await;
        assert!(claimed(&store, "a", now()).await.is_none());
        let run = requested(&store, source, RunKind::Sync, None).await;
        claimed(&store, "a", now()).await.unwrap();
        cancel(run).await;
        assert_eq!(save::beat(&store, run, "a", &Progress::default(), now()).await.unwrap(), Beat::Cancel);
        let counts = RunCounts { seen: 4, ..RunCounts::default() };
        let progress = Progress { scopes_total: 2, scopes_done: 1, counts };
        save::finish(&store, run, "a", RunState::Cancelled, "Cancelled.", &progress, now()).await.unwrap();
        let shown = super::run(&store, &Viewer::everything(), run).await.unwrap().unwrap();
        assert_eq!((shown.run.state, shown.run.counts.seen), (RunState::Cancelled, 4));
        let again = requested(&store, source, RunKind::Sync, None).await;
        claimed(&store, "a", now()).await.unwrap();
        let later = now() + TimeDelta::seconds(30);
        assert!(save::try_again(&store, again, "a", "Later.", later).await.unwrap());
        assert!(claimed(&store, "a", now()).await.is_none());
        assert_eq!(claimed(&store, "a", later).await.unwrap().id, again);
    })
    .await;
}

#[tokio::test]
async fn changes_lead_to_one_run_over_their_scopes_and_old_ones_go() {
    on_each_database(async |store| {
        let source = made(&store, "prod").await;
        let known = save::followable(&store).await.unwrap();
        assert_eq!(known, [(source, now())]);
        let follow = async |regions: &[&str]| {
            let scopes: Vec<Scope> = regions.iter().map(|region| scope(region)).collect();
            let tx = store.begin().await.unwrap();
            let run = save::request_follow(&tx, source, &scopes, now()).await.unwrap();
            tx.commit().await.unwrap();
            run
        };
        let over = async |run: RunId, region: &str, suspect_missing: u64| {
            assert_eq!(claimed(&store, "a", now()).await.unwrap().id, run);
            assert_eq!(save::followed(&store, run).await.unwrap(), None, "it is under way");
            let (scope, state, reason) = (scope(region), RunState::Complete, String::new());
            let counts = RunCounts::default();
            let ended = Ended { scope, state, reason, counts, objects: Some(3), suspect_missing };
            let (tx, later) = (store.begin().await.unwrap(), now() + TimeDelta::seconds(4));
            save::end_scope(&tx, source, run, &ended, later).await.unwrap();
            tx.commit().await.unwrap();
            let progress = Progress::default();
            save::finish(&store, run, "a", RunState::Complete, "", &progress, later).await.unwrap();
            save::followed(&store, run).await.unwrap().unwrap()
        };
        let first = follow(&["eu"]).await.unwrap();
        assert_eq!(follow(&["us"]).await, None, "one waits");
        assert_eq!(save::planned(&store, first).await.unwrap().len(), 1);
        let told = over(first, "eu", 2).await;
        assert_eq!((told.took, told.suspect), (TimeDelta::seconds(4), vec![scope("eu")]));
        let second = follow(&["us"]).await.unwrap();
        assert!(over(second, "us", 0).await.suspect.is_empty());
        let third = follow(&["us"]).await.unwrap();
        assert!(over(third, "us", 0).await.suspect.is_empty());
        let fourth = follow(&["us"]).await.unwrap();
        let kept = store.number("SELECT COUNT(*) FROM source_runs").await.unwrap();
        assert_eq!(kept, 3, "{first}, {third} and {fourth}: nothing leads to {second}");
        assert_eq!(save::followed(&store, second).await.unwrap(), Some(save::Followed::default()));
        assert!(summary(&store).await.last_run.is_none(), "none of them saw the whole source");
    })
    .await;
}

#[tokio::test]
async fn scopes_say_what_was_not_observed() {
    on_each_database(async |store| {
        let source = made(&store, "prod").await;
        assert_eq!(summary(&store).await.health(), Health::Never);
        let end = async |run: RunId, region: &str, state: RunState, reason: &str| {
            let tx = store.begin().await.unwrap();
            save::begin_scope(&tx, run, &scope(region), now()).await.unwrap();
            let ended = Ended {
                scope: scope(region),
                state,
                reason: reason.to_owned(),
                counts: RunCounts { seen: 3, ..RunCounts::default() },
                objects: Some(3),
                suspect_missing: 0,
            };
            save::end_scope(&tx, source, run, &ended, now()).await.unwrap();
            tx.commit().await.unwrap();
        };
        let plan = async |run: RunId, regions: &[&str], complete: bool| {
            let scopes: Vec<Scope> = regions.iter().map(|region| scope(region)).collect();
            let tx = store.begin().await.unwrap();
            save::put_plan(&tx, source, run, &scopes, complete).await.unwrap();
            tx.commit().await.unwrap();
        };
        let run = requested(&store, source, RunKind::Sync, None).await;
        claimed(&store, "a", now()).await.unwrap();
        plan(run, &["eu", "us"], true).await;
        end(run, "eu", RunState::Complete, "").await;
        end(run, "us", RunState::Partial, "`ecr:DescribeImages` was denied.").await;
        save::finish(&store, run, "a", RunState::Partial, "1 of 2.", &Progress::default(), now())
            .await
            .unwrap();
        let shown = summary(&store).await;
        assert_eq!((shown.health(), shown.scopes, shown.complete), (Health::Partial, 2, 1));
        assert_eq!((shown.objects, shown.oldest_complete_at), (6, None));
        let missing = not_observed(&store, &Viewer::everything(), 10).await.unwrap();
        assert_eq!(missing.len(), 1);
        assert_eq!(missing[0].scope, Some(scope("us")));
        assert_eq!(missing[0].reason, "`ecr:DescribeImages` was denied.");
        let journal = super::run(&store, &Viewer::everything(), run).await.unwrap().unwrap();
        let states: Vec<RunState> = journal.scopes.iter().map(|scope| scope.state).collect();
        assert_eq!(states, [RunState::Partial, RunState::Complete]);
        // A list that is not whole takes nothing off; one that is does.
        let run = requested(&store, source, RunKind::Sync, None).await;
        plan(run, &["eu"], false).await;
        assert_eq!(summary(&store).await.unlisted, 0);
        plan(run, &["eu"], true).await;
        assert_eq!(summary(&store).await.unlisted, 1);
        plan(run, &["eu", "us"], true).await;
        assert_eq!(summary(&store).await.unlisted, 0);
    })
    .await;
}

#[tokio::test]
async fn objects_are_known_by_scope_and_found_elsewhere() {
    on_each_database(async |store| {
        let (one, two) = (made(&store, "one").await, made(&store, "two").await);
        let seen = |number: u8, fingerprint| Seen {
            noun: Noun::Workload,
            object: Id::from_bytes([number; 16]),
            key: format!("w{number}"),
            fingerprint,
        };
        let tx = store.begin().await.unwrap();
        save::put_seen(&tx, one, &scope("eu"), &[seen(1, 10), seen(2, 20), seen(3, 30)], 0).await.unwrap();
        save::put_seen(&tx, one, &scope("eu"), &[seen(3, 31)], 0).await.unwrap();
        save::put_seen(&tx, one, &scope("us"), &[seen(2, 20)], 0).await.unwrap();
        save::put_seen(&tx, two, &scope("eu"), &[seen(3, 30)], 0).await.unwrap();
        let all: Vec<_> = [1, 2, 3].iter().map(|n| (Noun::Workload, Id::from_bytes([*n; 16]))).collect();
        let other = save::elsewhere(&tx, one, &scope("eu"), &all).await.unwrap();
        assert_eq!(other, HashSet::from([all[1], all[2]]));
        save::forget(&tx, one, &scope("eu"), &all[..1]).await.unwrap();
        let keys = save::keys(&tx, one, &scope("eu"), &all).await.unwrap();
        assert_eq!(keys.len(), 2);
        tx.commit().await.unwrap();
        let known = save::known(&store, one, &scope("eu")).await.unwrap();
        assert_eq!(known, save::Known::from([(all[1], (20, false)), (all[2], (31, false))]));
    })
    .await;
}

#[tokio::test]
async fn one_process_wins_a_tick() {
    on_each_database(async |store| {
        made(&store, "prod").await;
        let due = save::due(&store, now()).await.unwrap();
        assert_eq!(due.len(), 1);
        let next = Some(now() + TimeDelta::hours(6));
        let move_on = async || {
            let tx = store.begin().await.unwrap();
            let won = save::reschedule(&tx, &due[0], next).await.unwrap();
            tx.commit().await.unwrap();
            won
        };
        assert!(move_on().await);
        assert!(!move_on().await);
        assert!(save::due(&store, now()).await.unwrap().is_empty());
        assert_eq!(summary(&store).await.source.next_run_at, next);
    })
    .await;
}

#[tokio::test]
async fn pages_cost_a_fixed_number_of_queries() {
    on_each_database(async |store| {
        for number in 0..5 {
            made(&store, &format!("source-{number}")).await;
        }
        let before = store.queries();
        list(&store, &Viewer::everything()).await.unwrap();
        assert_eq!(store.queries() - before, 3);
        let before = store.queries();
        detail(&store, &Viewer::everything(), "source-1").await.unwrap().unwrap();
        assert_eq!(store.queries() - before, 3);
        let before = store.queries();
        not_observed(&store, &Viewer::everything(), 5).await.unwrap();
        assert_eq!(store.queries() - before, 2);
    })
    .await;
}
