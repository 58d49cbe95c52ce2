//! What sources that are on could not observe, for the Overview. Refuses to leave out a source that failed,
//! or that never ran, for want of a scope to name.

use chrono::{DateTime, Utc};
use domain::scope::Viewer;
use domain::source::{RunState, Scope};

use super::row::{scope, state};
use crate::connection::Conn;
use crate::{Error, Store};

/// A part of the estate that a source could not observe whole.
#[derive(Clone, Debug)]
pub struct NotObserved {
    /// The source's name.
    pub source: String,
    /// The scope; `None` for the source as a whole: its run failed, its list of scopes is not whole, or it
    /// never ran.
    pub scope: Option<Scope>,
    /// What the last run came to there; [`RunState::Waiting`] when there was none.
    pub state: RunState,
    /// Why, in one sentence; empty when nobody asked yet.
    pub reason: String,
    /// When it was last seen whole.
    pub last_complete_at: Option<DateTime<Utc>>,
    /// Whether the source still shows it.
    pub listed: bool,
}

/// Sources with the last of their runs that counts and is over, if there is one.
pub(crate) const LAST_RUNS: &str = "sources s LEFT JOIN source_runs r ON r.id = (SELECT l.id FROM source_runs l \
     WHERE l.source_id = s.id AND l.state NOT IN ('waiting', 'running') AND l.kind IN ('sync', 'push') \
     ORDER BY l.requested_at DESC, l.id DESC LIMIT 1)";
/// Sources that are on, of which something is missing that no scope says.
const WHOLE_SOURCES: &str = "s.removed_at IS NULL AND s.enabled AND (r.id IS NULL OR r.state = 'failed' \
     OR (r.state <> 'complete' AND NOT EXISTS (SELECT 1 FROM source_scopes o WHERE o.source_id = s.id \
     AND (NOT o.listed OR o.last_state IN ('partial', 'failed', 'cancelled')))))";
/// Scopes of sources that are on, which were not seen whole.
const SCOPES: &str = "source_scopes p JOIN sources s ON s.id = p.source_id \
     WHERE s.removed_at IS NULL AND s.enabled AND (NOT p.listed \
     OR p.last_state IN ('partial', 'failed', 'cancelled'))";

/// What sources that are on could not observe, by source and scope, in two queries. At most `most` rows of
/// either kind; [`not_observed_count`] tells how many there are.
///
/// # Errors
/// When the database does not answer.
pub async fn not_observed(store: &Store, viewer: &Viewer, most: u32) -> Result<Vec<NotObserved>, Error> {
    if !viewer.sees_everything() {
        return Ok(Vec::new());
    }
    let whole = "(SELECT CASE WHEN COUNT(*) = COUNT(w.last_complete_at) THEN MIN(w.last_complete_at) END \
                 FROM source_scopes w WHERE w.source_id = s.id AND w.listed)";
    let sql = format!(
        "SELECT s.name AS source, COALESCE(r.state, 'waiting') AS state, COALESCE(r.message, '') AS reason, \
         {whole} AS last_complete_at FROM {LAST_RUNS} WHERE {WHOLE_SOURCES} ORDER BY s.name LIMIT $1"
    );
    let mut found = Vec::new();
    for row in store.query(&sql, vec![i64::from(most).into()]).await? {
        found.push(NotObserved {
            source: row.text("source")?,
            scope: None,
            state: state(&row, "state")?,
            reason: row.text("reason")?,
            last_complete_at: row.optional_time("last_complete_at")?,
            listed: true,
        });
    }
    let sql = format!(
        "SELECT s.name AS source, p.account, p.region, p.service, p.last_state, p.last_reason, \
         p.last_complete_at, p.listed FROM {SCOPES} \
         ORDER BY s.name, p.account, p.region, p.service LIMIT $1"
    );
    for row in store.query(&sql, vec![i64::from(most).into()]).await? {
        found.push(NotObserved {
            source: row.text("source")?,
            scope: Some(scope(&row)?),
            state: state(&row, "last_state")?,
            reason: row.text("last_reason")?,
            last_complete_at: row.optional_time("last_complete_at")?,
            listed: row.boolean("listed")?,
        });
    }
    Ok(found)
}

/// How many sources as a whole and how many scopes [`not_observed`] would tell without a limit, in one query.
///
/// # Errors
/// When the database does not answer.
pub async fn not_observed_count(store: &Store, viewer: &Viewer) -> Result<(u64, u64), Error> {
    if !viewer.sees_everything() {
        return Ok((0, 0));
    }
    let sql = format!(
        "SELECT (SELECT COUNT(*) FROM {LAST_RUNS} WHERE {WHOLE_SOURCES}) AS sources, \
         (SELECT COUNT(*) FROM {SCOPES}) AS scopes"
    );
    let row = store.query_one(&sql, vec![]).await?.ok_or(Error::NotFound("count"))?;
    Ok((row.count("sources")?, row.count("scopes")?))
}
