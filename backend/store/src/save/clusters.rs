//! Clusters as their provider describes them.
//! Refuses to forget a setting because one answer did not mention it.

use domain::cluster::Cluster;
use domain::id::ObjectId;

use crate::bulk::{self, Given, Type};
use crate::upsert::Upsert;
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
    CLUSTERS.put(tx, given, at).await?;
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

const CLUSTERS: Upsert = Upsert {
    table: "clusters",
    key: "id",
    columns: CLUSTER,
    kept: &[
        "provider",
        "account_id",
        "region",
        "version",
        "support_ends_at",
        "public_endpoint",
        "logging",
        "node_groups",
        "channel",
        "managed",
        "private_nodes",
        "network_policy",
        "workload_identity",
        "legacy_access",
        "secrets_encryption",
        "settings",
        "created_at",
    ],
    first_at: Some("first_seen_at"),
    last_at: "last_changed_at",
    gone_at: "retired_at",
    ordered: false,
};
