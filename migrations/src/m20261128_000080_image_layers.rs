//! What the layers of an image are together, so that the image it was built on is found. Refuses to work it out for what
//! is here: the next look at a registry tells it.

use sea_orm_migration::{DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::dialect;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261128_000080_image_layers"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m20261128_000080_image_layers.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, DOWN).await
    }
}

const DOWN: &str = "DROP INDEX image_metadata_by_chain;
ALTER TABLE image_metadata DROP COLUMN chain;
";
