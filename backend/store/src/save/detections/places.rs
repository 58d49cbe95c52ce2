//! What events may have happened on: workloads by namespace, name or digest, nodes by name, images by digest. Refuses to
//! choose among them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::id::{ImageId, NodeId, WorkloadId};

use crate::bulk::{Given, query_given};
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

/// The workloads in some namespaces, of some names, or with containers of some digests; each once, by id.
///
/// # Errors
/// When the database does not answer.
pub async fn workloads_like(
    tx: &Tx,
    namespaces: &BTreeSet<&str>,
    names: &BTreeSet<&str>,
    digests: &BTreeSet<&str>,
) -> Result<Vec<Place>, Error> {
    let by_column =
        |column: &str| format!("SELECT {PLACE} FROM given JOIN workloads w ON w.{column} = given.key");
    let by_digest = format!(
        "SELECT DISTINCT {PLACE} FROM given JOIN containers c ON c.digest = given.key \
         JOIN workloads w ON w.id = c.workload_id"
    );
    let mut places = BTreeMap::new();
    for (texts, sql) in
        [(namespaces, by_column("namespace")), (names, by_column("name")), (digests, by_digest)]
    {
        for row in query_given(tx, Given::texts(texts.iter().copied()), &sql, vec![]).await? {
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
    let mut images: HashMap<String, BTreeSet<ImageId>> = HashMap::new();
    for row in query_given(tx, Given::texts(digests.iter().copied()), sql, vec![]).await? {
        images.entry(row.text(0)?).or_default().insert(row.id(1)?);
    }
    let alone = |(digest, ids): (String, BTreeSet<ImageId>)| {
        let mut ids = ids.into_iter();
        match (ids.next(), ids.next()) {
            (Some(id), None) => Some((digest, id)),
            _ => None,
        }
    };
    Ok(images.into_iter().filter_map(alone).collect())
}
