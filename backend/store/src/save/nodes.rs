//! Accounts, and the nodes that workloads run on. Refuses to retire what a document merely does not mention.

use domain::id::NodeId;

use crate::bulk::{self, Given, Type};
use crate::upsert::Upsert;
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
    let mut given = Given::new(NODE);
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
    NODES.put(tx, given, at).await?;
    Ok(())
}

const NODE: &[(&str, Type)] = &[
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
];

const NODES: Upsert = Upsert {
    table: "nodes",
    key: "id",
    columns: NODE,
    kept: &[],
    first_at: Some("first_seen_at"),
    last_at: "last_seen_at",
    gone_at: "retired_at",
    ordered: true,
};
