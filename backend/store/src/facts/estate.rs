//! Images, workloads and nodes as the estate's score needs them. Refuses retired ones.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use domain::exposure::Reach;
use domain::id::{ImageId, NodeId, WorkloadId};
use domain::workload::{ContainerSecurity, Criticality, Isolation};

use crate::bulk::{Given, query_given, read_given};
use crate::connection::Conn;
use crate::row::Row;
use crate::{Error, Tx};

/// Workloads to read at once: the rows of an answer take several times the room of what is made of them.
pub const PORTION: usize = 500;

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
    /// Instances that run it, as last counted.
    pub running: i64,
    /// Workloads that run it, as last counted.
    pub workloads: i64,
}

/// A workload that runs an image.
#[derive(Clone, Debug)]
pub struct RunnerFact {
    /// The image.
    pub image: ImageId,
    /// The workload's name.
    pub name: String,
    /// From where it can be reached, as last judged.
    pub reach: Reach,
    /// Why.
    pub reach_evidence: String,
    /// Criticality, if somebody said.
    pub criticality: Option<Criticality>,
    /// Instances of the image in it, of all its containers.
    pub instances: i64,
    /// Whether one of them runs for good, rather than only before the others.
    pub lasting: bool,
}

/// A cluster that has workloads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterFact {
    /// Its name.
    pub name: String,
    /// Workloads in it that are not retired.
    pub workloads: i64,
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

/// Every cluster with workloads, by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn clusters(tx: &Tx) -> Result<Vec<ClusterFact>, Error> {
    let sql =
        "SELECT cluster, COUNT(*) FROM workloads WHERE retired_at IS NULL GROUP BY cluster ORDER BY cluster";
    let rows = tx.query(sql, vec![]).await?;
    rows.iter().map(|row| Ok(ClusterFact { name: row.text(0)?, workloads: row.integer(1)? })).collect()
}

/// The clusters in which some images run or were asked for.
///
/// # Errors
/// When the database cannot be read.
pub async fn clusters_with(tx: &Tx, images: &[ImageId]) -> Result<BTreeSet<String>, Error> {
    let sql = "SELECT DISTINCT w.cluster FROM given JOIN containers c ON c.image_id = given.key \
               JOIN workloads w ON w.id = c.workload_id WHERE w.retired_at IS NULL";
    let rows = query_given(tx, Given::ids(images.iter().copied()), sql, vec![]).await?;
    rows.iter().map(|row| row.text(0)).collect()
}

/// The images of the containers in some clusters.
///
/// # Errors
/// When the database cannot be read.
pub async fn images_in(tx: &Tx, clusters: &[String]) -> Result<BTreeSet<ImageId>, Error> {
    let sql = "SELECT DISTINCT c.image_id FROM given JOIN workloads w ON w.cluster = given.key \
               JOIN containers c ON c.workload_id = w.id WHERE w.retired_at IS NULL AND c.image_id IS NOT NULL";
    Ok(read_given(tx, named(clusters), sql, |row| row.id(0)).await?.into_iter().collect())
}

/// Some images, by id.
///
/// # Errors
/// When the database cannot be read.
pub async fn images(tx: &Tx, ids: &[ImageId]) -> Result<Vec<ImageFact>, Error> {
    let sql = "SELECT i.id, i.name, i.digest, i.registry, i.repository, i.distribution, i.last_scanned_at, \
               i.hazard_internet, i.hazard_restricted, i.hazard_internal, i.hazard_isolated, \
               i.hazard_unknown, i.hazard_secret, i.due_exposed_at, i.due_internal_at, i.critical, i.high, \
               i.medium, i.low, i.unknown, i.fixable, i.kev, i.hazard_config, i.units, i.running, \
               i.workload_count FROM given JOIN images i ON i.id = given.key";
    let mut images = read_given(tx, Given::ids(ids.iter().copied()), sql, image).await?;
    images.sort_by_key(|image| image.id);
    Ok(images)
}

/// The workloads that run some images, with the reach they were last judged at; by image.
///
/// # Errors
/// When the database cannot be read.
pub async fn runners(tx: &Tx, images: &[ImageId]) -> Result<HashMap<ImageId, Vec<RunnerFact>>, Error> {
    let sql = "SELECT c.image_id, w.id, w.name, w.reach, w.reach_evidence, w.criticality, c.running, c.init \
               FROM given JOIN containers c ON c.image_id = given.key JOIN workloads w ON w.id = c.workload_id \
               WHERE w.retired_at IS NULL AND c.running > 0";
    let rows = query_given(tx, Given::ids(images.iter().copied()), sql, vec![]).await?;
    let mut runners: BTreeMap<(ImageId, WorkloadId), RunnerFact> = BTreeMap::new();
    for row in &rows {
        let image = row.id(0)?;
        let runner = runners.entry((image, row.id(1)?)).or_insert(RunnerFact {
            image,
            name: row.text(2)?,
            reach: Reach::from_word(&row.text(3)?),
            reach_evidence: row.text(4)?,
            criticality: row.optional_text(5)?.as_deref().and_then(Criticality::from_word),
            instances: 0,
            lasting: false,
        });
        runner.instances += row.integer(6)?;
        runner.lasting |= !row.boolean(7)?;
    }
    let mut by_image: HashMap<ImageId, Vec<RunnerFact>> = HashMap::new();
    for runner in runners.into_values() {
        by_image.entry(runner.image).or_default().push(runner);
    }
    Ok(by_image)
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
        running: row.integer(24)?,
        workloads: row.integer(25)?,
    })
}

/// The workloads of some clusters that are not retired, in order.
///
/// # Errors
/// When the database cannot be read.
pub async fn workload_ids(tx: &Tx, clusters: &[String]) -> Result<Vec<WorkloadId>, Error> {
    let sql = "SELECT w.id FROM given JOIN workloads w ON w.cluster = given.key WHERE w.retired_at IS NULL";
    let mut ids: Vec<WorkloadId> = read_given(tx, named(clusters), sql, |row| row.id(0)).await?;
    ids.sort_unstable();
    Ok(ids)
}

/// Some workloads with their containers and nodes, by id: three queries. No more than a [`PORTION`] should be asked for.
///
/// # Errors
/// When the database cannot be read.
pub async fn workloads(tx: &Tx, ids: &[WorkloadId]) -> Result<Vec<WorkloadFact>, Error> {
    let given = || Given::ids(ids.iter().copied());
    let sql = "SELECT w.id, w.cluster, w.namespace, w.kind, w.name, w.owner, w.criticality, w.labels, \
               w.isolation, w.provider FROM given JOIN workloads w ON w.id = given.key";
    let mut workloads = read_given(tx, given(), sql, workload).await?;
    workloads.sort_by_key(|workload| workload.id);
    let positions: HashMap<WorkloadId, usize> =
        workloads.iter().enumerate().map(|(position, workload)| (workload.id, position)).collect();
    let sql = "SELECT c.workload_id, c.position, c.image_id, c.registry, c.repository, c.running, c.init, \
               c.security FROM given JOIN containers c ON c.workload_id = given.key";
    for row in &query_given(tx, given(), sql, vec![]).await? {
        if let Some(&position) = positions.get(&row.id(0)?) {
            workloads[position].containers.push(container(row)?);
        }
    }
    let sql = "SELECT n.workload_id, n.node_id FROM given JOIN workload_nodes n ON n.workload_id = given.key";
    for row in &query_given(tx, given(), sql, vec![]).await? {
        if let Some(&position) = positions.get(&row.id(0)?) {
            workloads[position].nodes.push(row.id(1)?);
        }
    }
    for workload in &mut workloads {
        workload.containers.sort_by_key(|container| container.position);
        workload.nodes.sort_unstable();
    }
    Ok(workloads)
}

pub(super) fn named(clusters: &[String]) -> Given {
    Given::texts(clusters.iter().map(String::as_str))
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

/// The nodes of some clusters that are not retired, by id.
///
/// # Errors
/// When the database cannot be read.
pub async fn nodes(tx: &Tx, clusters: &[String]) -> Result<Vec<NodeFact>, Error> {
    let sql = "SELECT n.id, n.cluster, n.kernel_probability, n.public_address FROM given \
               JOIN nodes n ON n.cluster = given.key WHERE n.retired_at IS NULL";
    let mut nodes = read_given(tx, named(clusters), sql, node).await?;
    nodes.sort_by_key(|node| node.id);
    Ok(nodes)
}

fn node(row: &Row) -> Result<NodeFact, Error> {
    Ok(NodeFact {
        id: row.id(0)?,
        cluster: row.text(1)?,
        kernel_probability: row.optional_real(2)?,
        public_address: row.boolean(3)?,
    })
}
