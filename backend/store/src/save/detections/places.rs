//! What events may have happened on: workloads by namespace, name or digest, nodes by name, images by digest. Refuses to
//! choose among them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::id::{Id, ImageId, NodeId, WorkloadId};

use crate::bulk::{Given, query_given};
use crate::row::Row;
use crate::{Error, Tx};

/// A workload by its name, retired ones too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its id.
    pub id: WorkloadId,
    /// Cluster.
    pub cluster: String,
    /// Namespace.
    pub namespace: String,
    /// Controller kind.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Whether it is gone.
    pub retired: bool,
}

/// A node by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostRow {
    /// Its id.
    pub id: NodeId,
    /// Cluster.
    pub cluster: String,
    /// Name.
    pub name: String,
}

const PLACE: &str = "w.id, w.cluster, w.namespace, w.kind, w.name, w.retired_at";

/// The workloads in some namespaces, of some names, with containers of some digests, or of some ids; each once, by id.
///
/// # Errors
/// When the database does not answer.
pub async fn workloads_like(
    tx: &Tx,
    namespaces: &BTreeSet<&str>,
    names: &BTreeSet<&str>,
    digests: &BTreeSet<&str>,
    ids: &[WorkloadId],
) -> Result<Vec<Place>, Error> {
    let by_column =
        |column: &str| format!("SELECT {PLACE} FROM given JOIN workloads w ON w.{column} = given.key");
    let by_digest = format!(
        "SELECT DISTINCT {PLACE} FROM given JOIN containers c ON c.digest = given.key \
         JOIN workloads w ON w.id = c.workload_id"
    );
    let mut places = BTreeMap::new();
    let texts = |texts: &BTreeSet<&str>| Given::texts(texts.iter().copied());
    for (given, sql) in [
        (texts(namespaces), by_column("namespace")),
        (texts(names), by_column("name")),
        (texts(digests), by_digest),
        (Given::ids(ids.iter().copied()), by_column("id")),
    ] {
        for row in query_given(tx, given, &sql, vec![]).await? {
            let place = Place {
                id: row.id(0)?,
                cluster: row.text(1)?,
                namespace: row.text(2)?,
                kind: row.text(3)?,
                name: row.text(4)?,
                retired: row.optional_integer(5)?.is_some(),
            };
            places.insert(place.id, place);
        }
    }
    Ok(places.into_values().collect())
}

/// The names of the nodes that some workloads were seen on.
///
/// # Errors
/// When the database does not answer.
pub async fn placed_on(tx: &Tx, workloads: &[WorkloadId]) -> Result<HashMap<WorkloadId, Vec<String>>, Error> {
    let sql = "SELECT m.workload_id, n.name FROM given JOIN workload_nodes m ON m.workload_id = given.key \
               JOIN nodes n ON n.id = m.node_id";
    let mut nodes: HashMap<WorkloadId, Vec<String>> = HashMap::new();
    for row in query_given(tx, Given::ids(workloads.iter().copied()), sql, vec![]).await? {
        nodes.entry(row.id(0)?).or_default().push(row.text(1)?);
    }
    Ok(nodes)
}

/// The workload that each of some containers was seen to belong to by an earlier event, where it is one alone. Containers are
/// named by the first twelve letters of their ids, as sensors print them.
///
/// # Errors
/// When the database does not answer.
pub async fn workload_of_containers(
    tx: &Tx,
    containers: &BTreeSet<&str>,
) -> Result<HashMap<String, WorkloadId>, Error> {
    let sql = "SELECT DISTINCT given.key, d.workload_id FROM given \
               JOIN detection_events e ON SUBSTR(e.container_id, 1, 12) = given.key \
               JOIN detections d ON d.id = e.detection_id WHERE d.workload_id IS NOT NULL";
    alone(query_given(tx, Given::texts(containers.iter().copied()), sql, vec![]).await?)
}

/// The nodes of some names that are not retired.
///
/// # Errors
/// When the database does not answer.
pub async fn hosts_named(tx: &Tx, names: &BTreeSet<&str>) -> Result<Vec<HostRow>, Error> {
    let sql = "SELECT n.id, n.cluster, n.name FROM given JOIN nodes n ON n.name = given.key WHERE n.retired_at IS NULL";
    let rows = query_given(tx, Given::texts(names.iter().copied()), sql, vec![]).await?;
    rows.iter().map(|row| Ok(HostRow { id: row.id(0)?, cluster: row.text(1)?, name: row.text(2)? })).collect()
}

/// The image that each of some digests means, where it is one alone.
///
/// # Errors
/// When the database does not answer.
pub async fn image_of_digests(tx: &Tx, digests: &BTreeSet<&str>) -> Result<HashMap<String, ImageId>, Error> {
    let sql = "SELECT DISTINCT d.digest, d.image_id FROM given JOIN image_digests d ON d.digest = given.key";
    alone(query_given(tx, Given::texts(digests.iter().copied()), sql, vec![]).await?)
}

/// What each text leads to, where that is one alone.
fn alone<T>(rows: Vec<Row>) -> Result<HashMap<String, Id<T>>, Error> {
    let mut all: HashMap<String, BTreeSet<Id<T>>> = HashMap::new();
    for row in rows {
        all.entry(row.text(0)?).or_default().insert(row.id(1)?);
    }
    let only = |(text, ids): (String, BTreeSet<Id<T>>)| {
        let mut ids = ids.into_iter();
        match (ids.next(), ids.next()) {
            (Some(id), None) => Some((text, id)),
            _ => None,
        }
    };
    Ok(all.into_iter().filter_map(only).collect())
}
