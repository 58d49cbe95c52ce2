//! The connector under the sync engine, into SQLite: what a run leaves in the database, after faults too.
//! Refuses to look at what the connector answered: `asked` does.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::source::{RunState, Scope};
use pipeline::sync::{Finished, SyncSettings};
use serde_json::Value;
use store::sources::RunDetail;
use store::test_support::{self, TestDatabase};
use tests::azure::{Azure, Estate, descriptor, values};
use tests::sync::Source;
use tokio::runtime::Runtime;

/// What every source here is told: a registry that lets nobody in would leave each run partial, and papers that are
/// not what they say too.
const SETTINGS: [(&str, &[&str]); 2] =
    [("leave_out_registries", &["sealed"]), ("leave_out", &["acr-attached"])];

/// Rows that stand for what is there now.
const PRESENT: [(&str, &str); 8] = [
    ("images", "SELECT COUNT(*) FROM images"),
    ("places", "SELECT COUNT(*) FROM image_locations WHERE removed_at IS NULL"),
    ("tags", "SELECT COUNT(*) FROM image_tags WHERE ended_at IS NULL"),
    ("repositories", "SELECT COUNT(*) FROM repositories WHERE retired_at IS NULL"),
    ("clusters", "SELECT COUNT(*) FROM clusters WHERE retired_at IS NULL"),
    ("workloads", "SELECT COUNT(*) FROM workloads WHERE retired_at IS NULL"),
    ("routes", "SELECT COUNT(*) FROM exposures WHERE retired_at IS NULL"),
    ("findings", "SELECT COUNT(*) FROM findings WHERE closed_at IS NULL"),
];

/// An emulator, a database and a source that was synced whole once.
pub(crate) struct World {
    runtime: Runtime,
    pub(crate) azure: Azure,
    pub(crate) estate: Estate,
    database: TestDatabase,
    pub(crate) source: Source,
}

impl World {
    /// Over a tenant of this plan.
    pub(crate) fn new(plan: &Value) -> Option<Self> {
        let (azure, estate) = Azure::seeded(plan)?;
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (database, source) = runtime.block_on(async {
            let database = test_support::sqlite().await;
            let values = values(&azure, &SETTINGS);
            let source = Source::of(&database.store, descriptor(), values, SyncSettings::default()).await;
            (database, source)
        });
        let world = Self { runtime, azure, estate, database, source };
        let (finished, _) = world.sync();
        assert_eq!(finished.state, RunState::Complete, "{}", finished.message);
        Some(world)
    }

    /// Syncs, and answers the run with its journal.
    pub(crate) fn sync(&self) -> (Finished, RunDetail) {
        self.sync_within(SyncSettings::default().call_deadline)
    }

    /// Syncs with another deadline for each call.
    pub(crate) fn sync_within(&self, deadline: Duration) -> (Finished, RunDetail) {
        let settings = SyncSettings { call_deadline: deadline, ..SyncSettings::default() };
        let source = self.source.with(settings);
        self.runtime.block_on(async {
            let finished = source.sync().await;
            let journal = source.journal(&finished).await;
            (finished, journal)
        })
    }

    /// What is there now.
    pub(crate) fn present(&self) -> BTreeMap<&'static str, i64> {
        PRESENT.iter().map(|(name, sql)| (*name, self.number(sql))).collect()
    }

    pub(crate) fn number(&self, sql: &str) -> i64 {
        self.runtime.block_on(self.database.store.number(sql)).unwrap()
    }

    /// Runs a question of the store.
    pub(crate) fn ask<T>(&self, question: impl Future<Output = Result<T, store::Error>>) -> T {
        self.runtime.block_on(question).unwrap()
    }

    /// Rows of a table written so far.
    pub(crate) fn written(&self, table: &str) -> u64 {
        self.database.store.rows_written(table)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.azure.heal();
    }
}

/// The scopes that were not seen whole.
pub(crate) fn open(journal: &RunDetail) -> Vec<Scope> {
    let open = journal.scopes.iter().filter(|row| row.state != RunState::Complete);
    open.map(|row| row.scope.clone()).collect()
}
