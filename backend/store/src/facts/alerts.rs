//! Open detections as the hazard of runtime evidence needs them, and as the threat of what they name does. Refuses those
//! that somebody put away.

use std::collections::HashMap;

use domain::id::{ImageId, WorkloadId};
use domain::severity::Severity;

use super::estate::named;
use crate::bulk::{Given, query_given};
use crate::{Error, Tx};

/// How many open detections of one severity a workload has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlertFact {
    /// Their severity.
    pub severity: Severity,
    /// How many.
    pub detections: i64,
}

/// An open detection on an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamingFact {
    /// The image.
    pub image: ImageId,
    /// Who reports it.
    pub tool: String,
    /// Its rule.
    pub rule: String,
    /// Its title, if it has one.
    pub title: Option<String>,
}

/// The open detections on some images whose rule or title may name a vulnerability.
///
/// # Errors
/// When the database does not answer.
pub async fn naming(tx: &Tx, images: &[ImageId]) -> Result<Vec<NamingFact>, Error> {
    let sql = "SELECT d.image_id, d.tool, d.rule, d.title FROM given JOIN detections d ON d.image_id = given.key \
               WHERE d.disposition = $1 AND (UPPER(d.rule) LIKE '%CVE%' OR UPPER(d.rule) LIKE '%GHSA%' \
               OR UPPER(d.title) LIKE '%CVE%' OR UPPER(d.title) LIKE '%GHSA%')";
    let open = vec![crate::save::detections::OPEN.into()];
    let rows = query_given(tx, Given::ids(images.iter().copied()), sql, open).await?;
    rows.iter()
        .map(|row| {
            Ok(NamingFact {
                image: row.id(0)?,
                tool: row.text(1)?,
                rule: row.text(2)?,
                title: row.optional_text(3)?,
            })
        })
        .collect()
}

/// The open detections on the workloads of some clusters, worst first.
///
/// # Errors
/// When the database does not answer.
pub async fn alerts(tx: &Tx, clusters: &[String]) -> Result<HashMap<WorkloadId, Vec<AlertFact>>, Error> {
    let sql = "SELECT d.workload_id, d.severity, COUNT(*) FROM given JOIN workloads w ON w.cluster = given.key \
               JOIN detections d ON d.workload_id = w.id WHERE w.retired_at IS NULL AND d.disposition = $1 \
               GROUP BY d.workload_id, d.severity";
    let rows = query_given(tx, named(clusters), sql, vec![crate::save::detections::OPEN.into()]).await?;
    let mut alerts: HashMap<WorkloadId, Vec<AlertFact>> = HashMap::new();
    for row in &rows {
        let fact = AlertFact { severity: Severity::from_rank(row.small(1)?), detections: row.integer(2)? };
        alerts.entry(row.id(0)?).or_default().push(fact);
    }
    for facts in alerts.values_mut() {
        facts.sort_by_key(|fact| fact.severity);
    }
    Ok(alerts)
}
