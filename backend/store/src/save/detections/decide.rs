//! What people decide of detections, with reason and name, and which detections the scores do not know of yet. Refuses a
//! decision without a reason or a name.

use chrono::{DateTime, Utc};
use domain::id::{DetectionId, ImageId};

use super::OPEN;
use crate::bulk::{self, Given, query_given};
use crate::connection::Conn;
use crate::save::journal;
use crate::{Error, Store, Tx};

/// A decision.
#[derive(Clone, Debug)]
pub struct Decision {
    /// [`OPEN`] again, or one of [`super::DECISIONS`].
    pub disposition: &'static str,
    /// Why.
    pub reason: String,
    /// Who.
    pub decided_by: String,
}

/// Writes a decision into the detection, its history and the journal; the score follows once the pipeline is woken.
///
/// # Errors
/// [`Error::NotFound`] without such a detection.
pub async fn decide(tx: &Tx, id: DetectionId, decision: &Decision, now: DateTime<Utc>) -> Result<(), Error> {
    let (reason, by) = (decision.reason.as_str(), decision.decided_by.as_str());
    let sql = "UPDATE detections SET disposition = $2, reason = $3, disposed_by = $4, disposed_at = $5, judged = $6 \
               WHERE id = $1";
    let values = vec![
        bulk::id(id),
        decision.disposition.into(),
        reason.into(),
        by.into(),
        bulk::time(now),
        false.into(),
    ];
    if tx.execute(sql, values).await? == 0 {
        return Err(Error::NotFound("detection"));
    }
    let sql = "INSERT INTO detection_decisions (detection_id, at, disposition, reason, decided_by) \
               VALUES ($1, $2, $3, $4, $5)";
    let values = vec![bulk::id(id), bulk::time(now), decision.disposition.into(), reason.into(), by.into()];
    tx.execute(sql, values).await?;
    let sql = "SELECT tool, rule FROM detections WHERE id = $1";
    let row = tx.query_one(sql, vec![bulk::id(id)]).await?.ok_or(Error::NotFound("detection"))?;
    let message = match decision.disposition {
        OPEN => format!("Opened again by {by}: {reason}"),
        word => format!("Put away as {word} by {by}: {reason}"),
    };
    let entry = journal::Entry {
        event: "detection-decided",
        subject: format!("{} ({})", row.text("rule")?, row.text("tool")?),
        message,
    };
    journal::add(tx, now.timestamp_millis(), None, &[entry]).await
}

/// Detections that scores do not know of yet, each with its rule and its workload's cluster, at most this many.
///
/// # Errors
/// When the database does not answer.
pub async fn unjudged(store: &Store, most: u32) -> Result<Vec<(DetectionId, String, Option<String>)>, Error> {
    let sql = "SELECT d.id, d.rule, w.cluster FROM detections d LEFT JOIN workloads w ON w.id = d.workload_id \
               AND w.retired_at IS NULL WHERE d.judged = $1 LIMIT $2";
    let rows = store.query(sql, vec![false.into(), i64::from(most).into()]).await?;
    rows.iter().map(|row| Ok((row.id(0)?, row.text(1)?, row.optional_text(2)?))).collect()
}

/// The images of some detections, each with the detection's rule and title.
///
/// # Errors
/// When the database does not answer.
pub async fn images_of(
    tx: &Tx,
    ids: &[DetectionId],
) -> Result<Vec<(ImageId, String, Option<String>)>, Error> {
    let sql = "SELECT d.image_id, d.rule, d.title FROM given JOIN detections d ON d.id = given.key \
               WHERE d.image_id IS NOT NULL";
    let rows = query_given(tx, Given::ids(ids.iter().copied()), sql, vec![]).await?;
    rows.iter().map(|row| Ok((row.id(0)?, row.text(1)?, row.optional_text(2)?))).collect()
}

/// Says that the scores will know of some detections once the transaction is committed.
///
/// # Errors
/// When the database cannot be written.
pub async fn judged(tx: &Tx, ids: &[DetectionId]) -> Result<(), Error> {
    let sql = "UPDATE detections SET judged = $1 WHERE id IN (SELECT key FROM given)";
    tx.execute_given(Given::ids(ids.iter().copied()), sql, vec![true.into()]).await?;
    Ok(())
}
