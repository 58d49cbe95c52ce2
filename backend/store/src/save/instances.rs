//! The pods and containers of workloads, by which a sensor names them. Reads and writes what differs alone. Refuses to remember those
//! that are gone, and to touch the workload for a restart.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::id::WorkloadId;
use sha2::{Digest, Sha256};

use super::workloads::Workload;
use crate::bulk::{self, Given, Type, query_given};
use crate::connection::REPLACEMENT;
use crate::row::Row;
use crate::{Error, Tx};

/// A container in a pod or task.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instance {
    /// Pod or task.
    pub pod: String,
    /// Name of the container.
    pub container: String,
    /// Key of its id ([`domain::workload::container_key`]).
    pub container_id: Option<String>,
    /// Digest that runs, where containers of that name run several.
    pub digest: Option<String>,
}

/// Workload, pod and container.
type Key = (WorkloadId, String, String);
/// Container's id and digest.
type Told = (Option<String>, Option<String>);

const ROW: &str = "i.workload_id, i.pod, i.container, i.container_id, i.digest";

/// The instances of some pods by name, or of some containers by key.
///
/// # Errors
/// When the database does not answer.
pub async fn seen(
    tx: &Tx,
    pods: &BTreeSet<&str>,
    containers: &BTreeSet<String>,
) -> Result<BTreeSet<(WorkloadId, Instance)>, Error> {
    let by =
        |column: &str| format!("SELECT {ROW} FROM given JOIN workload_instances i ON i.{column} = given.key");
    let mut found = BTreeSet::new();
    let pods = Given::texts(pods.iter().copied());
    let containers = Given::texts(containers.iter().map(String::as_str));
    for (given, column) in [(pods, "pod"), (containers, "container_id")] {
        for row in query_given(tx, given, &by(column), vec![]).await? {
            let ((workload, pod, container), (container_id, digest)) = read(&row)?;
            found.insert((workload, Instance { pod, container, container_id, digest }));
        }
    }
    Ok(found)
}

/// Makes the instances on record those of the workloads that were seen running. Others keep theirs.
pub(super) async fn put(tx: &Tx, workloads: &[Workload]) -> Result<(), Error> {
    let moved = moved(tx, workloads).await?;
    if moved.is_empty() {
        return Ok(());
    }
    let ids = || Given::ids(moved.iter().map(|(workload, _)| workload.id));
    let sql = format!("SELECT {ROW} FROM given JOIN workload_instances i ON i.workload_id = given.key");
    let on_record = query_given(tx, ids(), &sql, vec![]).await?;
    let mut on_record: BTreeMap<Key, Told> = on_record.iter().map(read).collect::<Result<_, _>>()?;
    // NUL, which PostgreSQL does not take, stands as another character.
    let plain = |text: &str| text.replace('\0', REPLACEMENT);
    let (mut new, mut other) = (BTreeMap::new(), BTreeMap::new());
    for (workload, _) in &moved {
        for one in &workload.instances {
            let key = (workload.id, plain(&one.pod), plain(&one.container));
            let told = (one.container_id.clone(), one.digest.clone());
            match on_record.remove(&key) {
                Some(known) if known == told => {}
                Some(_) => drop(other.insert(key, told)),
                None => drop(new.insert(key, told)),
            }
        }
    }
    remove(tx, on_record.into_keys()).await?;
    let sql = "UPDATE workload_instances SET container_id = given.container_id, digest = given.digest FROM given \
               WHERE workload_instances.workload_id = given.workload_id AND workload_instances.pod = given.pod \
               AND workload_instances.container = given.container";
    tx.execute_given(rows(other), sql, vec![]).await?;
    let sql = "INSERT INTO workload_instances (workload_id, pod, container, container_id, digest) \
               SELECT workload_id, pod, container, container_id, digest FROM given";
    tx.execute_given(rows(new), sql, vec![]).await?;
    let mut sets = Given::new(SET);
    for (workload, fingerprint) in &moved {
        sets.push([bulk::id(workload.id), (*fingerprint).into()]);
    }
    let sql = "INSERT INTO workload_instance_sets (workload_id, fingerprint) SELECT workload_id, fingerprint FROM given \
               WHERE true ON CONFLICT (workload_id) DO UPDATE SET fingerprint = excluded.fingerprint";
    tx.execute_given(sets, sql, vec![]).await?;
    Ok(())
}

/// The workloads whose instances are others than those on record, with the fingerprint of them.
async fn moved<'w>(tx: &Tx, workloads: &'w [Workload]) -> Result<Vec<(&'w Workload, i64)>, Error> {
    let observed = || workloads.iter().filter(|workload| workload.observed);
    let sql = "SELECT s.workload_id, s.fingerprint FROM given JOIN workload_instance_sets s ON s.workload_id = given.key";
    let known = query_given(tx, Given::ids(observed().map(|workload| workload.id)), sql, vec![]).await?;
    let known: HashMap<WorkloadId, i64> =
        known.iter().map(|row| Ok((row.id(0)?, row.integer(1)?))).collect::<Result<_, Error>>()?;
    let with_fingerprint = observed().map(|workload| (workload, fingerprint(&workload.instances)));
    Ok(with_fingerprint
        .filter(|(workload, now)| {
            known.get(&workload.id).map_or(!workload.instances.is_empty(), |then| then != now)
        })
        .collect())
}

/// Changes when an instance does, in whatever order they come.
fn fingerprint(instances: &[Instance]) -> i64 {
    let mut ordered: Vec<&Instance> = instances.iter().collect();
    ordered.sort_unstable();
    let mut hasher = Sha256::new();
    for one in ordered {
        let texts = [Some(&one.pod), Some(&one.container), one.container_id.as_ref(), one.digest.as_ref()];
        for text in texts {
            let length = text.map_or(u64::MAX, |text| text.len() as u64);
            hasher.update(length.to_le_bytes());
            hasher.update(text.map_or(&[][..], |text| text.as_bytes()));
        }
    }
    let mut number = [0; 8];
    number.copy_from_slice(&hasher.finalize()[..8]);
    i64::from_le_bytes(number)
}

async fn remove(tx: &Tx, gone: impl Iterator<Item = Key>) -> Result<(), Error> {
    let mut given = Given::new(KEY);
    for (workload, pod, container) in gone {
        given.push([bulk::id(workload), pod.into(), container.into()]);
    }
    let sql = "DELETE FROM workload_instances WHERE workload_id IN (SELECT workload_id FROM given) \
               AND (workload_id, pod, container) IN (SELECT workload_id, pod, container FROM given)";
    tx.execute_given(given, sql, vec![]).await?;
    Ok(())
}

fn rows(instances: BTreeMap<Key, Told>) -> Given {
    let mut given = Given::new(INSTANCE);
    for ((workload, pod, container), (container_id, digest)) in instances {
        given.push([bulk::id(workload), pod.into(), container.into(), container_id.into(), digest.into()]);
    }
    given
}

/// Forgets the instances of workloads that are gone.
pub(super) async fn forget(tx: &Tx, workloads: &[WorkloadId]) -> Result<(), Error> {
    for table in ["workload_instances", "workload_instance_sets"] {
        let sql = format!("DELETE FROM {table} WHERE workload_id IN (SELECT key FROM given)");
        tx.execute_given(Given::ids(workloads.iter().copied()), &sql, vec![]).await?;
    }
    Ok(())
}

const KEY: &[(&str, Type)] = &[("workload_id", Type::Bytes), ("pod", Type::Text), ("container", Type::Text)];

const SET: &[(&str, Type)] = &[("workload_id", Type::Bytes), ("fingerprint", Type::Integer)];

const INSTANCE: &[(&str, Type)] = &[
    ("workload_id", Type::Bytes),
    ("pod", Type::Text),
    ("container", Type::Text),
    ("container_id", Type::Text),
    ("digest", Type::Text),
];

fn read(row: &Row) -> Result<(Key, Told), Error> {
    let key = (row.id(0)?, row.text(1)?, row.text(2)?);
    Ok((key, (row.optional_text(3)?, row.optional_text(4)?)))
}
