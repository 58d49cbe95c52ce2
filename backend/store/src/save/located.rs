//! Where workloads are that do not say so themselves: what their nodes or their cluster tell.
//! Refuses to take an account away because a node names none.

use std::collections::BTreeSet;

use domain::id::{NodeId, WorkloadId};

use crate::bulk::Given;
use crate::{Error, Tx};

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
