//! One detection with its hours, its latest events and what was decided of it. Refuses events beyond those that are kept.

use chrono::{DateTime, Utc};
use domain::id::DetectionId;
use domain::scope::Viewer;

use super::list::{DetectionRow, one};
use crate::connection::Conn;
use crate::{Error, Store, bulk};

/// The most hours and decisions shown of one.
const MOST: u32 = 24 * 31;

/// The id under which a detection is kept now: that of its workload, where it was learned since.
///
/// # Errors
/// When the database does not answer.
pub async fn resolve(store: &Store, _: &Viewer, id: DetectionId) -> Result<DetectionId, Error> {
    let sql = "SELECT moved_to FROM detection_moves WHERE id = $1 AND NOT EXISTS \
               (SELECT 1 FROM detections d WHERE d.id = detection_moves.id)";
    let row = store.query_one(sql, vec![bulk::id(id)]).await?;
    row.map_or(Ok(id), |row| row.id(0))
}

/// One detection.
///
/// # Errors
/// When the database does not answer.
pub async fn detail(store: &Store, viewer: &Viewer, id: DetectionId) -> Result<Option<DetectionRow>, Error> {
    if viewer.sees_everything() { one(store, id).await } else { Ok(None) }
}

/// One of the latest events of a detection.
#[derive(Clone, Debug)]
pub struct EventRow {
    /// When.
    pub at: DateTime<Utc>,
    /// How often its sensor counted it.
    pub count: u64,
    /// The sensor's word for its severity.
    pub severity_word: String,
    /// What proves it.
    pub evidence: Option<String>,
    /// Node, as its sensor names it.
    pub node: Option<String>,
    /// Workload or pod, as its sensor names it.
    pub name: Option<String>,
    /// Container.
    pub container: Option<String>,
    /// The runtime's id of the container.
    pub container_id: Option<String>,
}

/// The latest events of a detection, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn events(store: &Store, _: &Viewer, id: DetectionId) -> Result<Vec<EventRow>, Error> {
    let sql = "SELECT at, count, severity_word, evidence, node, name, container, container_id FROM detection_events \
               WHERE detection_id = $1 ORDER BY at DESC, event_id DESC LIMIT 100";
    let rows = store.query(sql, vec![bulk::id(id)]).await?;
    rows.iter()
        .map(|row| {
            Ok(EventRow {
                at: row.time("at")?,
                count: row.count("count")?,
                severity_word: row.text("severity_word")?,
                evidence: row.optional_text("evidence")?,
                node: row.optional_text("node")?,
                name: row.optional_text("name")?,
                container: row.optional_text("container")?,
                container_id: row.optional_text("container_id")?,
            })
        })
        .collect()
}

/// Events of an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HourRow {
    /// Its beginning.
    pub at: DateTime<Utc>,
    /// Events in it.
    pub count: u64,
}

/// The hours in which a detection had events, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn hours(store: &Store, _: &Viewer, id: DetectionId) -> Result<Vec<HourRow>, Error> {
    let sql = format!(
        "SELECT hour, count FROM detection_hours WHERE detection_id = $1 ORDER BY hour DESC LIMIT {MOST}"
    );
    let rows = store.query(&sql, vec![bulk::id(id)]).await?;
    rows.iter().map(|row| Ok(HourRow { at: row.time("hour")?, count: row.count("count")? })).collect()
}

/// What somebody decided of a detection.
#[derive(Clone, Debug)]
pub struct DecisionRow {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub disposition: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub decided_by: String,
}

/// What was decided of a detection, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn decisions(store: &Store, _: &Viewer, id: DetectionId) -> Result<Vec<DecisionRow>, Error> {
    let sql = format!(
        "SELECT at, disposition, reason, decided_by FROM detection_decisions WHERE detection_id = $1 \
         ORDER BY number DESC LIMIT {MOST}"
    );
    let rows = store.query(&sql, vec![bulk::id(id)]).await?;
    rows.iter()
        .map(|row| {
            Ok(DecisionRow {
                at: row.time("at")?,
                disposition: row.text("disposition")?,
                reason: row.text("reason")?,
                decided_by: row.text("decided_by")?,
            })
        })
        .collect()
}
