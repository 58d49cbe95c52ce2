//! Detections as they are kept, read whole and written whole. Refuses to add up: the caller holds the lock and knows what
//! was there.

use std::collections::HashMap;

use domain::id::{DetectionId, ImageId, NodeId, WorkloadId};
use domain::severity::Severity;

use crate::bulk::{self, Given, Type, query_given};
use crate::connection::Value;
use crate::row::Row;
use crate::{Error, Tx};

/// One rule of one tool on one workload, or in one place where the workload is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detection {
    /// Its id.
    pub id: DetectionId,
    /// The sensor.
    pub tool: String,
    /// The sensor's rule.
    pub rule: String,
    /// `threat`, or `drift` where something ran that the image does not hold.
    pub class: String,
    /// The worst severity of its events.
    pub severity: Severity,
    /// The sensor's word for that.
    pub severity_word: String,
    /// One line for people.
    pub title: Option<String>,
    /// What proves the latest event.
    pub evidence: Option<String>,
    /// Techniques of MITRE ATT&CK.
    pub techniques: Vec<String>,
    /// The workload, once it is known.
    pub workload: Option<WorkloadId>,
    /// The image, once it is known.
    pub image_id: Option<ImageId>,
    /// The node of the latest event, where it is known.
    pub node_id: Option<NodeId>,
    /// The place of the latest event, as its sensor names it.
    pub place: SaidPlace,
    /// First event, in milliseconds.
    pub first_seen_at: i64,
    /// Last event, in milliseconds.
    pub last_seen_at: i64,
    /// Events.
    pub count: i64,
    /// `open`, `archived`, or one of [`super::DECISIONS`].
    pub disposition: String,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub disposed_by: String,
    /// When, in milliseconds.
    pub disposed_at: Option<i64>,
    /// Whether the score of its workload knows of it.
    pub judged: bool,
}

/// A place as a sensor names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaidPlace {
    /// Account.
    pub account: Option<String>,
    /// Region.
    pub region: Option<String>,
    /// Cluster.
    pub cluster: Option<String>,
    /// Namespace.
    pub namespace: Option<String>,
    /// Kind of the workload.
    pub kind: Option<String>,
    /// Name of the workload.
    pub name: Option<String>,
    /// Node.
    pub node: Option<String>,
    /// Container.
    pub container: Option<String>,
    /// The runtime's id of the container.
    pub container_id: Option<String>,
    /// Image as written.
    pub image: Option<String>,
    /// Digest that runs.
    pub digest: Option<String>,
}

/// The columns, in the order of [`cells`].
const DETECTION: &[(&str, Type)] = &[
    ("id", Type::Bytes),
    ("tool", Type::Text),
    ("rule", Type::Text),
    ("class", Type::Text),
    ("severity", Type::Small),
    ("severity_word", Type::Text),
    ("title", Type::Text),
    ("evidence", Type::Text),
    ("techniques", Type::Text),
    ("workload_id", Type::Bytes),
    ("image_id", Type::Bytes),
    ("node_id", Type::Bytes),
    ("account_id", Type::Text),
    ("region", Type::Text),
    ("cluster", Type::Text),
    ("namespace", Type::Text),
    ("kind", Type::Text),
    ("name", Type::Text),
    ("node", Type::Text),
    ("container", Type::Text),
    ("container_id", Type::Text),
    ("image", Type::Text),
    ("digest", Type::Text),
    ("first_seen_at", Type::Integer),
    ("last_seen_at", Type::Integer),
    ("count", Type::Integer),
    ("disposition", Type::Text),
    ("reason", Type::Text),
    ("disposed_by", Type::Text),
    ("disposed_at", Type::Integer),
    ("judged", Type::Boolean),
];

/// Some detections, by id.
///
/// # Errors
/// When the database does not answer.
pub async fn of_ids(tx: &Tx, ids: &[DetectionId]) -> Result<HashMap<DetectionId, Detection>, Error> {
    let sql = "SELECT d.* FROM given JOIN detections d ON d.id = given.key";
    let rows = query_given(tx, Given::ids(ids.iter().copied()), sql, vec![]).await?;
    rows.iter().map(read).map(|one| one.map(|one| (one.id, one))).collect()
}

/// Writes detections, over what was there of the same ids. Distinct by id.
///
/// # Errors
/// When the database cannot be written.
pub async fn put(tx: &Tx, detections: &[Detection]) -> Result<(), Error> {
    let mut given = Given::new(DETECTION);
    for one in detections {
        given.push(cells(one));
    }
    let names: Vec<&str> = DETECTION.iter().map(|(name, _)| *name).collect();
    let set: Vec<String> = names.iter().skip(1).map(|name| format!("{name} = excluded.{name}")).collect();
    let names = names.join(", ");
    let sql = format!(
        "INSERT INTO detections ({names}) SELECT {names} FROM given WHERE true \
         ON CONFLICT (id) DO UPDATE SET {}",
        set.join(", ")
    );
    tx.execute_given(given, &sql, vec![]).await?;
    Ok(())
}

fn cells(one: &Detection) -> [Value; 31] {
    let place = &one.place;
    let techniques = serde_json::to_string(&one.techniques).unwrap_or_else(|_| "[]".to_owned());
    [
        bulk::id(one.id),
        one.tool.as_str().into(),
        one.rule.as_str().into(),
        one.class.as_str().into(),
        one.severity.rank().into(),
        one.severity_word.as_str().into(),
        one.title.clone().into(),
        one.evidence.clone().into(),
        techniques.into(),
        optional_id(one.workload),
        optional_id(one.image_id),
        optional_id(one.node_id),
        place.account.clone().into(),
        place.region.clone().into(),
        place.cluster.clone().into(),
        place.namespace.clone().into(),
        place.kind.clone().into(),
        place.name.clone().into(),
        place.node.clone().into(),
        place.container.clone().into(),
        place.container_id.clone().into(),
        place.image.clone().into(),
        place.digest.clone().into(),
        one.first_seen_at.into(),
        one.last_seen_at.into(),
        one.count.into(),
        one.disposition.as_str().into(),
        one.reason.as_str().into(),
        one.disposed_by.as_str().into(),
        one.disposed_at.into(),
        one.judged.into(),
    ]
}

fn optional_id<T>(id: Option<domain::id::Id<T>>) -> Value {
    id.map(|id| id.as_bytes().to_vec()).into()
}

/// Reads a row of all columns.
pub(super) fn read(row: &Row) -> Result<Detection, Error> {
    Ok(Detection {
        id: row.id("id")?,
        tool: row.text("tool")?,
        rule: row.text("rule")?,
        class: row.text("class")?,
        severity: Severity::from_rank(row.small("severity")?),
        severity_word: row.text("severity_word")?,
        title: row.optional_text("title")?,
        evidence: row.optional_text("evidence")?,
        techniques: row.json("techniques")?,
        workload: row.optional_id("workload_id")?,
        image_id: row.optional_id("image_id")?,
        node_id: row.optional_id("node_id")?,
        place: read_place(row)?,
        first_seen_at: row.integer("first_seen_at")?,
        last_seen_at: row.integer("last_seen_at")?,
        count: row.integer("count")?,
        disposition: row.text("disposition")?,
        reason: row.text("reason")?,
        disposed_by: row.text("disposed_by")?,
        disposed_at: row.optional_integer("disposed_at")?,
        judged: row.boolean("judged")?,
    })
}

/// Reads the place of a detection.
pub(crate) fn read_place(row: &Row) -> Result<SaidPlace, Error> {
    Ok(SaidPlace {
        account: row.optional_text("account_id")?,
        region: row.optional_text("region")?,
        cluster: row.optional_text("cluster")?,
        namespace: row.optional_text("namespace")?,
        kind: row.optional_text("kind")?,
        name: row.optional_text("name")?,
        node: row.optional_text("node")?,
        container: row.optional_text("container")?,
        container_id: row.optional_text("container_id")?,
        image: row.optional_text("image")?,
        digest: row.optional_text("digest")?,
    })
}
