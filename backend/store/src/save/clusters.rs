//! Clusters as their provider describes them. Writes only rows that change.
//! Refuses to forget a setting because one answer did not mention it.

use domain::cluster::Cluster;
use domain::id::ObjectId;

use crate::bulk::{self, Given, Type};
use crate::{Error, Tx};

/// Adds or updates clusters. Distinct by id.
///
/// # Errors
/// When the database cannot be written.
pub async fn put(tx: &Tx, clusters: &[(ObjectId, &Cluster)], at: i64) -> Result<(), Error> {
    let mut given = Given::new(CLUSTER);
    for (id, cluster) in clusters {
        let account = cluster.account.as_ref();
        given.push([
            bulk::id(*id),
            cluster.name.as_str().into(),
            cluster.kind.as_str().into(),
            account.map_or("", |account| account.provider.as_str()).into(),
            account.map_or("", |account| account.id.as_str()).into(),
            cluster.region.clone().into(),
            cluster.version.clone().into(),
            bulk::optional_time(cluster.support_ends_at),
            cluster.public_endpoint.into(),
            serde_json::to_string(&cluster.allowed_networks).unwrap_or_default().into(),
            cluster.logging.as_ref().and_then(|logging| serde_json::to_string(logging).ok()).into(),
            cluster.node_groups.as_ref().and_then(|groups| serde_json::to_string(groups).ok()).into(),
            bulk::optional_time(cluster.created_at),
        ]);
    }
    tx.execute_given(given, PUT, vec![at.into()]).await?;
    Ok(())
}

const CLUSTER: &[(&str, Type)] = &[
    ("id", Type::Bytes),
    ("name", Type::Text),
    ("kind", Type::Text),
    ("provider", Type::Text),
    ("account_id", Type::Text),
    ("region", Type::Text),
    ("version", Type::Text),
    ("support_ends_at", Type::Integer),
    ("public_endpoint", Type::Boolean),
    ("allowed_networks", Type::Text),
    ("logging", Type::Text),
    ("node_groups", Type::Text),
    ("created_at", Type::Integer),
];

const PUT: &str = "INSERT INTO clusters (id, name, kind, provider, account_id, region, version, support_ends_at, \
    public_endpoint, allowed_networks, logging, node_groups, created_at, first_seen_at, last_changed_at) \
    SELECT id, name, kind, provider, account_id, region, version, support_ends_at, public_endpoint, \
    allowed_networks, logging, node_groups, created_at, $1, $1 FROM given WHERE true ON CONFLICT (id) DO UPDATE SET \
    version = COALESCE(excluded.version, clusters.version), \
    support_ends_at = COALESCE(excluded.support_ends_at, clusters.support_ends_at), \
    public_endpoint = COALESCE(excluded.public_endpoint, clusters.public_endpoint), \
    allowed_networks = excluded.allowed_networks, logging = COALESCE(excluded.logging, clusters.logging), \
    node_groups = COALESCE(excluded.node_groups, clusters.node_groups), \
    created_at = COALESCE(excluded.created_at, clusters.created_at), \
    last_changed_at = excluded.last_changed_at, retired_at = NULL \
    WHERE clusters.retired_at IS NOT NULL \
    OR clusters.version IS DISTINCT FROM COALESCE(excluded.version, clusters.version) \
    OR clusters.support_ends_at IS DISTINCT FROM COALESCE(excluded.support_ends_at, clusters.support_ends_at) \
    OR clusters.public_endpoint IS DISTINCT FROM COALESCE(excluded.public_endpoint, clusters.public_endpoint) \
    OR clusters.allowed_networks <> excluded.allowed_networks \
    OR clusters.logging IS DISTINCT FROM COALESCE(excluded.logging, clusters.logging) \
    OR clusters.node_groups IS DISTINCT FROM COALESCE(excluded.node_groups, clusters.node_groups)";
