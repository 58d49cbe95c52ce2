//! Where things run: accounts, nodes, workloads with their containers.
//! Refuses to retire what a document merely does not mention.

use std::collections::{BTreeSet, HashMap};

use domain::id::{ImageId, NodeId, WorkloadId};

use crate::bulk::{self, Given, Type, query_given};
use crate::{Error, Tx};

/// A node.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its id.
    pub id: NodeId,
    /// Cluster.
    pub cluster: String,
    /// Name.
    pub name: String,
    /// Provider of its account, or empty.
    pub provider: String,
    /// Its account, or empty.
    pub account: String,
    /// Region.
    pub region: Option<String>,
    /// Distribution.
    pub os_image: Option<String>,
    /// Kernel release.
    pub kernel: Option<String>,
    /// Container runtime.
    pub runtime: Option<String>,
    /// Kubelet version.
    pub kubelet: Option<String>,
    /// Whether it has an address on the internet.
    pub public_address: bool,
}

/// A workload.
#[derive(Clone, Debug)]
pub struct Workload {
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
    /// Provider of its account, or empty.
    pub provider: String,
    /// Its account, or empty: then its nodes say it.
    pub account: String,
    /// Region.
    pub region: Option<String>,
    /// Owner.
    pub owner: Option<String>,
    /// Environment.
    pub environment: Option<String>,
    /// Criticality word.
    pub criticality: Option<&'static str>,
    /// Replicas wanted.
    pub replicas: Option<i64>,
    /// Labels as JSON.
    pub labels: String,
    /// Isolation as JSON.
    pub isolation: String,
    /// Whether the containers are what was seen running, rather than what was asked for.
    pub observed: bool,
    /// Nodes it was seen on.
    pub nodes: Vec<NodeId>,
    /// Its containers.
    pub containers: Vec<Container>,
}

/// A container of a workload.
#[derive(Clone, Debug)]
pub struct Container {
    /// Name.
    pub name: String,
    /// Image as written.
    pub image: String,
    /// Registry, or empty.
    pub registry: String,
    /// Repository, or empty.
    pub repository: String,
    /// Tag, or empty.
    pub tag: String,
    /// Digest that runs.
    pub digest: Option<String>,
    /// What that digest names.
    pub digest_role: Option<&'static str>,
    /// The image, if known.
    pub image_id: Option<ImageId>,
    /// Instances that run.
    pub running: i64,
    /// Whether it runs before the others.
    pub init: bool,
    /// Security context as JSON.
    pub security: String,
}

/// Adds accounts: provider, id and name. Distinct by provider and id.
///
/// # Errors
/// When the database cannot be written.
pub async fn put_accounts(tx: &Tx, accounts: &[(&str, &str, Option<&str>)], at: i64) -> Result<(), Error> {
    let mut given = Given::new(&[("provider", Type::Text), ("id", Type::Text), ("name", Type::Text)]);
    for (provider, id, name) in accounts {
        given.push([(*provider).into(), (*id).into(), (*name).into()]);
    }
    let sql = "INSERT INTO accounts (provider, id, name, first_seen_at) SELECT provider, id, name, $1 FROM given \
               WHERE true ON CONFLICT (provider, id) DO UPDATE SET name = excluded.name \
               WHERE excluded.name IS NOT NULL AND accounts.name IS DISTINCT FROM excluded.name";
    tx.execute_given(given, sql, vec![at.into()]).await?;
    Ok(())
}

/// Adds or updates nodes. Distinct by id.
///
/// # Errors
/// When the database cannot be written.
pub async fn put_nodes(tx: &Tx, nodes: &[Node], at: i64) -> Result<(), Error> {
    let mut given = Given::new(&[
        ("id", Type::Bytes),
        ("cluster", Type::Text),
        ("name", Type::Text),
        ("provider", Type::Text),
        ("account_id", Type::Text),
        ("region", Type::Text),
        ("os_image", Type::Text),
        ("kernel", Type::Text),
        ("runtime", Type::Text),
        ("kubelet", Type::Text),
        ("public_address", Type::Boolean),
    ]);
    for node in nodes {
        given.push([
            bulk::id(node.id),
            node.cluster.as_str().into(),
            node.name.as_str().into(),
            node.provider.as_str().into(),
            node.account.as_str().into(),
            node.region.clone().into(),
            node.os_image.clone().into(),
            node.kernel.clone().into(),
            node.runtime.clone().into(),
            node.kubelet.clone().into(),
            node.public_address.into(),
        ]);
    }
    let sql = "INSERT INTO nodes (id, cluster, name, provider, account_id, region, os_image, kernel, runtime, \
               kubelet, public_address, first_seen_at, last_seen_at) SELECT id, cluster, name, provider, \
               account_id, region, os_image, kernel, runtime, kubelet, public_address, $1, $1 FROM given \
               WHERE true ON CONFLICT (id) DO UPDATE SET provider = excluded.provider, \
               account_id = excluded.account_id, region = excluded.region, os_image = excluded.os_image, \
               kernel = excluded.kernel, runtime = excluded.runtime, kubelet = excluded.kubelet, \
               public_address = excluded.public_address, last_seen_at = excluded.last_seen_at, \
               retired_at = NULL WHERE excluded.last_seen_at >= nodes.last_seen_at";
    tx.execute_given(given, sql, vec![at.into()]).await?;
    Ok(())
}

/// When some workloads were last seen, in milliseconds.
///
/// # Errors
/// When the database does not answer.
pub async fn last_seen(tx: &Tx, ids: &[WorkloadId]) -> Result<HashMap<WorkloadId, i64>, Error> {
    let sql = "SELECT w.id, w.last_seen_at FROM given JOIN workloads w ON w.id = given.key";
    let rows = query_given(tx, Given::ids(ids.iter().copied()), sql, vec![]).await?;
    rows.iter().map(|row| Ok((row.id("id")?, row.integer("last_seen_at")?))).collect()
}

/// The images of the containers on record of some workloads.
///
/// # Errors
/// When the database does not answer.
pub async fn images_of(tx: &Tx, ids: &[WorkloadId]) -> Result<Vec<ImageId>, Error> {
    let sql = "SELECT DISTINCT c.image_id FROM given JOIN containers c ON c.workload_id = given.key \
               WHERE c.image_id IS NOT NULL";
    let rows = query_given(tx, Given::ids(ids.iter().copied()), sql, vec![]).await?;
    let images: BTreeSet<ImageId> = rows.iter().map(|row| row.id(0)).collect::<Result<_, _>>()?;
    Ok(images.into_iter().collect())
}

/// What is on record of a container that runs.
#[derive(Clone, Debug)]
pub struct Running {
    /// Digest that runs.
    pub digest: Option<String>,
    /// What that digest names.
    pub digest_role: Option<String>,
    /// The image.
    pub image: Option<ImageId>,
    /// Instances.
    pub instances: i64,
}

/// The containers on record of some workloads, by name and image as written.
///
/// # Errors
/// When the database does not answer.
pub async fn running(
    tx: &Tx,
    ids: &[WorkloadId],
) -> Result<HashMap<(WorkloadId, String, String), Running>, Error> {
    let sql = "SELECT c.workload_id, c.name, c.image, c.digest, c.digest_role, c.image_id, c.running \
               FROM given JOIN containers c ON c.workload_id = given.key";
    let rows = query_given(tx, Given::ids(ids.iter().copied()), sql, vec![]).await?;
    rows.iter()
        .map(|row| {
            let key = (row.id("workload_id")?, row.text("name")?, row.text("image")?);
            let running = Running {
                digest: row.optional_text("digest")?,
                digest_role: row.optional_text("digest_role")?,
                image: row.optional_id("image_id")?,
                instances: row.integer("running")?,
            };
            Ok((key, running))
        })
        .collect()
}

/// Adds or updates workloads and replaces their containers. Distinct by id.
///
/// # Errors
/// When the database cannot be written.
pub async fn put_workloads(tx: &Tx, workloads: &[Workload], at: i64) -> Result<(), Error> {
    if workloads.is_empty() {
        return Ok(());
    }
    let mut given = Given::new(&[
        ("id", Type::Bytes),
        ("cluster", Type::Text),
        ("namespace", Type::Text),
        ("kind", Type::Text),
        ("name", Type::Text),
        ("provider", Type::Text),
        ("account_id", Type::Text),
        ("region", Type::Text),
        ("owner", Type::Text),
        ("environment", Type::Text),
        ("criticality", Type::Text),
        ("replicas", Type::Integer),
        ("labels", Type::Text),
        ("isolation", Type::Text),
    ]);
    for workload in workloads {
        given.push([
            bulk::id(workload.id),
            workload.cluster.as_str().into(),
            workload.namespace.as_str().into(),
            workload.kind.as_str().into(),
            workload.name.as_str().into(),
            workload.provider.as_str().into(),
            workload.account.as_str().into(),
            workload.region.clone().into(),
            workload.owner.clone().into(),
            workload.environment.clone().into(),
            workload.criticality.into(),
            workload.replicas.into(),
            workload.labels.as_str().into(),
            workload.isolation.as_str().into(),
        ]);
    }
    let sql = "INSERT INTO workloads (id, cluster, namespace, kind, name, provider, account_id, region, owner, \
               environment, criticality, replicas, labels, isolation, first_seen_at, last_seen_at) SELECT id, cluster, \
               namespace, kind, name, provider, account_id, region, owner, environment, criticality, replicas, labels, \
               isolation, $1, $1 FROM given WHERE true ON CONFLICT (id) DO UPDATE SET \
               provider = COALESCE(NULLIF(excluded.provider, ''), workloads.provider), \
               account_id = COALESCE(NULLIF(excluded.account_id, ''), workloads.account_id), \
               region = COALESCE(excluded.region, workloads.region), owner = COALESCE(excluded.owner, workloads.owner), \
               environment = COALESCE(excluded.environment, workloads.environment), \
               criticality = COALESCE(excluded.criticality, workloads.criticality), \
               replicas = COALESCE(excluded.replicas, workloads.replicas), labels = excluded.labels, \
               isolation = excluded.isolation, last_seen_at = excluded.last_seen_at, retired_at = NULL";
    tx.execute_given(given, sql, vec![at.into()]).await?;
    put_containers(tx, workloads).await?;
    put_places(tx, workloads).await
}

async fn put_containers(tx: &Tx, workloads: &[Workload]) -> Result<(), Error> {
    let ids = Given::ids(workloads.iter().map(|workload| workload.id));
    tx.execute_given(ids, "DELETE FROM containers WHERE workload_id IN (SELECT key FROM given)", vec![])
        .await?;
    let mut given = Given::new(&[
        ("workload_id", Type::Bytes),
        ("position", Type::Integer),
        ("name", Type::Text),
        ("image", Type::Text),
        ("registry", Type::Text),
        ("repository", Type::Text),
        ("tag", Type::Text),
        ("digest", Type::Text),
        ("digest_role", Type::Text),
        ("image_id", Type::Bytes),
        ("running", Type::Integer),
        ("init", Type::Boolean),
        ("security", Type::Text),
    ]);
    for workload in workloads {
        for (position, container) in (0_i64..).zip(&workload.containers) {
            given.push([
                bulk::id(workload.id),
                position.into(),
                container.name.as_str().into(),
                container.image.as_str().into(),
                container.registry.as_str().into(),
                container.repository.as_str().into(),
                container.tag.as_str().into(),
                container.digest.clone().into(),
                container.digest_role.into(),
                container.image_id.map(|id| id.as_bytes().to_vec()).into(),
                container.running.into(),
                container.init.into(),
                container.security.as_str().into(),
            ]);
        }
    }
    let sql = "INSERT INTO containers (workload_id, position, name, image, registry, repository, tag, digest, \
               digest_role, image_id, running, init, security) SELECT workload_id, position, name, image, \
               registry, repository, tag, digest, digest_role, image_id, running, init, security FROM given \
               WHERE true";
    tx.execute_given(given, sql, vec![]).await?;
    Ok(())
}

/// Gives workloads the cloud, account and region of their nodes: these workloads, and those on these nodes. Nodes
/// that name no account take none away.
///
/// # Errors
/// When the database cannot be written.
pub async fn locate(tx: &Tx, workloads: &[WorkloadId], nodes: &[NodeId]) -> Result<(), Error> {
    let update = |scope: &str| {
        format!(
            "UPDATE workloads SET provider = place.provider, \
             account_id = COALESCE(NULLIF(place.account_id, ''), workloads.account_id), \
             region = place.region FROM (SELECT w.workload_id, MIN(n.provider) AS provider, \
             MIN(n.account_id) AS account_id, MIN(n.region) AS region FROM given {scope} \
             JOIN nodes n ON n.id = w.node_id AND n.provider <> '' GROUP BY w.workload_id) place \
             WHERE workloads.id = place.workload_id AND (workloads.provider <> place.provider \
             OR workloads.account_id <> COALESCE(NULLIF(place.account_id, ''), workloads.account_id) \
             OR workloads.region IS DISTINCT FROM place.region)"
        )
    };
    let these = update("JOIN workload_nodes w ON w.workload_id = given.key");
    tx.execute_given(Given::ids(workloads.iter().copied()), &these, vec![]).await?;
    let on_them = update(
        "JOIN workload_nodes o ON o.node_id = given.key JOIN workload_nodes w ON w.workload_id = o.workload_id",
    );
    tx.execute_given(Given::ids(nodes.iter().copied()), &on_them, vec![]).await?;
    Ok(())
}

/// Where workloads were seen.
async fn put_places(tx: &Tx, workloads: &[Workload]) -> Result<(), Error> {
    let observed = || workloads.iter().filter(|workload| workload.observed);
    let ids = Given::ids(observed().map(|workload| workload.id));
    let sql = "DELETE FROM workload_nodes WHERE workload_id IN (SELECT key FROM given)";
    tx.execute_given(ids, sql, vec![]).await?;
    let mut given = Given::new(&[("workload_id", Type::Bytes), ("node_id", Type::Bytes)]);
    for workload in observed() {
        for node in &workload.nodes {
            given.push([bulk::id(workload.id), bulk::id(*node)]);
        }
    }
    let sql = "INSERT INTO workload_nodes (workload_id, node_id) SELECT workload_id, node_id FROM given \
               WHERE true ON CONFLICT DO NOTHING";
    tx.execute_given(given, sql, vec![]).await?;
    Ok(())
}

/// Gives workloads of these clusters that neither they nor their nodes place in an account that of their cluster, if
/// their provider describes one of its name in a single account.
///
/// # Errors
/// When the database cannot be written.
pub async fn place_in_accounts(tx: &Tx, clusters: &BTreeSet<&str>) -> Result<(), Error> {
    let sql = "UPDATE workloads SET account_id = place.account_id FROM (SELECT c.name, c.provider, \
               MIN(c.account_id) AS account_id FROM given JOIN clusters c ON c.name = given.key \
               WHERE c.retired_at IS NULL AND c.account_id <> '' GROUP BY c.name, c.provider \
               HAVING COUNT(DISTINCT c.account_id) = 1) place \
               WHERE workloads.cluster = place.name AND workloads.provider = place.provider \
               AND workloads.account_id = ''";
    tx.execute_given(Given::texts(clusters.iter().copied()), sql, vec![]).await?;
    Ok(())
}
