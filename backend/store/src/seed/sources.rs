//! A source for tests, with one run over any number of scopes: the first failed, the second was seen in part,
//! the others whole. Refuses a kind of its own: the caller names one.

use chrono::{DateTime, TimeDelta, Utc};
use domain::id::{RunId, SourceId};
use domain::source::{RunCounts, RunKind, RunState, Scope, Values};

use super::{HOSTILE, NOW};
use crate::save::sources::{self as save, Claim, Definition, Ended, Progress, Secrets};
use crate::{Error, Store};

/// The worker that did the seeded run.
const WORKER: &str = "seed";

/// Writes a source that a page made, told a hostile account and a secret, and its run.
///
/// # Errors
/// When the database refuses it.
pub async fn source(
    store: &Store,
    name: &str,
    kind: &str,
    scopes: usize,
) -> Result<(SourceId, RunId), Error> {
    let now: DateTime<Utc> = NOW.parse().unwrap_or_default();
    let definition = Definition {
        name: name.to_owned(),
        kind: kind.to_owned(),
        values: Values::from([("accounts".to_owned(), vec![HOSTILE.to_owned()])]),
        // A server over it must not ask it by itself.
        schedule: String::new(),
        enabled: true,
    };
    let secrets = Secrets { sealed: vec![1, 2, 3], fields: vec!["password".to_owned()] };
    let tx = store.begin().await?;
    let id = save::create(&tx, &definition, Some(&secrets), now).await?;
    let run = save::request(&tx, id, RunKind::Sync, None, now - TimeDelta::minutes(10)).await?;
    tx.commit().await?;
    let claim = Claim { worker: WORKER, from_file: &[], run, attempt: None, lease: TimeDelta::seconds(60) };
    save::claim(store, &claim, now - TimeDelta::minutes(9)).await?;
    let all: Vec<Scope> = (0..scopes).map(scope).collect();
    let tx = store.begin().await?;
    save::put_plan(&tx, id, run, &all, true).await?;
    for (number, scope) in all.into_iter().enumerate() {
        save::begin_scope(&tx, run, &scope, now - TimeDelta::minutes(8)).await?;
        save::end_scope(&tx, id, run, &ended(number, scope), now - TimeDelta::minutes(7)).await?;
    }
    tx.commit().await?;
    let counts = RunCounts { seen: 3 * scopes as u64, calls: 1_234, ..RunCounts::default() };
    let progress = Progress { scopes_total: scopes as u64, scopes_done: scopes as u64, counts };
    let (state, message) = match scopes {
        0 => (RunState::Failed, "`list` was denied."),
        _ => (RunState::Partial, "Not every scope was seen whole."),
    };
    save::finish(store, run, WORKER, state, message, &progress, now).await?;
    Ok((id, run))
}

fn scope(number: usize) -> Scope {
    Scope { account: format!("{number:012}"), region: "eu-central-1".to_owned(), service: "ecr".to_owned() }
}

fn ended(number: usize, scope: Scope) -> Ended {
    let (state, reason, objects) = match number {
        0 => (RunState::Failed, "`ecr:DescribeRepositories` was denied: grant it.".to_owned(), None),
        1 => (RunState::Partial, format!("Garbage: {HOSTILE}"), Some(2)),
        _ => (RunState::Complete, String::new(), Some(3)),
    };
    let counts = RunCounts { seen: objects.unwrap_or(0), calls: 4, ..RunCounts::default() };
    Ended { scope, state, reason, counts, objects, suspect_missing: 0 }
}
