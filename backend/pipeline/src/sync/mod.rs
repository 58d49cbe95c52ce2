//! The sync engine: asks sources what there is, scope by scope, saves what they show, and believes that
//! something is gone only after a whole scope was seen without it.
//!
//! Refuses to let a partial answer retire anything, and one scope's failure stop the next.

mod asking;
mod changes;
mod crew;
mod follow;
mod forward;
mod gone;
mod job;
mod live;
mod memory;
mod plan;
mod pushed;
mod run;
mod save;
mod schedule;
mod scope;
mod vault;
mod words;
mod work;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use connectors::Descriptor;
use domain::id::SourceId;
use domain::source::Values;
use store::Store;
use tokio::sync::Semaphore;

use crate::{Error, Judge};

pub use asking::try_permissions;
pub use forward::{Destination, Forwarded, Forwarder, Handed, Logbook};
pub use live::{Event, Live, Watcher};
pub use pushed::PushedPlan;
pub use run::Finished;
pub use schedule::Schedule;
pub use vault::Vault;

/// How long a worker may be silent before another takes its run over.
pub const LEASE: TimeDelta = TimeDelta::seconds(60);
/// How many save what scopes show at once: while one waits for the database, another makes its rows.
const SAVERS: usize = 2;
/// How often a worker gives a sign of life, whether anything came of its work or not.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// How often it writes down how far it is, if it is further: somebody may be watching.
const PROGRESS: Duration = Duration::from_secs(1);

/// What the operator decided about syncing.
#[derive(Clone, Debug)]
pub struct SyncSettings {
    /// Runs under way at once in this process.
    pub workers: usize,
    /// Calls under way at once towards one source; as many scopes are asked at once.
    pub concurrency: usize,
    /// The longest a single call may take, retries included.
    pub call_deadline: Duration,
    /// The longest a scope may take.
    pub scope_deadline: Duration,
    /// Share of a scope, in percent, that must vanish at once to need a second complete run.
    pub suspect_percent: u64,
    /// Share of a waiting time, in percent, by which it is made longer at random.
    pub jitter_percent: u64,
    /// How often a run is begun before it is given up.
    pub attempts: u64,
    /// Largest document after decompression, in bytes.
    pub max_document_bytes: u64,
}

impl Default for SyncSettings {
    fn default() -> Self {
        Self {
            workers: 2,
            concurrency: 8,
            call_deadline: Duration::from_secs(60),
            scope_deadline: Duration::from_secs(60 * 60),
            suspect_percent: 3,
            jitter_percent: 10,
            attempts: 3,
            max_document_bytes: 512 << 20,
        }
    }
}

/// Opens the sealed secrets of a source.
pub trait Secrets: Send + Sync {
    /// The secret values, by field.
    ///
    /// # Errors
    /// One sentence: what is wrong and what to do.
    fn open(&self, sealed: &[u8]) -> Result<Values, String>;
}

impl<T: Secrets + ?Sized> Secrets for Arc<T> {
    fn open(&self, sealed: &[u8]) -> Result<Values, String> {
        (**self).open(sealed)
    }
}

/// The engine over one database. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    judge: Judge,
    settings: SyncSettings,
    kinds: Vec<Descriptor>,
    from_file: BTreeMap<String, Values>,
    names: Vec<String>,
    secrets: Option<Box<dyn Secrets>>,
    worker: String,
    /// Turns of those that save what scopes show.
    saving: Semaphore,
    /// The sources that this process follows, with when it renewed its lease.
    followed: Mutex<HashMap<SourceId, DateTime<Utc>>>,
    clock: fn() -> DateTime<Utc>,
}

/// What an engine works with.
pub struct Parts {
    /// The database.
    pub store: Store,
    /// Judges what a sync touched.
    pub judge: Judge,
    /// The operator's decisions.
    pub settings: SyncSettings,
    /// The connectors there are.
    pub kinds: Vec<Descriptor>,
    /// Sources of the settings file by name, with all they are told.
    pub from_file: BTreeMap<String, Values>,
    /// Opens stored secrets, if there is a key.
    pub secrets: Option<Box<dyn Secrets>>,
    /// Tells the time.
    pub clock: fn() -> DateTime<Utc>,
}

impl Engine {
    /// An engine of these parts, under a name of its own among all workers.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { store, judge, settings, kinds, from_file, secrets, clock } = parts;
        let names = from_file.keys().cloned().collect();
        let worker = format!("{}-{}", std::process::id(), uuid::Uuid::now_v7());
        let followed = Mutex::default();
        let saving = Semaphore::new(SAVERS);
        let inner = Inner {
            store,
            judge,
            settings,
            kinds,
            from_file,
            names,
            secrets,
            worker,
            saving,
            followed,
            clock,
        };
        Self { inner: Arc::new(inner) }
    }

    fn now(&self) -> DateTime<Utc> {
        (self.inner.clock)()
    }

    /// A waiting time made longer at random, so that many do not come back at once.
    fn jittered(&self, time: TimeDelta) -> TimeDelta {
        let share = random(self.inner.settings.jitter_percent.saturating_add(1));
        time + time * i32::try_from(share).unwrap_or(0) / 100
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Engine").field("worker", &self.inner.worker).finish_non_exhaustive()
    }
}

/// A random number below a bound.
fn random(below: u64) -> u64 {
    use std::hash::{BuildHasher, Hasher, RandomState};
    RandomState::new().build_hasher().finish() % below.max(1)
}

/// Saves again when another process got in the way.
async fn persistently<T, F: Future<Output = Result<T, Error>>>(work: impl Fn() -> F) -> Result<T, Error> {
    let mut attempt = 1;
    loop {
        match work().await {
            Err(Error::Store(error))
                if (error.is_transient() || matches!(error, store::Error::Duplicate(_))) && attempt < 5 =>
            {
                tracing::warn!(attempt, error = &error as &dyn std::error::Error, "saving is tried again");
                tokio::time::sleep(Duration::from_millis(50 << attempt)).await;
                attempt += 1;
            }
            result => return result,
        }
    }
}
