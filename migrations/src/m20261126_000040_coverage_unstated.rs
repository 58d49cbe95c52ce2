//! A tool's word on an image may leave open whether the image is watched: findings tell where it runs and no
//! more. Refuses to keep such rows on the way back: they would read as watched.

use sea_orm_migration::{DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::dialect;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261126_000040_coverage_unstated"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, "DELETE FROM coverage WHERE watched IS NULL;\n").await?;
        dialect::run(manager, &UP.replace("watched BOOLEAN,", "watched BOOLEAN NOT NULL,")).await
    }
}

const UP: &str = include_str!("m20261126_000040_coverage_unstated.sql");
