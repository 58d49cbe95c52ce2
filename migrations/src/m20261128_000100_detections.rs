//! What sensors saw at run time: detections with their hours, latest events and decisions, which events were seen, which
//! sensors were heard from where, and the inbox in which events wait to be read. Refuses the events that documents already
//! hold: a replay of those brings them in.

use sea_orm_migration::{DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::dialect;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261128_000100_detections"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m20261128_000100_detections.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, DOWN).await
    }
}

const DOWN: &str = "DROP INDEX nodes_by_name;
DROP INDEX workloads_by_namespace;
DROP TABLE event_inbox;
DROP TABLE sensors;
DROP TABLE runtime_events_seen;
DROP TABLE detection_decisions;
DROP TABLE detection_hours;
DROP TABLE detection_events;
DROP TABLE detection_moves;
DROP TABLE detections;
";
