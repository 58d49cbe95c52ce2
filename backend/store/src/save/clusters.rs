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
            bulk::optional_json(cluster.logging.as_ref()),
            bulk::optional_json(cluster.node_groups.as_ref()),
            cluster.channel.clone().into(),
            cluster.managed.clone().into(),
            cluster.private_nodes.into(),
            cluster.network_policy.clone().into(),
            cluster.workload_identity.into(),
            bulk::optional_json(cluster.legacy_access.as_ref()),
            cluster.secrets_encryption.clone().into(),
            bulk::optional_json(Some(&cluster.settings).filter(|settings| !settings.is_empty())),
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
    ("channel", Type::Text),
    ("managed", Type::Text),
    ("private_nodes", Type::Boolean),
    ("network_policy", Type::Text),
    ("workload_identity", Type::Boolean),
    ("legacy_access", Type::Text),
    ("secrets_encryption", Type::Text),
    ("settings", Type::Text),
    ("created_at", Type::Integer),
];

const PUT: &str = "INSERT INTO clusters (id, name, kind, provider, account_id, region, version, support_ends_at, \
    public_endpoint, allowed_networks, logging, node_groups, channel, managed, private_nodes, network_policy, \
    workload_identity, legacy_access, secrets_encryption, settings, created_at, first_seen_at, last_changed_at) \
    SELECT id, name, kind, provider, account_id, region, version, support_ends_at, public_endpoint, \
    allowed_networks, logging, node_groups, channel, managed, private_nodes, network_policy, workload_identity, \
    legacy_access, secrets_encryption, settings, created_at, $1, $1 FROM given WHERE true ON CONFLICT (id) DO UPDATE SET \
    version = COALESCE(excluded.version, clusters.version), \
    support_ends_at = COALESCE(excluded.support_ends_at, clusters.support_ends_at), \
    public_endpoint = COALESCE(excluded.public_endpoint, clusters.public_endpoint), \
    allowed_networks = excluded.allowed_networks, logging = COALESCE(excluded.logging, clusters.logging), \
    node_groups = COALESCE(excluded.node_groups, clusters.node_groups), \
    channel = COALESCE(excluded.channel, clusters.channel), \
    managed = COALESCE(excluded.managed, clusters.managed), \
    private_nodes = COALESCE(excluded.private_nodes, clusters.private_nodes), \
    network_policy = COALESCE(excluded.network_policy, clusters.network_policy), \
    workload_identity = COALESCE(excluded.workload_identity, clusters.workload_identity), \
    legacy_access = COALESCE(excluded.legacy_access, clusters.legacy_access), \
    secrets_encryption = COALESCE(excluded.secrets_encryption, clusters.secrets_encryption), \
    settings = COALESCE(excluded.settings, clusters.settings), \
    created_at = COALESCE(excluded.created_at, clusters.created_at), \
    last_changed_at = excluded.last_changed_at, retired_at = NULL \
    WHERE clusters.retired_at IS NOT NULL \
    OR clusters.version IS DISTINCT FROM COALESCE(excluded.version, clusters.version) \
    OR clusters.support_ends_at IS DISTINCT FROM COALESCE(excluded.support_ends_at, clusters.support_ends_at) \
    OR clusters.public_endpoint IS DISTINCT FROM COALESCE(excluded.public_endpoint, clusters.public_endpoint) \
    OR clusters.allowed_networks <> excluded.allowed_networks \
    OR clusters.logging IS DISTINCT FROM COALESCE(excluded.logging, clusters.logging) \
    OR clusters.node_groups IS DISTINCT FROM COALESCE(excluded.node_groups, clusters.node_groups) \
    OR clusters.channel IS DISTINCT FROM COALESCE(excluded.channel, clusters.channel) \
    OR clusters.managed IS DISTINCT FROM COALESCE(excluded.managed, clusters.managed) \
    OR clusters.private_nodes IS DISTINCT FROM COALESCE(excluded.private_nodes, clusters.private_nodes) \
    OR clusters.network_policy IS DISTINCT FROM COALESCE(excluded.network_policy, clusters.network_policy) \
    OR clusters.workload_identity IS DISTINCT FROM COALESCE(excluded.workload_identity, clusters.workload_identity) \
    OR clusters.legacy_access IS DISTINCT FROM COALESCE(excluded.legacy_access, clusters.legacy_access) \
    OR clusters.secrets_encryption IS DISTINCT FROM COALESCE(excluded.secrets_encryption, clusters.secrets_encryption) \
    OR clusters.settings IS DISTINCT FROM COALESCE(excluded.settings, clusters.settings)";
