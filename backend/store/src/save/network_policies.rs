//! Network policies. Refuses to apply one: whom they let in is judged elsewhere.

use domain::id::ObjectId;

use crate::bulk::{self, Given, Type};
use crate::upsert::Upsert;
use crate::{Error, Tx};

/// A network policy.
#[derive(Clone, Debug)]
pub struct NetworkPolicy {
    /// Its id.
    pub id: ObjectId,
    /// Cluster.
    pub cluster: String,
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// What it asks of labels of pods, as JSON.
    pub selector: String,
    /// Its rules as JSON; `null` where it does not speak of what comes in.
    pub ingress: String,
}

/// Adds or updates network policies. Distinct by cluster, namespace and name.
///
/// # Errors
/// When the database cannot be written.
pub async fn put_policies(tx: &Tx, policies: &[NetworkPolicy], at: i64) -> Result<(), Error> {
    let mut given = Given::new(POLICY);
    for policy in policies {
        given.push([
            bulk::id(policy.id),
            policy.cluster.as_str().into(),
            policy.namespace.as_str().into(),
            policy.name.as_str().into(),
            policy.selector.as_str().into(),
            policy.ingress.as_str().into(),
        ]);
    }
    POLICIES.put(tx, given, at).await?;
    Ok(())
}

const POLICY: &[(&str, Type)] = &[
    ("id", Type::Bytes),
    ("cluster", Type::Text),
    ("namespace", Type::Text),
    ("name", Type::Text),
    ("selector", Type::Text),
    ("ingress", Type::Text),
];

const POLICIES: Upsert = Upsert {
    table: "network_policies",
    key: "cluster, namespace, name",
    columns: POLICY,
    kept: &[],
    first_at: None,
    last_at: "last_seen_at",
    gone_at: "retired_at",
    ordered: true,
};
