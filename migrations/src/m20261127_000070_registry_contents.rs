//! What connectors remember of things that never change, and how images are run by their configuration. Refuses to keep
//! what was read: only what was understood of it.

use sea_orm_migration::{DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::dialect;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261127_000070_registry_contents"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m20261127_000070_registry_contents.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, DOWN).await
    }
}

const DOWN: &str = "DROP INDEX containers_by_drift;
ALTER TABLE containers DROP COLUMN drift;
ALTER TABLE image_metadata DROP COLUMN config;
DROP TABLE remembered;
";
