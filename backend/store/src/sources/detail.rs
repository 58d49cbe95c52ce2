//! One source with its scopes and last runs; one run with its journal. Refuses an endless list: the last
//! runs only.

use domain::id::RunId;
use domain::scope::Viewer;

use super::row::{RUN, RUN_SCOPE, SCOPE, SOURCE};
use super::{Run, RunScope, ScopeRow, Source};
use crate::connection::{Conn, Value};
use crate::{Error, Store, bulk};

/// Runs shown of a source.
const RUNS: i64 = 50;

/// A source with everything on its page.
#[derive(Clone, Debug)]
pub struct Detail {
    /// The source.
    pub source: Source,
    /// Its scopes, those it no longer shows last.
    pub scopes: Vec<ScopeRow>,
    /// Its last runs, newest first.
    pub runs: Vec<Run>,
}

/// The source with this name, in three queries.
///
/// # Errors
/// When the database does not answer.
pub async fn detail(store: &Store, viewer: &Viewer, name: &str) -> Result<Option<Detail>, Error> {
    let Some(source) = named(store, viewer, name).await? else { return Ok(None) };
    let id: Value = bulk::id(source.id);
    let sql = format!(
        "SELECT {SCOPE} FROM source_scopes WHERE source_id = $1 ORDER BY listed DESC, account, region, service"
    );
    let scopes = store.query(&sql, vec![id.clone()]).await?;
    let sql = format!(
        "SELECT {RUN} FROM source_runs r WHERE r.source_id = $1 ORDER BY r.requested_at DESC, r.id DESC LIMIT {RUNS}"
    );
    let runs = store.query(&sql, vec![id]).await?;
    Ok(Some(Detail {
        source,
        scopes: scopes.iter().map(ScopeRow::read).collect::<Result<_, _>>()?,
        runs: runs.iter().map(Run::read).collect::<Result<_, _>>()?,
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

/// The run with this id, in two queries.
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
