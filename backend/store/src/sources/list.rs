//! All sources with their health, in three queries; and what they could not observe, for the Overview.
//! Refuses to call a source healthy of which a scope was not seen whole.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::id::SourceId;
use domain::scope::Viewer;
use domain::source::{RunState, Scope};

use super::row::{RUN, SOURCE, scope, state};
use super::{Run, Source};
use crate::connection::Conn;
use crate::{Error, Store};

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
    let (mut last, mut current) = runs(store).await?;
    let mut scopes = scopes(store).await?;
    sources
        .iter()
        .map(|row| {
            let source = Source::read(row)?;
            let counted = scopes.remove(&source.id).unwrap_or_default();
            Ok(Summary {
                last_run: last.remove(&source.id),
                current_run: current.remove(&source.id),
                scopes: counted.listed,
                complete: counted.complete,
                unlisted: counted.unlisted,
                objects: counted.objects,
                oldest_complete_at: counted.oldest,
                source,
            })
        })
        .collect()
}

type BySource = HashMap<SourceId, Run>;

/// The last run that is over and the current one of every source.
async fn runs(store: &Store) -> Result<(BySource, BySource), Error> {
    let sql = format!(
        "SELECT {RUN} FROM source_runs r JOIN sources s ON s.id = r.source_id AND s.removed_at IS NULL \
         WHERE r.state IN ('waiting', 'running') OR r.id = (SELECT l.id FROM source_runs l \
         WHERE l.source_id = s.id AND l.state NOT IN ('waiting', 'running') AND l.kind IN ('sync', 'push') \
         ORDER BY l.requested_at DESC, l.id DESC LIMIT 1) ORDER BY r.requested_at DESC, r.id DESC"
    );
    let (mut last, mut current) = (BySource::new(), BySource::new());
    for row in store.query(&sql, vec![]).await? {
        let run = Run::read(&row)?;
        let runs = if run.state.is_over() { &mut last } else { &mut current };
        match runs.get(&run.source) {
            // A run that is under way is shown rather than one that waits behind it.
            Some(shown) if shown.state == RunState::Running || run.state != RunState::Running => {}
            _ => {
                runs.insert(run.source, run);
            }
        }
    }
    Ok((last, current))
}

#[derive(Default)]
struct Scopes {
    listed: u64,
    complete: u64,
    unlisted: u64,
    objects: u64,
    oldest: Option<DateTime<Utc>>,
}

async fn scopes(store: &Store) -> Result<HashMap<SourceId, Scopes>, Error> {
    let sql = "SELECT source_id, SUM(CASE WHEN listed THEN 1 ELSE 0 END) AS listed, \
               SUM(CASE WHEN listed AND last_state = 'complete' THEN 1 ELSE 0 END) AS complete, \
               SUM(CASE WHEN listed THEN 0 ELSE 1 END) AS unlisted, \
               CAST(SUM(objects) AS BIGINT) AS objects, \
               CASE WHEN SUM(CASE WHEN listed AND last_complete_at IS NULL THEN 1 ELSE 0 END) = 0 \
               THEN MIN(CASE WHEN listed THEN last_complete_at END) END AS oldest \
               FROM source_scopes GROUP BY source_id";
    let rows = store.query(sql, vec![]).await?;
    rows.iter()
        .map(|row| {
            let scopes = Scopes {
                listed: row.count("listed")?,
                complete: row.count("complete")?,
                unlisted: row.count("unlisted")?,
                objects: row.count("objects")?,
                oldest: row.optional_time("oldest")?,
            };
            Ok((row.id("source_id")?, scopes))
        })
        .collect()
}

/// A part of the estate that a source could not observe whole.
#[derive(Clone, Debug)]
pub struct NotObserved {
    /// The source's name.
    pub source: String,
    /// The scope; `None` when the source shows no scope at all because its run failed.
    pub scope: Option<Scope>,
    /// What the last run came to there.
    pub state: RunState,
    /// Why, in one sentence.
    pub reason: String,
    /// When it was last seen whole.
    pub last_complete_at: Option<DateTime<Utc>>,
    /// Whether the source still shows it.
    pub listed: bool,
}

/// What sources that are on could not observe, by source and scope, in two queries. At most `most` rows of
/// either kind.
///
/// # Errors
/// When the database does not answer.
pub async fn not_observed(store: &Store, viewer: &Viewer, most: u32) -> Result<Vec<NotObserved>, Error> {
    if !viewer.sees_everything() {
        return Ok(Vec::new());
    }
    let sql = "SELECT s.name AS source, r.state, r.message AS reason FROM sources s \
               JOIN source_runs r ON r.id = (SELECT l.id FROM source_runs l WHERE l.source_id = s.id \
               AND l.state NOT IN ('waiting', 'running') AND l.kind IN ('sync', 'push') \
               ORDER BY l.requested_at DESC, l.id DESC LIMIT 1) \
               WHERE s.removed_at IS NULL AND s.enabled AND r.state = 'failed' ORDER BY s.name LIMIT $1";
    let mut found = Vec::new();
    for row in store.query(sql, vec![i64::from(most).into()]).await? {
        found.push(NotObserved {
            source: row.text("source")?,
            scope: None,
            state: state(&row, "state")?,
            reason: row.text("reason")?,
            last_complete_at: None,
            listed: true,
        });
    }
    let sql = "SELECT s.name AS source, p.account, p.region, p.service, p.last_state, p.last_reason, \
               p.last_complete_at, p.listed FROM source_scopes p JOIN sources s ON s.id = p.source_id \
               WHERE s.removed_at IS NULL AND s.enabled AND (NOT p.listed \
               OR p.last_state IN ('partial', 'failed', 'cancelled')) \
               ORDER BY s.name, p.account, p.region, p.service LIMIT $1";
    for row in store.query(sql, vec![i64::from(most).into()]).await? {
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
