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

pub use sea_orm_migration::{DbErr, MigratorTrait};
use sea_orm_migration::MigrationTrait;

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
        ]
    }
}
