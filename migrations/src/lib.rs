//! The schema over time. One change a file, dated, append-only; every `up` has a tested `down`. Bodies
//! are SQL that SQLite and PostgreSQL both read, but for the words that [`dialect`] translates.
//!
//! Refuses data: rows come in through `store`.

mod dialect;
mod m20261123_000001_documents;
mod m20261123_000002_images;
mod m20261123_000003_vulnerabilities;
mod m20261123_000004_findings;
mod m20261123_000005_workloads;
mod m20261123_000006_scores;
mod m20261125_000001_sources;
mod m20261125_000020_cluster_scores;
mod m20261125_000030_component_sources;
mod m20261125_000031_vulnerability_numbers;
mod m20261126_000040_coverage_unstated;
mod m20261126_000041_workload_environment;
mod m20261127_000050_vulnerability_threats;
mod m20261127_000051_cluster_node_groups;
mod m20261127_000052_attestations;
mod m20261127_000053_periodic_work;
mod m20261127_000054_images_uncounted;
mod m20261127_000060_posture;
mod m20261127_000070_registry_contents;
mod m20261128_000080_image_layers;
mod m20261128_000081_scans_by_document;
mod m20261128_000090_network_policies;
mod m20261128_000091_admission;
mod m20261128_000092_signatures;
mod m20261128_000100_detections;
mod m20261128_000200_mappings;
mod m20261128_000300_workload_instances;
mod m20261128_000301_executed_files;
mod m20261128_000302_detections_by_image;
mod m20261128_000400_package_use;
mod m20261128_000401_loaded_files;

use sea_orm_migration::MigrationTrait;
use sea_orm_migration::sea_orm::DatabaseConnection;
pub use sea_orm_migration::{DbErr, MigratorTrait};

/// Brings the schema up to date.
///
/// # Errors
/// When a migration cannot be applied; those before it stay.
pub async fn up(connection: &DatabaseConnection) -> Result<(), DbErr> {
    Migrator::up(connection, None).await
}

/// Names of the migrations that are not applied yet, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn pending(connection: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let pending = Migrator::get_pending_migrations(connection).await?;
    Ok(pending.iter().map(|migration| migration.name().to_owned()).collect())
}

/// A number that changes when any of the SQL does, so that test templates are never stale.
#[must_use]
pub fn fingerprint() -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    [
        include_str!("m20261123_000001_documents.sql"),
        include_str!("m20261123_000002_images.sql"),
        include_str!("m20261123_000003_vulnerabilities.sql"),
        include_str!("m20261123_000004_findings.sql"),
        include_str!("m20261123_000005_workloads.sql"),
        include_str!("m20261123_000006_scores.sql"),
        include_str!("m20261125_000001_sources.sql"),
        include_str!("m20261125_000020_cluster_scores.sql"),
        include_str!("m20261125_000030_component_sources.sql"),
        include_str!("m20261125_000031_vulnerability_numbers.sql"),
        include_str!("m20261126_000040_coverage_unstated.sql"),
        include_str!("m20261126_000041_workload_environment.sql"),
        include_str!("m20261127_000050_vulnerability_threats.sql"),
        include_str!("m20261127_000051_cluster_node_groups.sql"),
        include_str!("m20261127_000052_attestations.sql"),
        include_str!("m20261127_000053_periodic_work.sql"),
        include_str!("m20261127_000054_images_uncounted.sql"),
        include_str!("m20261127_000060_posture.sql"),
        include_str!("m20261127_000070_registry_contents.sql"),
        include_str!("m20261128_000080_image_layers.sql"),
        include_str!("m20261128_000081_scans_by_document.sql"),
        include_str!("m20261128_000090_network_policies.sql"),
        include_str!("m20261128_000091_admission.sql"),
        include_str!("m20261128_000092_signatures.sql"),
        include_str!("m20261128_000100_detections.sql"),
        include_str!("m20261128_000200_mappings.sql"),
        include_str!("m20261128_000300_workload_instances.sql"),
        include_str!("m20261128_000301_executed_files.sql"),
        include_str!("m20261128_000302_detections_by_image.sql"),
        include_str!("m20261128_000400_package_use.sql"),
        include_str!("m20261128_000401_loaded_files.sql"),
    ]
    .hash(&mut hasher);
    hasher.finish()
}

/// The migrations, oldest first.
#[derive(Debug)]
pub struct Migrator;

#[sea_orm_migration::async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_documents::Migration),
            Box::new(m20261123_000002_images::Migration),
            Box::new(m20261123_000003_vulnerabilities::Migration),
            Box::new(m20261123_000004_findings::Migration),
            Box::new(m20261123_000005_workloads::Migration),
            Box::new(m20261123_000006_scores::Migration),
            Box::new(m20261125_000001_sources::Migration),
            Box::new(m20261125_000020_cluster_scores::Migration),
            Box::new(m20261125_000030_component_sources::Migration),
            Box::new(m20261125_000031_vulnerability_numbers::Migration),
            Box::new(m20261126_000040_coverage_unstated::Migration),
            Box::new(m20261126_000041_workload_environment::Migration),
            Box::new(m20261127_000050_vulnerability_threats::Migration),
            Box::new(m20261127_000051_cluster_node_groups::Migration),
            Box::new(m20261127_000052_attestations::Migration),
            Box::new(m20261127_000053_periodic_work::Migration),
            Box::new(m20261127_000054_images_uncounted::Migration),
            Box::new(m20261127_000060_posture::Migration),
            Box::new(m20261127_000070_registry_contents::Migration),
            Box::new(m20261128_000080_image_layers::Migration),
            Box::new(m20261128_000081_scans_by_document::Migration),
            Box::new(m20261128_000090_network_policies::Migration),
            Box::new(m20261128_000091_admission::Migration),
            Box::new(m20261128_000092_signatures::Migration),
            Box::new(m20261128_000100_detections::Migration),
            Box::new(m20261128_000200_mappings::Migration),
            Box::new(m20261128_000300_workload_instances::Migration),
            Box::new(m20261128_000301_executed_files::Migration),
            Box::new(m20261128_000302_detections_by_image::Migration),
            Box::new(m20261128_000400_package_use::Migration),
            Box::new(m20261128_000401_loaded_files::Migration),
        ]
    }
}
