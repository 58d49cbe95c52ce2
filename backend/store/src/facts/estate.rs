//! Images, workloads, nodes and routes as the estate's score needs them. Refuses retired ones.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use domain::id::{ImageId, NodeId, WorkloadId};
use domain::workload::{ContainerSecurity, Criticality, Isolation};

use crate::connection::Conn;
use crate::row::Row;
use crate::{Error, Tx};

/// An image with the hazards of its last judgement.
#[derive(Clone, Debug)]
pub struct ImageFact {
    /// Its id.
    pub id: ImageId,
    /// Name for people.
    pub name: String,
    /// The digest pages link to.
    pub digest: String,
    /// Registry host.
    pub registry: String,
    /// Repository.
    pub repository: String,
    /// Distribution family, if known.
    pub distribution: Option<String>,
    /// When a scan was last matched; absent when never.
    pub last_scanned_at: Option<DateTime<Utc>>,
    /// Known hazard at internet, restricted, internal, isolated, unknown.
    pub hazards: [i64; 5],
    /// Hazard of its secrets and malware.
    pub hazard_secret: i64,
    /// Earliest deadline of a fixable finding where the workload is exposed.
    pub due_exposed_at: Option<DateTime<Utc>>,
    /// The same where it is not.
    pub due_internal_at: Option<DateTime<Utc>>,
    /// Open vulnerabilities: critical, high, medium, low, unknown.
    pub severities: [i64; 5],
    /// Open findings with a fix.
    pub fixable: i64,
    /// Open findings in the KEV catalogue.
    pub kev: i64,
    /// Hazard of failed checks on it.
    pub hazard_config: i64,
    /// Its worst fix units, as JSON.
    pub units: String,
}

/// A workload that is not retired.
#[derive(Clone, Debug)]
pub struct WorkloadFact {
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
    /// Owner, if known.
    pub owner: Option<String>,
    /// Criticality, if somebody said.
    pub criticality: Option<Criticality>,
    /// Pod labels.
    pub labels: BTreeMap<String, String>,
    /// Isolation of its pods.
    pub isolation: Isolation,
    /// Whether an account or cluster record exists for where it runs.
    pub provider: String,
    /// Its containers.
    pub containers: Vec<ContainerFact>,
    /// The nodes it was last seen on.
    pub nodes: Vec<NodeId>,
}

/// One container of a workload.
#[derive(Clone, Debug)]
pub struct ContainerFact {
    /// Position in the workload.
    pub position: i64,
    /// The image that it runs, if it could be resolved.
    pub image: Option<ImageId>,
    /// Registry as written.
    pub registry: String,
    /// Repository as written.
    pub repository: String,
    /// Instances that run.
    pub running: i64,
    /// Whether it only runs before the others.
    pub init: bool,
    /// What it may do.
    pub security: ContainerSecurity,
}

/// A node that is not retired.
#[derive(Clone, Debug)]
pub struct NodeFact {
    /// Its id.
    pub id: NodeId,
    /// Cluster.
    pub cluster: String,
    /// Chance of an escape flaw in kernel or runtime; absent when nobody could tell.
    pub kernel_probability: Option<f64>,
    /// Whether it has an address on the internet.
    pub public_address: bool,
}

/// A route to workloads.
#[derive(Clone, Debug)]
pub struct ExposureFact {
    /// Cluster.
    pub cluster: String,
    /// Namespace.
    pub namespace: String,
    /// `Service`, `Ingress`.
    pub kind: String,
    /// Name.
    pub name: String,
    /// From where it can be reached.
    pub reach: String,
    /// Labels of the pods behind it.
    pub selector: BTreeMap<String, String>,
    /// Services behind it.
    pub backends: Vec<String>,
    /// Why.
    pub evidence: String,
}

/// Every image.
///
/// # Errors
/// When the database cannot be read.
pub async fn images(tx: &Tx) -> Result<Vec<ImageFact>, Error> {
    let sql = "SELECT id, name, digest, registry, repository, distribution, last_scanned_at, \
               hazard_internet, hazard_restricted, hazard_internal, hazard_isolated, hazard_unknown, \
               hazard_secret, due_exposed_at, due_internal_at, critical, high, medium, low, unknown, \
               fixable, kev, hazard_config, units FROM images ORDER BY id";
    let rows = tx.query(sql, vec![]).await?;
    rows.iter().map(image).collect()
}

fn image(row: &Row) -> Result<ImageFact, Error> {
    let five = |first: usize| -> Result<[i64; 5], Error> {
        let mut values = [0; 5];
        for (offset, value) in values.iter_mut().enumerate() {
            *value = row.integer(first + offset)?;
        }
        Ok(values)
    };
    Ok(ImageFact {
        id: row.id(0)?,
        name: row.text(1)?,
        digest: row.text(2)?,
        registry: row.text(3)?,
        repository: row.text(4)?,
        distribution: row.optional_text(5)?,
        last_scanned_at: row.optional_time(6)?,
        hazards: five(7)?,
        hazard_secret: row.integer(12)?,
        due_exposed_at: row.optional_time(13)?,
        due_internal_at: row.optional_time(14)?,
        severities: five(15)?,
        fixable: row.integer(20)?,
        kev: row.integer(21)?,
        hazard_config: row.integer(22)?,
        units: row.text(23)?,
    })
}

/// Every workload that is not retired, with containers and nodes: three queries.
///
/// # Errors
/// When the database cannot be read.
pub async fn workloads(tx: &Tx) -> Result<Vec<WorkloadFact>, Error> {
    let sql = "SELECT id, cluster, namespace, kind, name, owner, criticality, labels, isolation, provider \
               FROM workloads WHERE retired_at IS NULL ORDER BY id";
    let rows = tx.query(sql, vec![]).await?;
    let mut workloads = Vec::with_capacity(rows.len());
    let mut positions = HashMap::with_capacity(rows.len());
    for row in &rows {
        let workload = workload(row)?;
        positions.insert(workload.id, workloads.len());
        workloads.push(workload);
    }
    let sql = "SELECT workload_id, position, image_id, registry, repository, running, init, security \
               FROM containers ORDER BY workload_id, position";
    for row in &tx.query(sql, vec![]).await? {
        if let Some(&position) = positions.get(&row.id(0)?) {
            workloads[position].containers.push(container(row)?);
        }
    }
    let sql = "SELECT workload_id, node_id FROM workload_nodes ORDER BY workload_id, node_id";
    for row in &tx.query(sql, vec![]).await? {
        if let Some(&position) = positions.get(&row.id(0)?) {
            workloads[position].nodes.push(row.id(1)?);
        }
    }
    Ok(workloads)
}

fn workload(row: &Row) -> Result<WorkloadFact, Error> {
    Ok(WorkloadFact {
        id: row.id(0)?,
        cluster: row.text(1)?,
        namespace: row.text(2)?,
        kind: row.text(3)?,
        name: row.text(4)?,
        owner: row.optional_text(5)?,
        criticality: row.optional_text(6)?.as_deref().and_then(Criticality::from_word),
        labels: row.json(7)?,
        isolation: row.json(8)?,
        provider: row.text(9)?,
        containers: Vec::new(),
        nodes: Vec::new(),
    })
}

fn container(row: &Row) -> Result<ContainerFact, Error> {
    Ok(ContainerFact {
        position: row.integer(1)?,
        image: row.optional_id(2)?,
        registry: row.text(3)?,
        repository: row.text(4)?,
        running: row.integer(5)?,
        init: row.boolean(6)?,
        security: row.json(7)?,
    })
}

/// Every node that is not retired.
///
/// # Errors
/// When the database cannot be read.
pub async fn nodes(tx: &Tx) -> Result<Vec<NodeFact>, Error> {
    let sql = "SELECT id, cluster, kernel_probability, public_address FROM nodes \
               WHERE retired_at IS NULL ORDER BY id";
    let rows = tx.query(sql, vec![]).await?;
    rows.iter()
        .map(|row| {
            Ok(NodeFact {
                id: row.id(0)?,
                cluster: row.text(1)?,
                kernel_probability: row.optional_real(2)?,
                public_address: row.boolean(3)?,
            })
        })
        .collect()
}

/// Every route.
///
/// # Errors
/// When the database cannot be read.
pub async fn exposures(tx: &Tx) -> Result<Vec<ExposureFact>, Error> {
    let sql = "SELECT cluster, namespace, kind, name, reach, selector, backends, evidence FROM exposures \
               ORDER BY cluster, namespace, kind, name";
    let rows = tx.query(sql, vec![]).await?;
    rows.iter()
        .map(|row| {
            Ok(ExposureFact {
                cluster: row.text(0)?,
                namespace: row.text(1)?,
                kind: row.text(2)?,
                name: row.text(3)?,
                reach: row.text(4)?,
                selector: row.json(5)?,
                backends: row.json(6)?,
                evidence: row.text(7)?,
            })
        })
        .collect()
}
