//! Routes to workloads. Refuses to follow one: who is reached is judged elsewhere.

use domain::id::ObjectId;

use crate::bulk::{self, Given, Type};
use crate::upsert::Upsert;
use crate::{Error, Tx};

/// A route to workloads.
#[derive(Clone, Debug)]
pub struct Route {
    /// Its id.
    pub id: ObjectId,
    /// Cluster.
    pub cluster: String,
    /// Namespace.
    pub namespace: String,
    /// `Service`, `Ingress`.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Reach word.
    pub reach: &'static str,
    /// Labels of pods as JSON.
    pub selector: String,
    /// Services behind it as JSON.
    pub backends: String,
    /// Why this reach.
    pub evidence: String,
    /// How what comes this way arrives, as JSON.
    pub landing: String,
}

/// Adds or updates routes. Distinct by cluster, namespace, kind and name.
///
/// # Errors
/// When the database cannot be written.
pub async fn put_routes(tx: &Tx, routes: &[Route], at: i64) -> Result<(), Error> {
    let mut given = Given::new(ROUTE);
    for route in routes {
        given.push([
            bulk::id(route.id),
            route.cluster.as_str().into(),
            route.namespace.as_str().into(),
            route.kind.as_str().into(),
            route.name.as_str().into(),
            route.reach.into(),
            route.selector.as_str().into(),
            route.backends.as_str().into(),
            route.evidence.as_str().into(),
            route.landing.as_str().into(),
        ]);
    }
    EXPOSURES.put(tx, given, at).await?;
    Ok(())
}

const ROUTE: &[(&str, Type)] = &[
    ("id", Type::Bytes),
    ("cluster", Type::Text),
    ("namespace", Type::Text),
    ("kind", Type::Text),
    ("name", Type::Text),
    ("reach", Type::Text),
    ("selector", Type::Text),
    ("backends", Type::Text),
    ("evidence", Type::Text),
    ("landing", Type::Text),
];

const EXPOSURES: Upsert = Upsert {
    table: "exposures",
    key: "cluster, namespace, kind, name",
    columns: ROUTE,
    kept: &[],
    first_at: None,
    last_at: "last_seen_at",
    gone_at: "retired_at",
    ordered: true,
};
