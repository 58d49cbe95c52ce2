//! What is kept beside a detection: how many events each hour had, the latest of them, and which sensor was heard from which
//! node. Refuses every event: a storm of one rule costs a number an hour.

use domain::id::{DetectionId, EventId};

use crate::bulk::{self, Given, Type};
use crate::{Error, Tx};

/// Events whose evidence is kept with a detection: the latest.
pub(super) const SAMPLES: i64 = 20;

/// An event of a detection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Of which.
    pub detection: DetectionId,
    /// Which event.
    pub event: EventId,
    /// When it was last seen, in milliseconds.
    pub at: i64,
    /// How often its sensor counted it.
    pub count: i64,
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

/// A sensor that was heard.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sensor {
    /// Which.
    pub tool: String,
    /// The cluster that it names; empty where none.
    pub cluster: String,
    /// The node that it names; empty where none.
    pub node: String,
}

/// Adds events to hours. Distinct by detection and hour (milliseconds of its beginning).
///
/// # Errors
/// When the database cannot be written.
pub async fn count_hours(tx: &Tx, counts: &[(DetectionId, i64, i64)]) -> Result<(), Error> {
    let mut given =
        Given::new(&[("detection_id", Type::Bytes), ("hour", Type::Integer), ("count", Type::Integer)]);
    for (detection, hour, count) in counts {
        given.push([bulk::id(*detection), (*hour).into(), (*count).into()]);
    }
    let sql = "INSERT INTO detection_hours (detection_id, hour, count) SELECT detection_id, hour, count FROM given \
               WHERE true ON CONFLICT (detection_id, hour) DO UPDATE SET count = detection_hours.count + excluded.count";
    tx.execute_given(given, sql, vec![]).await?;
    Ok(())
}

/// Keeps events, and of each detection the latest alone. Distinct by detection and event.
///
/// # Errors
/// When the database cannot be written.
pub async fn keep_samples(tx: &Tx, samples: &[Sample]) -> Result<(), Error> {
    let mut given = Given::new(SAMPLE);
    for one in samples {
        given.push([
            bulk::id(one.detection),
            bulk::id(one.event),
            one.at.into(),
            one.count.into(),
            one.severity_word.as_str().into(),
            one.evidence.clone().into(),
            one.node.clone().into(),
            one.name.clone().into(),
            one.container.clone().into(),
            one.container_id.clone().into(),
        ]);
    }
    let sql = "INSERT INTO detection_events (detection_id, event_id, at, count, severity_word, evidence, node, name, \
               container, container_id) SELECT detection_id, event_id, at, count, severity_word, evidence, node, name, \
               container, container_id FROM given WHERE true ON CONFLICT (detection_id, event_id) DO UPDATE SET \
               at = excluded.at, count = excluded.count, evidence = excluded.evidence";
    tx.execute_given(given, sql, vec![]).await?;
    let mut touched: Vec<DetectionId> = samples.iter().map(|one| one.detection).collect();
    touched.sort_unstable();
    touched.dedup();
    keep_latest(tx, &touched).await
}

/// Drops all but the latest events of some detections.
pub(super) async fn keep_latest(tx: &Tx, detections: &[DetectionId]) -> Result<(), Error> {
    let sql = format!(
        "DELETE FROM detection_events WHERE detection_id IN (SELECT key FROM given) AND {SAMPLES} <= \
         (SELECT COUNT(*) FROM detection_events l WHERE l.detection_id = detection_events.detection_id AND \
         (l.at > detection_events.at OR (l.at = detection_events.at AND l.event_id > detection_events.event_id)))"
    );
    tx.execute_given(Given::ids(detections.iter().copied()), &sql, vec![]).await?;
    Ok(())
}

const SAMPLE: &[(&str, Type)] = &[
    ("detection_id", Type::Bytes),
    ("event_id", Type::Bytes),
    ("at", Type::Integer),
    ("count", Type::Integer),
    ("severity_word", Type::Text),
    ("evidence", Type::Text),
    ("node", Type::Text),
    ("name", Type::Text),
    ("container", Type::Text),
    ("container_id", Type::Text),
];

/// Writes down that sensors were heard, each with how many events. Distinct by sensor.
///
/// # Errors
/// When the database cannot be written.
pub async fn hear(tx: &Tx, heard: &[(&Sensor, i64)], at: i64) -> Result<(), Error> {
    let mut given = Given::new(&[
        ("tool", Type::Text),
        ("cluster", Type::Text),
        ("node", Type::Text),
        ("events", Type::Integer),
    ]);
    for (sensor, events) in heard {
        given.push([
            sensor.tool.as_str().into(),
            sensor.cluster.as_str().into(),
            sensor.node.as_str().into(),
            (*events).into(),
        ]);
    }
    let sql = "INSERT INTO sensors (tool, cluster, node, first_heard_at, last_heard_at, events) \
               SELECT tool, cluster, node, $1, $1, events FROM given WHERE true ON CONFLICT (tool, cluster, node) \
               DO UPDATE SET last_heard_at = CASE WHEN excluded.last_heard_at > sensors.last_heard_at \
               THEN excluded.last_heard_at ELSE sensors.last_heard_at END, events = sensors.events + excluded.events";
    tx.execute_given(given, sql, vec![at.into()]).await?;
    Ok(())
}
