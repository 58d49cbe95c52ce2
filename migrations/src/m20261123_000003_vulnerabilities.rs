//! Vulnerabilities as alias groups, with EPSS and KEV on them. Refuses to repeat those on findings.

use sea_orm_migration::{DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::dialect;

/// In the order in which they are made.
const TABLES: &[&str] = &[
    "vulnerabilities",
    "vulnerability_aliases",
    "vulnerability_relations",
    "vulnerability_cvss",
    "epss_scores",
    "kev_entries",
    "vex_statements",
];

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_000003_vulnerabilities"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m20261123_000003_vulnerabilities.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::drop_tables(manager, TABLES).await
    }
}
