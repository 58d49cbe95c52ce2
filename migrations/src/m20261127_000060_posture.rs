//! How repositories and clusters are set up beyond what all providers tell: columns for what several share, one text
//! for what one alone has. Refuses a table of settings: they are read and written with what they belong to.

use sea_orm_migration::{DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::dialect;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261127_000060_posture"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m20261127_000060_posture.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, DOWN).await
    }
}

const DOWN: &str = "ALTER TABLE clusters DROP COLUMN settings;
ALTER TABLE clusters DROP COLUMN secrets_encryption;
ALTER TABLE clusters DROP COLUMN legacy_access;
ALTER TABLE clusters DROP COLUMN workload_identity;
ALTER TABLE clusters DROP COLUMN network_policy;
ALTER TABLE clusters DROP COLUMN private_nodes;
ALTER TABLE clusters DROP COLUMN managed;
ALTER TABLE clusters DROP COLUMN channel;
ALTER TABLE repositories DROP COLUMN settings;
ALTER TABLE repositories DROP COLUMN cleanup;
";
