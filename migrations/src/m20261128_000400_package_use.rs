//! What a tool's words on use come to, and since when it says so without a break. Refuses to read the words that are here
//! already: the tool's next report, or a replay of its last, tells.

use sea_orm_migration::{DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::dialect;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261128_000400_package_use"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m20261128_000400_package_use.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, DOWN).await
    }
}

const DOWN: &str = "DROP INDEX attributions_by_use;
ALTER TABLE attributions DROP COLUMN used_since;
ALTER TABLE attributions DROP COLUMN used;
";
