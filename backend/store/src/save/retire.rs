//! What is believed gone: marked with the moment, never deleted, but for a tool's word on an image, which
//! is then unknown again.
//!
//! Refuses to decide: the caller has seen a whole scope without it.

use std::collections::BTreeSet;

use domain::id::{ImageId, ObjectId, WorkloadId};
use domain::source::Noun;

use super::{instances, workloads};
use crate::bulk::{Given, Type, query_given};
use crate::{Error, Tx};

/// What has to be judged anew after it.
#[derive(Clone, Debug, Default)]
pub struct Retired {
    /// Images that ran in it.
    pub images: Vec<ImageId>,
    /// Clusters it was in.
    pub clusters: BTreeSet<String>,
}

/// Marks objects, each with its name for people, as gone since `at`.
///
/// # Errors
/// When the database cannot be written.
pub async fn retire(tx: &Tx, gone: &[(Noun, ObjectId, String)], at: i64) -> Result<Retired, Error> {
    let of = |noun: Noun| -> Vec<ObjectId> {
        gone.iter().filter(|(found, _, _)| *found == noun).map(|(_, id, _)| *id).collect()
    };
    let mut retired = Retired::default();
    let gone_workloads = of(Noun::Workload);
    let ids: Vec<WorkloadId> =
        gone_workloads.iter().map(|id| WorkloadId::from_bytes(*id.as_bytes())).collect();
    retired.images = workloads::images_of(tx, &ids).await?;
    instances::forget(tx, &ids).await?;
    for (table, column, ids) in [
        ("workloads", "retired_at", gone_workloads),
        ("nodes", "retired_at", of(Noun::Node)),
        ("exposures", "retired_at", of(Noun::Exposure)),
        ("network_policies", "retired_at", of(Noun::NetworkPolicy)),
        ("admission_policies", "retired_at", of(Noun::Admission)),
        ("repositories", "retired_at", of(Noun::Repository)),
        ("clusters", "retired_at", of(Noun::Cluster)),
        ("image_locations", "removed_at", of(Noun::Image)),
    ] {
        if ids.is_empty() {
            continue;
        }
        if matches!(table, "workloads" | "nodes" | "exposures" | "network_policies") {
            let sql = format!("SELECT DISTINCT t.cluster FROM given JOIN {table} t ON t.id = given.key");
            for row in query_given(tx, Given::ids(ids.iter().copied()), &sql, vec![]).await? {
                retired.clusters.insert(row.text(0)?);
            }
        }
        let sql = format!(
            "UPDATE {table} SET {column} = $1 WHERE id IN (SELECT key FROM given) AND {column} IS NULL"
        );
        tx.execute_given(Given::ids(ids), &sql, vec![at.into()]).await?;
    }
    end_tags(tx, gone, at).await?;
    let sql = "DELETE FROM coverage WHERE id IN (SELECT key FROM given)";
    tx.execute_given(Given::ids(of(Noun::Coverage)), sql, vec![]).await?;
    Ok(retired)
}

/// Tags have no id of their own: their name is `registry/repository:tag`.
async fn end_tags(tx: &Tx, gone: &[(Noun, ObjectId, String)], at: i64) -> Result<(), Error> {
    let mut given = Given::new(&[("registry", Type::Text), ("repository", Type::Text), ("tag", Type::Text)]);
    for (_, _, name) in gone.iter().filter(|(noun, _, _)| *noun == Noun::Tag) {
        let Some((place, tag)) = name.rsplit_once(':') else { continue };
        let Some((registry, repository)) = place.split_once('/') else { continue };
        given.push([registry.into(), repository.into(), tag.into()]);
    }
    let sql = "UPDATE image_tags SET ended_at = $1 WHERE ended_at IS NULL AND (registry, repository, tag) IN \
               (SELECT registry, repository, tag FROM given)";
    tx.execute_given(given, sql, vec![at.into()]).await?;
    Ok(())
}
