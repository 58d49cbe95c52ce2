//! Whether a file was last seen loaded, as libraries are, or executed. Refuses a row for each: a file is in use either way.

use sea_orm_migration::{DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::dialect;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261128_000401_loaded_files"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m20261128_000401_loaded_files.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, DOWN).await
    }
}

// What was loaded was not executed, and nothing else is known of it.
const DOWN: &str = "DELETE FROM executed_files WHERE loaded;
ALTER TABLE executed_files DROP COLUMN loaded;
";
