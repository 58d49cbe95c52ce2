//! Detections whose workload is learned later: they go on under another id, and their old links lead there. Refuses to guess
//! the workload.

use domain::id::DetectionId;

use super::hours::keep_latest;
use super::rows::{Detection, read};
use crate::bulk;
use crate::connection::Conn;
use crate::{Error, Tx};

/// Detections without a workload whose place names one, seen last of all first, at most this many.
///
/// # Errors
/// When the database does not answer.
pub async fn unattached(tx: &Tx, most: u32) -> Result<Vec<Detection>, Error> {
    let sql = "SELECT d.* FROM detections d WHERE d.workload_id IS NULL AND \
               (d.name IS NOT NULL OR d.digest IS NOT NULL OR d.image IS NOT NULL OR d.container_id IS NOT NULL) \
               ORDER BY d.last_seen_at DESC, d.id DESC LIMIT $1";
    let rows = tx.query(sql, vec![i64::from(most).into()]).await?;
    rows.iter().map(read).collect()
}

/// Moves all that is kept beside a detection to another, and drops the first itself: the other was written with what both
/// come to.
///
/// # Errors
/// When the database cannot be written.
pub async fn move_to(tx: &Tx, from: DetectionId, to: DetectionId) -> Result<(), Error> {
    let both = || vec![bulk::id(from), bulk::id(to)];
    tx.execute(
        "INSERT INTO detection_hours (detection_id, hour, count) SELECT $2, hour, count FROM detection_hours \
         WHERE detection_id = $1 ON CONFLICT (detection_id, hour) DO UPDATE SET \
         count = detection_hours.count + excluded.count",
        both(),
    )
    .await?;
    tx.execute("DELETE FROM detection_hours WHERE detection_id = $1", vec![bulk::id(from)]).await?;
    tx.execute(
        "DELETE FROM detection_events WHERE detection_id = $1 AND event_id IN \
         (SELECT o.event_id FROM detection_events o WHERE o.detection_id = $2)",
        both(),
    )
    .await?;
    for table in ["detection_events", "detection_decisions"] {
        let sql = format!("UPDATE {table} SET detection_id = $2 WHERE detection_id = $1");
        tx.execute(&sql, both()).await?;
    }
    keep_latest(tx, &[to]).await?;
    tx.execute("UPDATE detection_moves SET moved_to = $2 WHERE moved_to = $1", both()).await?;
    tx.execute(
        "INSERT INTO detection_moves (id, moved_to) VALUES ($1, $2) \
         ON CONFLICT (id) DO UPDATE SET moved_to = excluded.moved_to",
        both(),
    )
    .await?;
    tx.execute("DELETE FROM detections WHERE id = $1", vec![bulk::id(from)]).await?;
    Ok(())
}
