//! What a run's scopes are and what they came to. Refuses to drop a scope that is no longer shown: it is
//! marked, and keeps its objects.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::id::{RunId, SourceId};
use domain::source::{RunCounts, RunState, Scope};

use super::number;
use crate::bulk::{self, Given, Type};
use crate::connection::{Conn, Value};
use crate::sources::RunScope;
use crate::{Error, Store, Tx};

const SCOPE: &[(&str, Type)] = &[("account", Type::Text), ("region", Type::Text), ("service", Type::Text)];

fn given(scopes: &[Scope]) -> Given {
    let mut given = Given::new(SCOPE);
    let mut known = HashSet::new();
    for scope in scopes.iter().filter(|scope| known.insert(*scope)) {
        given.push([
            scope.account.as_str().into(),
            scope.region.as_str().into(),
            scope.service.as_str().into(),
        ]);
    }
    given
}

/// Writes down the scopes of a run. Where the list is `complete`, scopes on record that it does not show
/// are marked as no longer reachable.
///
/// # Errors
/// When the database cannot be written.
pub async fn put_plan(
    tx: &Tx,
    source: SourceId,
    run: RunId,
    scopes: &[Scope],
    complete: bool,
) -> Result<(), Error> {
    let sql = "INSERT INTO source_scopes (source_id, account, region, service) \
               SELECT $1, account, region, service FROM given WHERE true \
               ON CONFLICT (source_id, account, region, service) DO UPDATE SET listed = TRUE \
               WHERE NOT source_scopes.listed";
    tx.execute_given(given(scopes), sql, vec![bulk::id(source)]).await?;
    let sql = "INSERT INTO source_run_scopes (run_id, account, region, service, state) \
               SELECT $1, account, region, service, 'waiting' FROM given WHERE true ON CONFLICT DO NOTHING";
    tx.execute_given(given(scopes), sql, vec![bulk::id(run)]).await?;
    if complete {
        let sql = "UPDATE source_scopes SET listed = FALSE WHERE source_id = $1 AND listed AND NOT EXISTS \
                   (SELECT 1 FROM source_run_scopes r WHERE r.run_id = $2 AND r.account = source_scopes.account \
                   AND r.region = source_scopes.region AND r.service = source_scopes.service)";
        tx.execute(sql, vec![bulk::id(source), bulk::id(run)]).await?;
    }
    Ok(())
}

/// The scopes of a run as they stand: what an earlier worker completed need not be asked again.
///
/// # Errors
/// When the database does not answer.
pub async fn planned(store: &Store, run: RunId) -> Result<Vec<RunScope>, Error> {
    let sql = format!("SELECT {} FROM source_run_scopes WHERE run_id = $1", crate::sources::RUN_SCOPE);
    let rows = store.query(&sql, vec![bulk::id(run)]).await?;
    rows.iter().map(RunScope::read).collect()
}

/// Marks a scope as under way.
///
/// # Errors
/// When the database cannot be written.
pub async fn begin_scope(tx: &Tx, run: RunId, scope: &Scope, now: DateTime<Utc>) -> Result<(), Error> {
    let sql = "UPDATE source_run_scopes SET state = 'running', reason = '', resumed = started_at IS NOT NULL, \
               started_at = $5, ended_at = NULL WHERE run_id = $1 AND account = $2 AND region = $3 AND service = $4";
    let mut values = keyed(bulk::id(run), scope);
    values.push(bulk::time(now));
    tx.execute(sql, values).await?;
    Ok(())
}

/// What a scope came to.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The scope.
    pub scope: Scope,
    /// Complete, partial, failed or cancelled.
    pub state: RunState,
    /// Why, or what was held back.
    pub reason: String,
    /// What it counted.
    pub counts: RunCounts,
    /// Objects on record now; `None` leaves the number on record.
    pub objects: Option<u64>,
    /// Objects that a complete run missed and that are not believed gone yet.
    pub suspect_missing: u64,
}

/// Ends a scope: in the run's journal, and on the source's record.
///
/// # Errors
/// When the database cannot be written.
pub async fn end_scope(
    tx: &Tx,
    source: SourceId,
    run: RunId,
    ended: &Ended,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let counts = &ended.counts;
    let sql = "UPDATE source_run_scopes SET state = $5, reason = $6, seen = $7, added = $8, changed = $9, \
               retired = $10, calls = $11, retries = $12, ended_at = $13 \
               WHERE run_id = $1 AND account = $2 AND region = $3 AND service = $4";
    let mut values = keyed(bulk::id(run), &ended.scope);
    values.extend([ended.state.as_str().into(), ended.reason.as_str().into()]);
    let numbers = [counts.seen, counts.added, counts.changed, counts.retired, counts.calls, counts.retries];
    values.extend(numbers.map(number));
    values.push(bulk::time(now));
    tx.execute(sql, values).await?;
    let complete = ended.state == RunState::Complete;
    let sql = "UPDATE source_scopes SET last_run = $5, last_run_at = $6, last_state = $7, last_reason = $8, \
               objects = COALESCE($9, objects), last_complete_at = CASE WHEN $10 THEN $6 ELSE last_complete_at END, \
               suspect_run = CASE WHEN NOT $10 THEN suspect_run WHEN $11 > 0 THEN $5 END, \
               suspect_missing = CASE WHEN $10 THEN $11 ELSE suspect_missing END \
               WHERE source_id = $1 AND account = $2 AND region = $3 AND service = $4";
    let mut values = keyed(bulk::id(source), &ended.scope);
    values.extend([
        bulk::id(run),
        bulk::time(now),
        ended.state.as_str().into(),
        ended.reason.as_str().into(),
        ended.objects.and_then(|objects| i64::try_from(objects).ok()).into(),
        complete.into(),
        number(ended.suspect_missing),
    ]);
    tx.execute(sql, values).await?;
    Ok(())
}

fn keyed(id: Value, scope: &Scope) -> Vec<Value> {
    vec![id, scope.account.as_str().into(), scope.region.as_str().into(), scope.service.as_str().into()]
}
