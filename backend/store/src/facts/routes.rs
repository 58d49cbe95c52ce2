//! Routes and network policies as the judgement of reach needs them. Refuses retired ones.

use std::collections::BTreeMap;

use domain::exposure::Landing;
use domain::network_policy::{Requirement, Rule};

use super::estate::named;
use crate::bulk::query_given;
use crate::row::Row;
use crate::{Error, Tx};

/// A route to workloads.
#[derive(Clone, Debug)]
pub struct ExposureFact {
    /// Cluster.
    pub cluster: String,
    /// Namespace.
    pub namespace: String,
    /// `Service`, `Ingress`.
    pub kind: String,
    /// Name.
    pub name: String,
    /// From where it can be reached.
    pub reach: String,
    /// Labels of the pods behind it.
    pub selector: BTreeMap<String, String>,
    /// Services behind it.
    pub backends: Vec<String>,
    /// Why.
    pub evidence: String,
    /// How what comes this way arrives.
    pub landing: Landing,
}

/// A network policy that speaks of what comes in.
#[derive(Clone, Debug)]
pub struct PolicyFact {
    /// Cluster.
    pub cluster: String,
    /// Namespace, whose pods it selects.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// What it asks of labels of pods.
    pub selector: Vec<Requirement>,
    /// What it lets in.
    pub rules: Vec<Rule>,
}

/// The routes of some clusters, by place and name.
///
/// # Errors
/// When the database cannot be read.
pub async fn exposures(tx: &Tx, clusters: &[String]) -> Result<Vec<ExposureFact>, Error> {
    let sql = "SELECT e.cluster, e.namespace, e.kind, e.name, e.reach, e.selector, e.backends, e.evidence, \
               e.landing FROM given JOIN exposures e ON e.cluster = given.key WHERE e.retired_at IS NULL";
    let rows = query_given(tx, named(clusters), sql, vec![]).await?;
    let mut routes = rows.iter().map(exposure).collect::<Result<Vec<_>, Error>>()?;
    let place = |route: &ExposureFact| {
        (route.cluster.clone(), route.namespace.clone(), route.kind.clone(), route.name.clone())
    };
    routes.sort_by_cached_key(place);
    Ok(routes)
}

/// The network policies of some clusters, by place and name, but those that only speak of what goes out, and those of
/// clusters whose provider says that nothing enforces them.
///
/// # Errors
/// When the database cannot be read.
pub async fn network_policies(tx: &Tx, clusters: &[String]) -> Result<Vec<PolicyFact>, Error> {
    let sql = "SELECT p.cluster, p.namespace, p.name, p.selector, p.ingress FROM given \
               JOIN network_policies p ON p.cluster = given.key WHERE p.retired_at IS NULL AND p.ingress <> 'null' \
               AND NOT EXISTS (SELECT 1 FROM clusters c WHERE c.name = p.cluster AND c.network_policy = 'none' \
               AND c.retired_at IS NULL)";
    let rows = query_given(tx, named(clusters), sql, vec![]).await?;
    let mut policies = rows.iter().map(policy).collect::<Result<Vec<_>, Error>>()?;
    policies
        .sort_by_cached_key(|policy| (policy.cluster.clone(), policy.namespace.clone(), policy.name.clone()));
    Ok(policies)
}

fn exposure(row: &Row) -> Result<ExposureFact, Error> {
    Ok(ExposureFact {
        cluster: row.text(0)?,
        namespace: row.text(1)?,
        kind: row.text(2)?,
        name: row.text(3)?,
        reach: row.text(4)?,
        selector: row.json(5)?,
        backends: row.json(6)?,
        evidence: row.text(7)?,
        landing: row.json(8)?,
    })
}

fn policy(row: &Row) -> Result<PolicyFact, Error> {
    Ok(PolicyFact {
        cluster: row.text(0)?,
        namespace: row.text(1)?,
        name: row.text(2)?,
        selector: row.json(3)?,
        rules: row.json(4)?,
    })
}
