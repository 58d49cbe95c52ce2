//! A cloud under the sync engine, into SQLite, or into each database: what a run leaves there, after faults too. Refuses
//! to look at what the connector answered: `asked` does.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::source::{RunState, Scope};
use pipeline::sync::{Finished, SyncSettings};
use policy::trust::{Given, Trust};
use serde_json::Value;
use store::Store;
use store::sources::RunDetail;
use store::test_support::{self, POSTGRES_VARIABLE, TestDatabase};
use tokio::runtime::Runtime;

use crate::cloud::{Cloud, Settings};
use crate::sync::{self, Source};
use crate::{must, say, skipped, there};

/// Rows that stand for what is there now.
const PRESENT: [(&str, &str); 11] = [
    ("images", "SELECT COUNT(*) FROM images"),
    ("places", "SELECT COUNT(*) FROM image_locations WHERE removed_at IS NULL"),
    ("tags", "SELECT COUNT(*) FROM image_tags WHERE ended_at IS NULL"),
    ("repositories", "SELECT COUNT(*) FROM repositories WHERE retired_at IS NULL"),
    ("clusters", "SELECT COUNT(*) FROM clusters WHERE retired_at IS NULL"),
    ("workloads", "SELECT COUNT(*) FROM workloads WHERE retired_at IS NULL"),
    ("nodes", "SELECT COUNT(*) FROM nodes WHERE retired_at IS NULL"),
    ("routes", "SELECT COUNT(*) FROM exposures WHERE retired_at IS NULL"),
    ("policies", "SELECT COUNT(*) FROM network_policies WHERE retired_at IS NULL"),
    ("admission", "SELECT COUNT(*) FROM admission_policies WHERE retired_at IS NULL"),
    ("findings", "SELECT COUNT(*) FROM findings WHERE closed_at IS NULL"),
];

/// Rows that say twice what is there once.
const DOUBLED: [&str; 5] = [
    "SELECT COUNT(*) - COUNT(DISTINCT digest) FROM images",
    "SELECT COUNT(*) FROM (SELECT 1 FROM image_locations GROUP BY registry, repository, digest HAVING COUNT(*) > 1) AS d",
    "SELECT COUNT(*) FROM (SELECT 1 FROM image_tags WHERE ended_at IS NULL GROUP BY registry, repository, tag, \
     image_id HAVING COUNT(*) > 1) AS d",
    "SELECT COUNT(*) FROM (SELECT 1 FROM workloads GROUP BY cluster, namespace, kind, name HAVING COUNT(*) > 1) AS d",
    "SELECT COUNT(*) FROM (SELECT 1 FROM repositories GROUP BY registry, name HAVING COUNT(*) > 1) AS d",
];

/// Tables in which an unchanged sync may write nothing.
const UNCHANGED: [&str; 20] = [
    "images",
    "image_tags",
    "image_digests",
    "image_metadata",
    "image_locations",
    "repositories",
    "clusters",
    "nodes",
    "workloads",
    "containers",
    "workload_nodes",
    "workload_instance_sets",
    "workload_instances",
    "exposures",
    "network_policies",
    "admission_policies",
    "accounts",
    "coverage",
    "source_objects",
    "findings",
];

/// Runs that somebody has to end.
const UNDER_WAY: &str = "SELECT COUNT(*) FROM source_runs WHERE state IN ('waiting', 'running')";
/// A deadline for each call that nothing here reaches.
pub const LONG: Duration = Duration::from_secs(60);

/// An emulator, a database and a source that was synced whole once.
#[derive(Debug)]
pub struct World<C: Cloud> {
    runtime: Runtime,
    /// The emulator.
    pub cloud: C,
    /// What it was seeded with.
    pub estate: C::Estate,
    store: Store,
    /// Until it is dropped.
    database: Option<TestDatabase>,
    /// What is synced.
    pub source: Source,
}

impl<C: Cloud> World<C> {
    /// Over the estate of this plan, with these settings, into SQLite.
    ///
    /// # Panics
    /// When not everything is seen.
    #[must_use]
    pub fn new(plan: &Value, settings: Settings<'_>) -> Option<Self> {
        let runtime = runtime();
        let database = runtime.block_on(test_support::sqlite());
        Self::over(runtime, database, plan, settings)
    }

    /// Runs a test in such a world, and in another one that syncs into PostgreSQL, where a server is given.
    ///
    /// # Panics
    /// When the test does, or not everything is seen.
    pub fn on_each_database(plan: &Value, settings: Settings<'_>, test: impl Fn(&Self)) {
        let Some(world) = Self::new(plan, settings) else { return };
        test(&world);
        drop(world);
        let runtime = runtime();
        let Some(database) = runtime.block_on(test_support::postgres()) else {
            skipped(&format!("on PostgreSQL: {POSTGRES_VARIABLE} is not set"));
            return;
        };
        if let Some(world) = Self::over(runtime, database, plan, settings) {
            test(&world);
        }
    }

    fn over(runtime: Runtime, database: TestDatabase, plan: &Value, settings: Settings<'_>) -> Option<Self> {
        let (cloud, estate) = C::seeded(plan)?;
        let store = database.store.clone();
        let source = Source::of(&store, (&cloud, &estate), settings, SyncSettings::default());
        let source = runtime.block_on(source);
        let world = Self { runtime, cloud, estate, store, database: Some(database), source };
        let (finished, journal) = world.sync();
        assert_eq!(finished.state, RunState::Complete, "{} {:?}", finished.message, open(&journal));
        Some(world)
    }

    /// Syncs, and answers the run with its journal.
    pub fn sync(&self) -> (Finished, RunDetail) {
        self.sync_within(SyncSettings::default().call_deadline)
    }

    /// Syncs with another deadline for each call.
    pub fn sync_within(&self, deadline: Duration) -> (Finished, RunDetail) {
        let source = self.source.with(SyncSettings { call_deadline: deadline, ..SyncSettings::default() });
        self.runtime.block_on(async {
            let finished = source.sync().await;
            let journal = source.journal(&finished).await;
            (finished, journal)
        })
    }

    /// Does something while a process works and follows what changes; a run by its schedule is over before, and what was
    /// begun for a change is over in the end.
    ///
    /// # Panics
    /// When a run does not end.
    pub fn following(&self, happens: impl FnOnce()) {
        let (runtime, engine) = (&self.runtime, self.source.engine.clone());
        runtime.block_on(self.source.schedule());
        std::thread::scope(|scope| {
            // What ends the work is let go of when something fails here, too.
            let (_working, ended) = tokio::sync::oneshot::channel::<()>();
            let wake = tokio::sync::Notify::new();
            scope.spawn(move || {
                runtime.block_on(async {
                    tokio::select! {
                        () = engine.work(&wake) => {}
                        _ = ended => {}
                    }
                });
            });
            let synced = "SELECT COUNT(*) FROM source_runs WHERE kind = 'sync' AND state = 'complete'";
            let wait = |over: &dyn Fn() -> bool| {
                let begun = std::time::Instant::now();
                while !over() {
                    assert!(begun.elapsed() < LONG, "a run does not end");
                    std::thread::sleep(Duration::from_millis(50));
                }
            };
            wait(&|| self.number(synced) >= 2);
            happens();
            wait(&|| self.number(UNDER_WAY) == 0);
        });
        must(runtime.block_on(self.source.engine.release()), "what it followed");
    }

    /// What is there now.
    #[must_use]
    pub fn present(&self) -> BTreeMap<&'static str, i64> {
        PRESENT.iter().map(|(name, sql)| (*name, self.number(sql))).collect()
    }

    /// Nothing is there twice.
    ///
    /// # Panics
    /// When something is.
    #[track_caller]
    pub fn not_doubled(&self) {
        for sql in DOUBLED {
            assert_eq!(self.number(sql), 0, "{sql}");
        }
    }

    /// Orders a fault and syncs, and once more where it was seen whole: what is missed much at once is believed when
    /// it is missed again. What was there still is, once, and so it is after the fault. The journal of the first run
    /// is for the caller.
    ///
    /// # Panics
    /// When something was retired, lost or doubled.
    #[track_caller]
    pub fn keeps(&self, fault: &Value, within: Duration) -> RunDetail {
        let before = self.present();
        self.cloud.fault(fault);
        let (finished, journal) = self.sync_within(within);
        let retired = finished.progress.counts.retired;
        let again = if finished.state == RunState::Complete {
            self.sync_within(within).0.progress.counts.retired
        } else {
            0
        };
        self.cloud.heal();
        assert_eq!((retired, again), (0, 0), "{fault}: {}", finished.message);
        assert_eq!(self.present(), before, "{fault}: {}", finished.message);
        self.not_doubled();
        let (healed, _) = self.sync();
        assert_eq!(healed.state, RunState::Complete, "{fault}: {}", healed.message);
        assert_eq!(self.present(), before, "{fault}");
        self.not_doubled();
        journal
    }

    /// A sync of what was synced finds everything, changes nothing and writes no row.
    ///
    /// # Panics
    /// When it does.
    #[track_caller]
    pub fn unchanged(&self) {
        let before = self.present();
        let written = UNCHANGED.map(|table| self.written(table));
        let (finished, journal) = self.sync();
        assert_eq!((finished.state, open(&journal).len()), (RunState::Complete, 0), "{}", finished.message);
        let counts = finished.progress.counts;
        assert_eq!((counts.added, counts.changed, counts.retired), (0, 0, 0), "{}", finished.message);
        assert_eq!(self.present(), before);
        for (table, before) in UNCHANGED.iter().zip(written) {
            assert_eq!(self.written(table), before, "{table}");
        }
    }

    /// Judges signatures anew, by these signers.
    ///
    /// # Panics
    /// When they are no signers, and when the database does not answer.
    pub fn trust(&self, given: &Given) {
        let judge = sync::judge(
            1 << 20,
            must(Trust::new(given).map_err(|problems| problems.join("; ")), "the signers"),
        );
        must(self.runtime.block_on(judge.signatures(&self.store)), "the signatures");
    }

    /// What a query of one number gives.
    #[must_use]
    pub fn number(&self, sql: &str) -> i64 {
        must(self.runtime.block_on(self.store.number(sql)), sql)
    }

    /// Runs a question of the store.
    pub fn ask<T>(&self, question: impl Future<Output = Result<T, store::Error>>) -> T {
        must(self.runtime.block_on(question), "a question of the store")
    }

    /// Rows of a table written so far.
    #[must_use]
    pub fn written(&self, table: &str) -> u64 {
        self.store.rows_written(table)
    }
}

impl<C: Cloud> Drop for World<C> {
    fn drop(&mut self) {
        self.cloud.heal();
        if std::thread::panicking() {
            say(&format!("the test failed on {}", self.store.product()));
        }
        if let Some(database) = self.database.take() {
            self.runtime.block_on(database.drop_database());
        }
    }
}

fn runtime() -> Runtime {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    must(runtime, "a runtime")
}

/// What the journal says of a scope: its state and reason.
#[track_caller]
#[must_use]
pub fn told<'j>(journal: &'j RunDetail, scope: &Scope) -> (RunState, &'j str) {
    let found = there(journal.scopes.iter().find(|row| row.scope == *scope), "the scope in the journal");
    (found.state, &found.reason)
}

/// The journal says why something was not seen.
///
/// # Panics
/// When none of its reasons has these words.
#[track_caller]
pub fn says(journal: &RunDetail, words: &str) {
    let open: Vec<&str> = journal
        .scopes
        .iter()
        .filter(|row| row.state != RunState::Complete)
        .map(|row| row.reason.as_str())
        .collect();
    assert!(open.iter().any(|reason| reason.contains(words)), "`{words}` is not in {open:?}");
}

/// The scopes that were not seen whole.
#[must_use]
pub fn open(journal: &RunDetail) -> Vec<Scope> {
    let open = journal.scopes.iter().filter(|row| row.state != RunState::Complete);
    open.map(|row| row.scope.clone()).collect()
}
