//! Workloads, their containers, and the nodes they were seen on. Writes what differs alone: an unchanged sync
//! writes no row. Refuses to retire what a document merely does not mention.

use std::collections::{BTreeSet, HashMap};

use domain::id::{ImageId, NodeId, WorkloadId};

use super::instances::{self, Instance};
use crate::bulk::{self, Given, Type, query_given};
use crate::connection::REPLACEMENT;
use crate::sources::SHOWN_BY;
use crate::upsert::Upsert;
use crate::{Error, Tx};

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
    /// Where they were seen.
    pub instances: Vec<Instance>,
}

/// A container of a workload, as it is written and read.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    pub digest_role: Option<String>,
    /// The image, if known.
    pub image_id: Option<ImageId>,
    /// Instances that run.
    pub running: i64,
    /// Whether it runs before the others.
    pub init: bool,
    /// Security context as JSON.
    pub security: String,
}

/// When some workloads were last described differently than before, in milliseconds.
///
/// # Errors
/// When the database does not answer.
pub async fn last_changed(tx: &Tx, ids: &[WorkloadId]) -> Result<HashMap<WorkloadId, i64>, Error> {
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

/// The containers on record of some workloads, in their order.
///
/// # Errors
/// When the database does not answer.
pub async fn containers(tx: &Tx, ids: &[WorkloadId]) -> Result<HashMap<WorkloadId, Vec<Container>>, Error> {
    let sql = "SELECT c.workload_id, c.position, c.name, c.image, c.registry, c.repository, c.tag, c.digest, \
               c.digest_role, c.image_id, c.running, c.init, c.security FROM given \
               JOIN containers c ON c.workload_id = given.key";
    let rows = query_given(tx, Given::ids(ids.iter().copied()), sql, vec![]).await?;
    let mut found: HashMap<WorkloadId, Vec<(i64, Container)>> = HashMap::new();
    for row in &rows {
        let container = Container {
            name: row.text("name")?,
            image: row.text("image")?,
            registry: row.text("registry")?,
            repository: row.text("repository")?,
            tag: row.text("tag")?,
            digest: row.optional_text("digest")?,
            digest_role: row.optional_text("digest_role")?,
            image_id: row.optional_id("image_id")?,
            running: row.integer("running")?,
            init: row.boolean("init")?,
            security: row.text("security")?,
        };
        found.entry(row.id("workload_id")?).or_default().push((row.integer("position")?, container));
    }
    let in_order = |mut containers: Vec<(i64, Container)>| {
        containers.sort_by_key(|(position, _)| *position);
        containers.into_iter().map(|(_, container)| container).collect()
    };
    Ok(found.into_iter().map(|(id, containers)| (id, in_order(containers))).collect())
}

/// Writes down when some workloads were last seen, which until now the scopes that show them tell: a complete run
/// has missed them.
///
/// # Errors
/// When the database cannot be written.
pub async fn put_last_seen(tx: &Tx, ids: &[WorkloadId]) -> Result<(), Error> {
    let sql = format!(
        "UPDATE workloads SET last_seen_at = shown.at FROM (SELECT o.object, MAX(s.last_complete_at) AS at \
         FROM {SHOWN_BY} WHERE o.object IN (SELECT key FROM given) AND NOT o.suspect GROUP BY o.object) AS shown \
         WHERE workloads.id = shown.object AND workloads.last_seen_at < shown.at"
    );
    tx.execute_given(Given::ids(ids.iter().copied()), &sql, vec![]).await?;
    Ok(())
}

/// Adds or updates workloads, and replaces containers that are not those `on_record`. Distinct by id.
///
/// # Errors
/// When the database cannot be written.
pub async fn put(
    tx: &Tx,
    workloads: &[Workload],
    on_record: &HashMap<WorkloadId, Vec<Container>>,
    at: i64,
) -> Result<(), Error> {
    if workloads.is_empty() {
        return Ok(());
    }
    let mut given = Given::new(WORKLOAD);
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
    WORKLOADS.put(tx, given, at).await?;
    let others: Vec<&Workload> = workloads
        .iter()
        .filter(|workload| !are_stored(&workload.containers, on_record.get(&workload.id)))
        .collect();
    replace_containers(tx, &others).await?;
    instances::put(tx, workloads).await?;
    let moved = moved(tx, workloads).await?;
    put_places(tx, &moved).await?;
    let changed = others.iter().chain(&moved).map(|workload| workload.id);
    let sql =
        "UPDATE workloads SET last_seen_at = $1 WHERE id IN (SELECT key FROM given) AND last_seen_at < $1";
    tx.execute_given(Given::ids(changed), sql, vec![at.into()]).await?;
    Ok(())
}

const WORKLOAD: &[(&str, Type)] = &[
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
];

const WORKLOADS: Upsert = Upsert {
    table: "workloads",
    key: "id",
    columns: WORKLOAD,
    kept: &["provider", "account_id", "region", "owner", "environment", "criticality", "replicas"],
    first_at: Some("first_seen_at"),
    last_at: "last_seen_at",
    gone_at: "retired_at",
    ordered: true,
};

/// Whether containers are those on record, where NUL, which PostgreSQL does not take, stands as another character.
fn are_stored(given: &[Container], on_record: Option<&Vec<Container>>) -> bool {
    let on_record = on_record.map(Vec::as_slice).unwrap_or_default();
    let plain = |text: &str| text.replace('\0', REPLACEMENT);
    let same = |(given, stored): (&Container, &Container)| {
        given == stored
            || *stored == Container { name: plain(&given.name), image: plain(&given.image), ..given.clone() }
    };
    given.len() == on_record.len() && given.iter().zip(on_record).all(same)
}

async fn replace_containers(tx: &Tx, workloads: &[&Workload]) -> Result<(), Error> {
    let ids = Given::ids(workloads.iter().map(|workload| workload.id));
    let sql = "DELETE FROM containers WHERE workload_id IN (SELECT key FROM given)";
    tx.execute_given(ids, sql, vec![]).await?;
    let mut given = Given::new(CONTAINER);
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
                container.digest_role.clone().into(),
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

const CONTAINER: &[(&str, Type)] = &[
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
];

/// Those that were seen on other nodes than is on record.
async fn moved<'a>(tx: &Tx, workloads: &'a [Workload]) -> Result<Vec<&'a Workload>, Error> {
    let observed = || workloads.iter().filter(|workload| workload.observed);
    let sql = "SELECT w.workload_id, w.node_id FROM given JOIN workload_nodes w ON w.workload_id = given.key";
    let ids = Given::ids(observed().map(|workload| workload.id));
    let mut places: HashMap<WorkloadId, BTreeSet<NodeId>> = HashMap::new();
    for row in query_given(tx, ids, sql, vec![]).await? {
        places.entry(row.id("workload_id")?).or_default().insert(row.id("node_id")?);
    }
    let elsewhere = |workload: &&Workload| {
        let nodes: BTreeSet<NodeId> = workload.nodes.iter().copied().collect();
        nodes != places.get(&workload.id).cloned().unwrap_or_default()
    };
    Ok(observed().filter(elsewhere).collect())
}

/// Writes down where workloads were seen.
async fn put_places(tx: &Tx, workloads: &[&Workload]) -> Result<(), Error> {
    let ids = Given::ids(workloads.iter().map(|workload| workload.id));
    let sql = "DELETE FROM workload_nodes WHERE workload_id IN (SELECT key FROM given)";
    tx.execute_given(ids, sql, vec![]).await?;
    let mut given = Given::new(&[("workload_id", Type::Bytes), ("node_id", Type::Bytes)]);
    for workload in workloads {
        for node in &workload.nodes {
            given.push([bulk::id(workload.id), bulk::id(*node)]);
        }
    }
    let sql = "INSERT INTO workload_nodes (workload_id, node_id) SELECT workload_id, node_id FROM given \
               WHERE true ON CONFLICT DO NOTHING";
    tx.execute_given(given, sql, vec![]).await?;
    Ok(())
}
