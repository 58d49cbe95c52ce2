//! The connector under the sync engine, into SQLite: what a run leaves in the database, after faults too.
//! Refuses to look at what the connector answered: `asked` does.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::source::{RunState, Scope};
use pipeline::sync::{Finished, SyncSettings};
use serde_json::Value;
use store::sources::RunDetail;
use store::test_support::{self, TestDatabase};
use tests::gcp::Gcp;
use tests::sync::Source;
use tokio::runtime::Runtime;

/// Rows that stand for what is there now.
const PRESENT: [(&str, &str); 7] = [
    ("images", "SELECT COUNT(*) FROM images"),
    ("places", "SELECT COUNT(*) FROM image_locations WHERE removed_at IS NULL"),
    ("tags", "SELECT COUNT(*) FROM image_tags WHERE ended_at IS NULL"),
    ("repositories", "SELECT COUNT(*) FROM repositories WHERE retired_at IS NULL"),
    ("clusters", "SELECT COUNT(*) FROM clusters WHERE retired_at IS NULL"),
    ("workloads", "SELECT COUNT(*) FROM workloads WHERE retired_at IS NULL"),
    ("routes", "SELECT COUNT(*) FROM exposures WHERE retired_at IS NULL"),
];

/// An emulator, a database and a source that was synced whole once.
pub(crate) struct World {
    runtime: Runtime,
    pub(crate) gcp: Gcp,
    database: TestDatabase,
    pub(crate) source: Source,
}

impl World {
    /// Over an organisation of this plan, with these settings.
    pub(crate) fn new(plan: &Value, settings: &[(&str, &[&str])]) -> Option<Self> {
        let gcp = Gcp::start()?;
        tests::choose_encryption();
        let estate = gcp.seed(plan);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (database, source) = runtime.block_on(async {
            let database = test_support::sqlite().await;
            let sync = SyncSettings::default();
            let source = Source::of_google(&database.store, (&gcp, &estate), settings, sync).await;
            (database, source)
        });
        let world = Self { runtime, gcp, database, source };
        let (finished, journal) = world.sync();
        assert_eq!(finished.state, RunState::Complete, "{} {:?}", finished.message, open(&journal));
        Some(world)
    }

    /// Syncs, and answers the run with its journal.
    pub(crate) fn sync(&self) -> (Finished, RunDetail) {
        self.runtime.block_on(async {
            let finished = self.source.sync().await;
            let journal = self.source.journal(&finished).await;
            (finished, journal)
        })
    }

    /// Syncs with another deadline for each call.
    pub(crate) fn sync_within(&self, deadline: Duration) -> (Finished, RunDetail) {
        let hasty = self.source.with(SyncSettings { call_deadline: deadline, ..SyncSettings::default() });
        self.runtime.block_on(async {
            let finished = hasty.sync().await;
            let journal = hasty.journal(&finished).await;
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

    /// Rows of a table written so far.
    pub(crate) fn written(&self, table: &str) -> u64 {
        self.database.store.rows_written(table)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.gcp.heal();
    }
}

/// What the journal says of a scope: its state and reason.
#[track_caller]
pub(crate) fn told<'j>(journal: &'j RunDetail, scope: &Scope) -> (RunState, &'j str) {
    let found = journal.scopes.iter().find(|row| row.scope == *scope).unwrap();
    (found.state, &found.reason)
}

/// The scopes that were not seen whole.
pub(crate) fn open(journal: &RunDetail) -> Vec<Scope> {
    let open = journal.scopes.iter().filter(|row| row.state != RunState::Complete);
    open.map(|row| row.scope.clone()).collect()
}
