//! Signatures of images with what became of checking them, and in a word on each image whether it is signed. Refuses to
//! say so of what is here: nobody has looked yet.

use sea_orm_migration::{DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::dialect;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261128_000092_signatures"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m20261128_000092_signatures.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, DOWN).await
    }
}

const DOWN: &str = "DROP INDEX images_by_signing;
ALTER TABLE images DROP COLUMN signing;
DROP TABLE signatures;
";
