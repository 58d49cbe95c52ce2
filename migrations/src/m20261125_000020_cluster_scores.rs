//! What each cluster adds to the exposure of the estate, so that one cluster can be judged without the rest.
//! Refuses foreign keys: clusters come and go.

use sea_orm_migration::{DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::dialect;

/// In the order in which they are made.
const TABLES: &[&str] = &["cluster_scores"];

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261125_000020_cluster_scores"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m20261125_000020_cluster_scores.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::drop_tables(manager, TABLES).await
    }
}
