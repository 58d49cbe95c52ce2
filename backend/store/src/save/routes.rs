//! Routes to workloads. Refuses to follow one: who is reached is judged elsewhere.

use domain::id::ObjectId;

use crate::bulk::{self, Given, Type};
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
}

/// Adds or updates routes. Distinct by cluster, namespace, kind and name.
///
/// # Errors
/// When the database cannot be written.
pub async fn put_routes(tx: &Tx, routes: &[Route], at: i64) -> Result<(), Error> {
    let mut given = Given::new(&[
        ("id", Type::Bytes),
        ("cluster", Type::Text),
        ("namespace", Type::Text),
        ("kind", Type::Text),
        ("name", Type::Text),
        ("reach", Type::Text),
        ("selector", Type::Text),
        ("backends", Type::Text),
        ("evidence", Type::Text),
    ]);
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
        ]);
    }
    let sql = "INSERT INTO exposures (id, cluster, namespace, kind, name, reach, selector, backends, evidence, \
               last_seen_at) SELECT id, cluster, namespace, kind, name, reach, selector, backends, evidence, $1 \
               FROM given WHERE true ON CONFLICT (cluster, namespace, kind, name) DO UPDATE SET \
               id = excluded.id, retired_at = NULL, reach = excluded.reach, selector = excluded.selector, backends = excluded.backends, \
               evidence = excluded.evidence, last_seen_at = excluded.last_seen_at \
               WHERE excluded.last_seen_at >= exposures.last_seen_at";
    tx.execute_given(given, sql, vec![at.into()]).await?;
    Ok(())
}
