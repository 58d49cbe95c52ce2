//! All sources with their health, in three queries.
//! Refuses to call a source healthy of which a scope was not seen whole.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::id::SourceId;
use domain::scope::Viewer;
use domain::source::{RunKind, RunState};

use super::row::{RUN, SOURCE};
use super::{Run, Source};
use crate::connection::Conn;
use crate::{Error, Store, bulk};

/// A source with what is known of its runs.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The source.
    pub source: Source,
    /// The last run that is over, checks and dry runs apart.
    pub last_run: Option<Run>,
    /// The run that waits or is under way, of whatever kind.
    pub current_run: Option<Run>,
    /// Scopes that it shows.
    pub scopes: u64,
    /// Of these, how many the last run saw whole.
    pub complete: u64,
    /// Scopes on record that it no longer shows.
    pub unlisted: u64,
    /// Objects on record.
    pub objects: u64,
    /// The scope that was longest not seen whole: when it was; `None` when one never was, or there is none.
    pub oldest_complete_at: Option<DateTime<Utc>>,
}

/// How a source is, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// It does not run.
    Off,
    /// It never ran.
    Never,
    /// The last run saw every scope whole.
    Complete,
    /// The last run did not see every scope whole.
    Partial,
    /// Nothing came of the last run.
    Failed,
}

impl Health {
    /// The word in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Never => "never",
            Self::Complete => "complete",
            Self::Partial => "partial",
            Self::Failed => "failed",
        }
    }
}

impl Summary {
    pub(super) fn new(
        source: Source,
        last_run: Option<Run>,
        current_run: Option<Run>,
        totals: &Totals,
    ) -> Self {
        Self {
            source,
            last_run,
            current_run,
            scopes: totals.listed,
            complete: totals.complete,
            unlisted: totals.unlisted,
            objects: totals.objects,
            oldest_complete_at: totals.oldest,
        }
    }

    /// How the source is.
    #[must_use]
    pub fn health(&self) -> Health {
        match &self.last_run {
            _ if !self.source.enabled => Health::Off,
            None => Health::Never,
            Some(run) if matches!(run.state, RunState::Failed) => Health::Failed,
            Some(_) if self.complete < self.scopes || self.unlisted > 0 => Health::Partial,
            Some(run) if matches!(run.state, RunState::Complete) => Health::Complete,
            Some(_) => Health::Partial,
        }
    }
}

/// All sources by name.
///
/// # Errors
/// When the database does not answer.
pub async fn list(store: &Store, viewer: &Viewer) -> Result<Vec<Summary>, Error> {
    if !viewer.sees_everything() {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT {SOURCE} FROM sources s WHERE s.removed_at IS NULL ORDER BY s.name");
    let sources = store.query(&sql, vec![]).await?;
    let mut runs = runs(store).await?;
    let mut totals = totals(store, None).await?;
    sources
        .iter()
        .map(|row| {
            let source = Source::read(row)?;
            let (last, current) = last_and_current(&runs.remove(&source.id).unwrap_or_default());
            let totals = totals.remove(&source.id).unwrap_or_default();
            Ok(Summary::new(source, last, current, &totals))
        })
        .collect()
}

/// The last run that is over, checks and dry runs apart, and the one that waits or is under way, out of
/// runs that are sorted newest first.
pub(super) fn last_and_current(runs: &[Run]) -> (Option<Run>, Option<Run>) {
    let counts = |run: &&Run| run.state.is_over() && matches!(run.kind, RunKind::Sync | RunKind::Push);
    // A run that is under way is shown rather than one that waits behind it.
    let under_way = runs.iter().find(|run| run.state == RunState::Running);
    let current = under_way.or_else(|| runs.iter().find(|run| !run.state.is_over()));
    (runs.iter().find(counts).cloned(), current.cloned())
}

/// Of every source the last run that is over, and those that are not, newest first.
async fn runs(store: &Store) -> Result<HashMap<SourceId, Vec<Run>>, Error> {
    let sql = format!(
        "SELECT {RUN} FROM source_runs r JOIN sources s ON s.id = r.source_id AND s.removed_at IS NULL \
         WHERE r.state IN ('waiting', 'running') OR r.id = (SELECT l.id FROM source_runs l \
         WHERE l.source_id = s.id AND l.state NOT IN ('waiting', 'running') AND l.kind IN ('sync', 'push') \
         ORDER BY l.requested_at DESC, l.id DESC LIMIT 1) ORDER BY r.requested_at DESC, r.id DESC"
    );
    let mut runs: HashMap<SourceId, Vec<Run>> = HashMap::new();
    for row in store.query(&sql, vec![]).await? {
        let run = Run::read(&row)?;
        runs.entry(run.source).or_default().push(run);
    }
    Ok(runs)
}

/// The scopes of a source in numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Totals {
    listed: u64,
    complete: u64,
    unlisted: u64,
    objects: u64,
    oldest: Option<DateTime<Utc>>,
}

/// The scopes of one source, or of each, in numbers.
pub(super) async fn totals(
    store: &Store,
    source: Option<SourceId>,
) -> Result<HashMap<SourceId, Totals>, Error> {
    let (narrowed, values) = match source {
        Some(source) => ("WHERE source_id = $1", vec![bulk::id(source)]),
        None => ("", vec![]),
    };
    let sql = format!(
        "SELECT source_id, SUM(CASE WHEN listed THEN 1 ELSE 0 END) AS listed, \
         SUM(CASE WHEN listed AND last_state = 'complete' THEN 1 ELSE 0 END) AS complete, \
         SUM(CASE WHEN listed THEN 0 ELSE 1 END) AS unlisted, \
         CAST(SUM(objects) AS BIGINT) AS objects, \
         CASE WHEN SUM(CASE WHEN listed AND last_complete_at IS NULL THEN 1 ELSE 0 END) = 0 \
         THEN MIN(CASE WHEN listed THEN last_complete_at END) END AS oldest \
         FROM source_scopes {narrowed} GROUP BY source_id"
    );
    let rows = store.query(&sql, values).await?;
    rows.iter()
        .map(|row| {
            let totals = Totals {
                listed: row.count("listed")?,
                complete: row.count("complete")?,
                unlisted: row.count("unlisted")?,
                objects: row.count("objects")?,
                oldest: row.optional_time("oldest")?,
            };
            Ok((row.id("source_id")?, totals))
        })
        .collect()
}
