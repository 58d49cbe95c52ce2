//! The pods and containers of workloads, by which a sensor names them. Writes what differs alone. Refuses to remember those
//! that are gone, and to touch the workload for a restart.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::WorkloadId;

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
    /// Digest that runs.
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
    let observed = || workloads.iter().filter(|workload| workload.observed);
    let sql = format!("SELECT {ROW} FROM given JOIN workload_instances i ON i.workload_id = given.key");
    let ids = Given::ids(observed().map(|workload| workload.id));
    let on_record = query_given(tx, ids, &sql, vec![]).await?;
    let mut on_record: BTreeMap<Key, Told> = on_record.iter().map(read).collect::<Result<_, _>>()?;
    // NUL, which PostgreSQL does not take, stands as another character.
    let plain = |text: &str| text.replace('\0', REPLACEMENT);
    let mut news: BTreeMap<Key, Told> = BTreeMap::new();
    for workload in observed() {
        for one in &workload.instances {
            let key = (workload.id, plain(&one.pod), plain(&one.container));
            news.insert(key, (one.container_id.clone(), one.digest.clone()));
        }
    }
    news.retain(|key, told| on_record.remove(key).as_ref() != Some(&*told));
    let mut gone = Given::new(KEY);
    for ((workload, pod, container), _) in on_record {
        gone.push([bulk::id(workload), pod.into(), container.into()]);
    }
    let sql = "DELETE FROM workload_instances WHERE (workload_id, pod, container) IN \
               (SELECT workload_id, pod, container FROM given)";
    tx.execute_given(gone, sql, vec![]).await?;
    let mut given = Given::new(INSTANCE);
    for ((workload, pod, container), (container_id, digest)) in news {
        given.push([bulk::id(workload), pod.into(), container.into(), container_id.into(), digest.into()]);
    }
    let sql = "INSERT INTO workload_instances (workload_id, pod, container, container_id, digest) \
               SELECT workload_id, pod, container, container_id, digest FROM given WHERE true \
               ON CONFLICT (workload_id, pod, container) DO UPDATE SET container_id = excluded.container_id, \
               digest = excluded.digest";
    tx.execute_given(given, sql, vec![]).await?;
    Ok(())
}

/// Forgets the instances of workloads that are gone.
pub(super) async fn forget(tx: &Tx, workloads: &[WorkloadId]) -> Result<(), Error> {
    let sql = "DELETE FROM workload_instances WHERE workload_id IN (SELECT key FROM given)";
    tx.execute_given(Given::ids(workloads.iter().copied()), sql, vec![]).await?;
    Ok(())
}

const KEY: &[(&str, Type)] = &[("workload_id", Type::Bytes), ("pod", Type::Text), ("container", Type::Text)];

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
