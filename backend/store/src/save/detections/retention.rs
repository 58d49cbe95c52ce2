//! What is forgotten: hours and detections that are long over, events beyond those that are remembered. Refuses to forget
//! what is open on a workload that runs.

use chrono::{DateTime, TimeDelta, Utc};

use super::OPEN;
use crate::bulk;
use crate::connection::Conn;
use crate::{Error, Tx};

/// For how long what is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Days after its last event after which a detection goes that was put away, or whose workload is gone or was never
    /// known; and after which a day's hours and a silent sensor go.
    pub days: u32,
    /// Events remembered, so that one that comes again counts once.
    pub events: u64,
}

impl Default for Keep {
    fn default() -> Self {
        Self { days: 90, events: 1_000_000 }
    }
}

/// What was forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Detections.
    pub detections: u64,
    /// Events that would count anew.
    pub events: u64,
}

/// Forgets what is over.
///
/// # Errors
/// When the database cannot be written.
pub async fn forget(tx: &Tx, keep: &Keep, now: DateTime<Utc>) -> Result<Forgotten, Error> {
    let before = bulk::time(now - TimeDelta::days(i64::from(keep.days)));
    let over = "last_seen_at < $1 AND (disposition <> $2 OR workload_id IS NULL OR NOT EXISTS \
                (SELECT 1 FROM workloads w WHERE w.id = detections.workload_id AND w.retired_at IS NULL))";
    let values = || vec![before.clone(), OPEN.into()];
    for table in ["detection_events", "detection_hours", "detection_decisions"] {
        let sql =
            format!("DELETE FROM {table} WHERE detection_id IN (SELECT id FROM detections WHERE {over})");
        tx.execute(&sql, values()).await?;
    }
    let sql =
        format!("DELETE FROM detection_moves WHERE moved_to IN (SELECT id FROM detections WHERE {over})");
    tx.execute(&sql, values()).await?;
    let detections = tx.execute(&format!("DELETE FROM detections WHERE {over}"), values()).await?;
    tx.execute("DELETE FROM detection_hours WHERE hour < $1", vec![before.clone()]).await?;
    tx.execute("DELETE FROM executed_files WHERE last_seen_at < $1", vec![before.clone()]).await?;
    tx.execute("DELETE FROM sensors WHERE last_heard_at < $1", vec![before]).await?;
    Ok(Forgotten { detections, events: forget_events(tx, keep.events).await? })
}

/// Forgets the oldest events beyond a number; of one moment all or none.
async fn forget_events(tx: &Tx, most: u64) -> Result<u64, Error> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let sql = "SELECT received_at FROM runtime_events_seen ORDER BY received_at DESC LIMIT 1 OFFSET $1";
    let Some(row) = tx.query_one(sql, vec![most.into()]).await? else { return Ok(0) };
    let sql = "DELETE FROM runtime_events_seen WHERE received_at <= $1";
    tx.execute(sql, vec![row.integer(0)?.into()]).await
}
