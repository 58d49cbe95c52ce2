//! When sources run next. Refuses to compute a schedule: it keeps the moment that `pipeline` computed, and
//! lets one process win where several compute it.

use chrono::{DateTime, Utc};
use domain::id::SourceId;

use crate::connection::Conn;
use crate::{Error, Store, Tx, bulk};

/// A source with a schedule.
#[derive(Clone, Debug)]
pub struct Due {
    /// The source.
    pub source: SourceId,
    /// Its name.
    pub name: String,
    /// Its schedule.
    pub schedule: String,
    /// When it should run next; `None` when nobody has computed it.
    pub next_run_at: Option<DateTime<Utc>>,
}

/// Sources with a schedule whose next moment has come or is not known.
///
/// # Errors
/// When the database does not answer.
pub async fn due(store: &Store, now: DateTime<Utc>) -> Result<Vec<Due>, Error> {
    let sql = "SELECT id, name, schedule, next_run_at FROM sources WHERE removed_at IS NULL AND enabled \
               AND schedule <> '' AND (next_run_at IS NULL OR next_run_at <= $1) ORDER BY name";
    let rows = store.query(sql, vec![bulk::time(now)]).await?;
    rows.iter()
        .map(|row| {
            Ok(Due {
                source: row.id("id")?,
                name: row.text("name")?,
                schedule: row.text("schedule")?,
                next_run_at: row.optional_time("next_run_at")?,
            })
        })
        .collect()
}

/// Moves a source on to its next moment; tells whether this process was the one that did.
///
/// # Errors
/// When the database cannot be written.
pub async fn reschedule(tx: &Tx, due: &Due, next: Option<DateTime<Utc>>) -> Result<bool, Error> {
    let sql = "UPDATE sources SET next_run_at = $2 WHERE id = $1 AND schedule = $3 \
               AND COALESCE(next_run_at, 0) = COALESCE($4, 0)";
    let values = vec![
        bulk::id(due.source),
        bulk::optional_time(next),
        due.schedule.as_str().into(),
        bulk::optional_time(due.next_run_at),
    ];
    Ok(tx.execute(sql, values).await? == 1)
}
