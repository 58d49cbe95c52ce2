//! One source with its last runs, and one run. Refuses an endless list: the last runs only, and scopes page
//! by page in `scopes`.

use chrono::{DateTime, Utc};
use domain::id::RunId;
use domain::scope::Viewer;
use domain::source::{RunKind, RunState, Scope};

use super::list::{last_and_current, totals};
use super::row::{RUN, RUN_SCOPE, SOURCE, scope, state};
use super::{Run, RunScope, Source, Summary};
use crate::connection::{Conn, Value};
use crate::{Error, Store, bulk};

/// Runs shown of a source.
const RUNS: i64 = 50;
/// Scopes under way that are named.
const NAMED: i64 = 4;

/// A source with everything on its page but its scopes.
#[derive(Clone, Debug)]
pub struct Detail {
    /// The source with what is known of its runs.
    pub summary: Summary,
    /// Its last runs, newest first.
    pub runs: Vec<Run>,
    /// The last trial of its permissions that is over.
    pub last_check: Option<Run>,
}

/// The source with this name, in three queries.
///
/// # Errors
/// When the database does not answer.
pub async fn detail(store: &Store, viewer: &Viewer, name: &str) -> Result<Option<Detail>, Error> {
    let Some(source) = named(store, viewer, name).await? else { return Ok(None) };
    let id: Value = bulk::id(source.id);
    // The last run that counts and the last check may lie before the last runs.
    let last =
        "SELECT l.id FROM source_runs l WHERE l.source_id = $1 AND l.state NOT IN ('waiting', 'running')";
    let newest = "ORDER BY l.requested_at DESC, l.id DESC LIMIT 1";
    let sql = format!(
        "SELECT {RUN} FROM source_runs r WHERE r.source_id = $1 AND (r.id IN (SELECT n.id FROM source_runs n \
         WHERE n.source_id = $1 ORDER BY n.requested_at DESC, n.id DESC LIMIT {RUNS}) \
         OR r.id = ({last} AND l.kind IN ('sync', 'push') {newest}) OR r.id = ({last} AND l.kind = 'check' {newest})) \
         ORDER BY r.requested_at DESC, r.id DESC"
    );
    let rows = store.query(&sql, vec![id]).await?;
    let runs = rows.iter().map(Run::read).collect::<Result<Vec<_>, _>>()?;
    let totals = totals(store, Some(source.id)).await?.remove(&source.id).unwrap_or_default();
    let (last_run, current_run) = last_and_current(&runs);
    let is_check = |run: &&Run| run.kind == RunKind::Check && run.state.is_over();
    Ok(Some(Detail {
        summary: Summary::new(source, last_run, current_run, &totals),
        last_check: runs.iter().find(is_check).cloned(),
        runs,
    }))
}

async fn named(store: &Store, viewer: &Viewer, name: &str) -> Result<Option<Source>, Error> {
    if !viewer.sees_everything() {
        return Ok(None);
    }
    let sql = format!("SELECT {SOURCE} FROM sources s WHERE s.name = $1 AND s.removed_at IS NULL");
    store.query_one(&sql, vec![name.into()]).await?.map(|row| Source::read(&row)).transpose()
}

/// A run with its journal.
#[derive(Clone, Debug)]
pub struct RunDetail {
    /// The source's name.
    pub source: String,
    /// The run.
    pub run: Run,
    /// Its scopes: those that are not complete first.
    pub scopes: Vec<RunScope>,
}

/// The run with this id and its whole journal, in two queries.
///
/// # Errors
/// When the database does not answer.
pub async fn run(store: &Store, viewer: &Viewer, id: RunId) -> Result<Option<RunDetail>, Error> {
    if !viewer.sees_everything() {
        return Ok(None);
    }
    let sql = format!(
        "SELECT {RUN}, s.name AS source FROM source_runs r JOIN sources s ON s.id = r.source_id WHERE r.id = $1"
    );
    let Some(row) = store.query_one(&sql, vec![bulk::id(id)]).await? else { return Ok(None) };
    let sql = format!(
        "SELECT {RUN_SCOPE} FROM source_run_scopes WHERE run_id = $1 ORDER BY CASE state WHEN 'failed' THEN 0 \
         WHEN 'partial' THEN 1 WHEN 'cancelled' THEN 2 WHEN 'running' THEN 3 WHEN 'waiting' THEN 4 ELSE 5 END, \
         account, region, service"
    );
    let scopes = store.query(&sql, vec![bulk::id(id)]).await?;
    Ok(Some(RunDetail {
        source: row.text("source")?,
        run: Run::read(&row)?,
        scopes: scopes.iter().map(RunScope::read).collect::<Result<_, _>>()?,
    }))
}

/// How far a run is, for whoever looks at it again and again: no more than fits a few lines.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The run.
    pub run: Run,
    /// How many of its scopes stand how.
    pub states: Vec<(RunState, u64)>,
    /// Some of the scopes that are being asked, with when each was begun: the longest first.
    pub asking: Vec<(Scope, Option<DateTime<Utc>>)>,
}

impl Standing {
    /// How many of its scopes stand so.
    #[must_use]
    pub fn count(&self, state: RunState) -> u64 {
        self.states.iter().find(|(known, _)| *known == state).map_or(0, |(_, count)| *count)
    }
}

/// How far a run of this source is, in three queries.
///
/// # Errors
/// When the database does not answer.
pub async fn standing(
    store: &Store,
    viewer: &Viewer,
    source: &str,
    id: RunId,
) -> Result<Option<Standing>, Error> {
    if !viewer.sees_everything() {
        return Ok(None);
    }
    let sql = format!(
        "SELECT {RUN} FROM source_runs r JOIN sources s ON s.id = r.source_id \
         WHERE r.id = $1 AND s.name = $2 AND s.removed_at IS NULL"
    );
    let Some(row) = store.query_one(&sql, vec![bulk::id(id), source.into()]).await? else { return Ok(None) };
    let sql = "SELECT state, COUNT(*) AS scopes FROM source_run_scopes WHERE run_id = $1 GROUP BY state";
    let states = store.query(sql, vec![bulk::id(id)]).await?;
    let sql = format!(
        "SELECT account, region, service, started_at FROM source_run_scopes \
         WHERE run_id = $1 AND state = 'running' ORDER BY started_at, account, region, service LIMIT {NAMED}"
    );
    let asking = store.query(&sql, vec![bulk::id(id)]).await?;
    Ok(Some(Standing {
        run: Run::read(&row)?,
        states: states
            .iter()
            .map(|row| Ok((state(row, "state")?, row.count("scopes")?)))
            .collect::<Result<_, Error>>()?,
        asking: asking
            .iter()
            .map(|row| Ok((scope(row)?, row.optional_time("started_at")?)))
            .collect::<Result<_, Error>>()?,
    }))
}
