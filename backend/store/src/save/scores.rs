//! Scores as judged: on images, workloads, containers and vulnerabilities, and the history of the estate.
//! A row that would not change is not written. Refuses to compute.

use chrono::{DateTime, Utc};
use domain::id::{ImageId, WorkloadId};

use crate::bulk::{self, Given, Type};
use crate::{Error, Tx};

/// What an image's findings come to.
#[derive(Clone, Debug)]
pub struct ImageJudgement {
    /// The image.
    pub id: ImageId,
    /// Open vulnerabilities: critical, high, medium, low, unknown.
    pub severities: [i64; 5],
    /// Open vulnerabilities with a fix.
    pub fixable: i64,
    /// Open vulnerabilities in the KEV catalogue.
    pub kev: i64,
    /// Open secrets and malware.
    pub secrets: i64,
    /// Open misconfigurations.
    pub misconfigurations: i64,
    /// Highest EPSS among them.
    pub max_epss: Option<f64>,
    /// Known hazard by reach.
    pub hazards: [i64; 5],
    /// Hazard of secrets and malware.
    pub hazard_secret: i64,
    /// Hazard of failed checks.
    pub hazard_config: i64,
    /// Earliest deadline where exposed.
    pub due_exposed_at: Option<DateTime<Utc>>,
    /// Earliest deadline where not.
    pub due_internal_at: Option<DateTime<Utc>>,
    /// Its worst fix units, as JSON.
    pub units: String,
}

/// An image's place in the estate.
#[derive(Clone, Debug)]
pub struct ImageStanding {
    /// The image.
    pub id: ImageId,
    /// Running containers.
    pub running: i64,
    /// Workloads that run it.
    pub workloads: i64,
    /// Score, 0 to 100; absent when it could not be scored.
    pub score: Option<f64>,
    /// Reach at which the score was taken, or `latent`.
    pub score_reach: String,
    /// Why, as JSON.
    pub explanation: String,
}

/// A workload's judgement.
#[derive(Clone, Debug)]
pub struct WorkloadJudgement {
    /// The workload.
    pub id: WorkloadId,
    /// From where it can be reached.
    pub reach: &'static str,
    /// Why, in words.
    pub reach_evidence: String,
    /// Chance to leave the container.
    pub escape_ease: f64,
    /// What of a kernel flaw remains behind its barrier.
    pub sandbox: f64,
    /// Why, as a JSON list of sentences.
    pub escape_evidence: String,
    /// Running containers.
    pub running: i64,
    /// Distinct images.
    pub images: i64,
    /// Open vulnerabilities over its images: critical, high, medium, low, unknown.
    pub severities: [i64; 5],
    /// Open vulnerabilities with a fix.
    pub fixable: i64,
    /// Open vulnerabilities in the KEV catalogue.
    pub kev: i64,
    /// Own hazard: known, configuration, runtime, gap.
    pub own_parts: [i64; 4],
    /// What the shared kernel adds.
    pub kernel_part: i64,
    /// Expected loss.
    pub loss: f64,
    /// Score, 0 to 100.
    pub score: f64,
    /// Worst stage of the exposure gap among its containers.
    pub gap_stage: &'static str,
    /// Why, in a few words.
    pub why: String,
    /// Why, as JSON.
    pub explanation: String,
}

const IMAGE_JUDGEMENT: &[(&str, Type)] = &[
    ("id", Type::Bytes),
    ("critical", Type::Integer),
    ("high", Type::Integer),
    ("medium", Type::Integer),
    ("low", Type::Integer),
    ("unknown", Type::Integer),
    ("fixable", Type::Integer),
    ("kev", Type::Integer),
    ("secrets", Type::Integer),
    ("misconfigurations", Type::Integer),
    ("max_epss", Type::Real),
    ("hazard_internet", Type::Integer),
    ("hazard_restricted", Type::Integer),
    ("hazard_internal", Type::Integer),
    ("hazard_isolated", Type::Integer),
    ("hazard_unknown", Type::Integer),
    ("hazard_secret", Type::Integer),
    ("hazard_config", Type::Integer),
    ("due_exposed_at", Type::Integer),
    ("due_internal_at", Type::Integer),
    ("units", Type::Text),
];

const IMAGE_STANDING: &[(&str, Type)] = &[
    ("id", Type::Bytes),
    ("running", Type::Integer),
    ("workload_count", Type::Integer),
    ("score", Type::Real),
    ("score_reach", Type::Text),
    ("explanation", Type::Text),
];

const WORKLOAD: &[(&str, Type)] = &[
    ("id", Type::Bytes),
    ("reach", Type::Text),
    ("reach_evidence", Type::Text),
    ("escape_ease", Type::Real),
    ("sandbox", Type::Real),
    ("escape_evidence", Type::Text),
    ("running", Type::Integer),
    ("image_count", Type::Integer),
    ("critical", Type::Integer),
    ("high", Type::Integer),
    ("medium", Type::Integer),
    ("low", Type::Integer),
    ("unknown", Type::Integer),
    ("fixable", Type::Integer),
    ("kev", Type::Integer),
    ("hazard", Type::Integer),
    ("hazard_known", Type::Integer),
    ("hazard_config", Type::Integer),
    ("hazard_runtime", Type::Integer),
    ("hazard_gap", Type::Integer),
    ("hazard_kernel", Type::Integer),
    ("total_hazard", Type::Integer),
    ("loss", Type::Real),
    ("score", Type::Real),
    ("gap_stage", Type::Text),
    ("why", Type::Text),
    ("explanation", Type::Text),
];

/// `UPDATE table SET … FROM given WHERE the key matches and any column differs`.
fn update(table: &str, keys: usize, columns: &[(&str, Type)]) -> String {
    let (keys, values) = columns.split_at(keys);
    let set: Vec<String> = values.iter().map(|(name, _)| format!("{name} = given.{name}")).collect();
    let same: Vec<String> = keys.iter().map(|(name, _)| format!("{table}.{name} = given.{name}")).collect();
    let differs: Vec<String> =
        values.iter().map(|(name, _)| format!("{table}.{name} IS DISTINCT FROM given.{name}")).collect();
    format!(
        "UPDATE {table} SET {} FROM given WHERE {} AND ({})",
        set.join(", "),
        same.join(" AND "),
        differs.join(" OR ")
    )
}

/// Writes what images' findings come to.
///
/// # Errors
/// When the database cannot be written.
pub async fn judge_images(tx: &Tx, judgements: &[ImageJudgement]) -> Result<u64, Error> {
    let mut given = Given::new(IMAGE_JUDGEMENT);
    for image in judgements {
        let [critical, high, medium, low, unknown] = image.severities;
        let [internet, restricted, internal, isolated, unobserved] = image.hazards;
        given.push([
            bulk::id(image.id),
            critical.into(),
            high.into(),
            medium.into(),
            low.into(),
            unknown.into(),
            image.fixable.into(),
            image.kev.into(),
            image.secrets.into(),
            image.misconfigurations.into(),
            image.max_epss.into(),
            internet.into(),
            restricted.into(),
            internal.into(),
            isolated.into(),
            unobserved.into(),
            image.hazard_secret.into(),
            image.hazard_config.into(),
            bulk::optional_time(image.due_exposed_at),
            bulk::optional_time(image.due_internal_at),
            image.units.as_str().into(),
        ]);
    }
    tx.execute_given(given, &update("images", 1, IMAGE_JUDGEMENT), vec![]).await
}

/// Writes images' places in the estate.
///
/// # Errors
/// When the database cannot be written.
pub async fn place_images(tx: &Tx, standings: &[ImageStanding]) -> Result<u64, Error> {
    let mut given = Given::new(IMAGE_STANDING);
    for image in standings {
        given.push([
            bulk::id(image.id),
            image.running.into(),
            image.workloads.into(),
            image.score.into(),
            image.score_reach.as_str().into(),
            image.explanation.as_str().into(),
        ]);
    }
    tx.execute_given(given, &update("images", 1, IMAGE_STANDING), vec![]).await
}

/// Writes workloads' judgements.
///
/// # Errors
/// When the database cannot be written.
pub async fn judge_workloads(tx: &Tx, judgements: &[WorkloadJudgement]) -> Result<u64, Error> {
    let mut given = Given::new(WORKLOAD);
    for workload in judgements {
        let [critical, high, medium, low, unknown] = workload.severities;
        let [known, configuration, runtime, gap] = workload.own_parts;
        let own: i64 = workload.own_parts.iter().fold(0, |sum, part| sum.saturating_add(*part));
        given.push([
            bulk::id(workload.id),
            workload.reach.into(),
            workload.reach_evidence.as_str().into(),
            workload.escape_ease.into(),
            workload.sandbox.into(),
            workload.escape_evidence.as_str().into(),
            workload.running.into(),
            workload.images.into(),
            critical.into(),
            high.into(),
            medium.into(),
            low.into(),
            unknown.into(),
            workload.fixable.into(),
            workload.kev.into(),
            own.into(),
            known.into(),
            configuration.into(),
            runtime.into(),
            gap.into(),
            workload.kernel_part.into(),
            own.saturating_add(workload.kernel_part).into(),
            workload.loss.into(),
            workload.score.into(),
            workload.gap_stage.into(),
            workload.why.as_str().into(),
            workload.explanation.as_str().into(),
        ]);
    }
    tx.execute_given(given, &update("workloads", 1, WORKLOAD), vec![]).await
}

/// Writes the stage of the exposure gap at which each container stands.
///
/// # Errors
/// When the database cannot be written.
pub async fn place_containers(tx: &Tx, stages: &[(WorkloadId, i64, &'static str)]) -> Result<u64, Error> {
    const COLUMNS: &[(&str, Type)] =
        &[("workload_id", Type::Bytes), ("position", Type::Integer), ("gap_stage", Type::Text)];
    let mut given = Given::new(COLUMNS);
    for (workload, position, stage) in stages {
        given.push([bulk::id(*workload), (*position).into(), (*stage).into()]);
    }
    tx.execute_given(given, &update("containers", 2, COLUMNS), vec![]).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn updates_write_only_what_differs() {
        assert_eq!(
            update("t", 1, &[("id", Type::Bytes), ("a", Type::Integer), ("b", Type::Text)]),
            "UPDATE t SET a = given.a, b = given.b FROM given WHERE t.id = given.id AND \
             (t.a IS DISTINCT FROM given.a OR t.b IS DISTINCT FROM given.b)"
        );
    }
}
