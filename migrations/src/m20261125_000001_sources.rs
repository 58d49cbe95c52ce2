//! Sources with their runs, scopes and objects, and what only they bring: repositories, clusters, coverage
//! and the places where an image lies. Refuses a list of vendors.

use sea_orm_migration::sea_orm::ConnectionTrait;
use sea_orm_migration::{DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::dialect;

/// In the order in which they are made.
const TABLES: &[&str] = &[
    "sources",
    "source_runs",
    "source_scopes",
    "source_run_scopes",
    "source_parts",
    "source_objects",
    "repositories",
    "clusters",
    "coverage",
    "image_locations",
];
/// Takes the columns of routes back.
const ROUTES: [&str; 3] = [
    "DROP INDEX exposures_by_id",
    "ALTER TABLE exposures DROP COLUMN retired_at",
    "ALTER TABLE exposures DROP COLUMN id",
];

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261125_000001_sources"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m20261125_000001_sources.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for sql in ROUTES {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        dialect::drop_tables(manager, TABLES).await
    }
}
