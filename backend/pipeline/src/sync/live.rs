//! How far a run has come, for whoever looks while it is under way. Refuses to be a record: that is in the
//! database.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use connectors::meter::Meter;
use domain::source::{RunCounts, Scope};
use store::save::sources::{Ended, Progress};

use super::forward::Handed;

/// Something worth telling at once.
#[derive(Clone, Debug)]
pub enum Event {
    /// The scopes are known.
    Planned {
        /// All of them.
        scopes: usize,
        /// Of these, how many an earlier worker completed.
        done: usize,
    },
    /// A scope is asked.
    Begun(Scope),
    /// A scope is over.
    Ended(Ended),
    /// A scope is at its destination, or never will be.
    Handed(Handed),
    /// The destination does not answer for now; the sentence says why, and when it is tried again.
    Delayed(String),
    /// Something is not as it should be, and the run goes on without it; a sentence says what.
    Warned(String),
}

/// Hears of events as they come.
pub type Watcher = Arc<dyn Fn(&Event) + Send + Sync>;

/// Counts of a run under way.
#[derive(Debug, Default)]
pub struct Live {
    scopes_total: AtomicU64,
    scopes_done: AtomicU64,
    seen: AtomicU64,
    added: AtomicU64,
    changed: AtomicU64,
    retired: AtomicU64,
    /// One for each scope, and one for the plan.
    meters: Mutex<Vec<Arc<Meter>>>,
    /// What an earlier worker counted.
    before: Mutex<RunCounts>,
}

impl Live {
    /// The counts now.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let mut counts = *self.before.lock().unwrap_or_else(PoisonError::into_inner);
        let load = |number: &AtomicU64| number.load(Ordering::Relaxed);
        counts.add(RunCounts {
            seen: load(&self.seen),
            added: load(&self.added),
            changed: load(&self.changed),
            retired: load(&self.retired),
            ..RunCounts::default()
        });
        for meter in self.meters.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            counts.add(cost(meter));
        }
        Progress { scopes_total: load(&self.scopes_total), scopes_done: load(&self.scopes_done), counts }
    }

    pub(super) fn planned(&self, scopes: usize, done: usize, before: RunCounts) {
        self.scopes_total.store(scopes as u64, Ordering::Relaxed);
        self.scopes_done.store(done as u64, Ordering::Relaxed);
        *self.before.lock().unwrap_or_else(PoisonError::into_inner) = before;
    }

    pub(super) fn meter(&self) -> Arc<Meter> {
        let meter = Arc::new(Meter::default());
        self.meters.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&meter));
        meter
    }

    pub(super) fn counted(&self, seen: u64, added: u64, changed: u64) {
        self.seen.fetch_add(seen, Ordering::Relaxed);
        self.added.fetch_add(added, Ordering::Relaxed);
        self.changed.fetch_add(changed, Ordering::Relaxed);
    }

    pub(super) fn ended(&self, retired: u64) {
        self.scopes_done.fetch_add(1, Ordering::Relaxed);
        self.retired.fetch_add(retired, Ordering::Relaxed);
    }
}

/// What a meter counted.
pub(super) fn cost(meter: &Meter) -> RunCounts {
    let reading = meter.reading();
    RunCounts {
        calls: reading.calls,
        retries: reading.retries,
        throttled: reading.throttled,
        waited_milliseconds: u64::try_from(reading.waited.as_millis()).unwrap_or(u64::MAX),
        ..RunCounts::default()
    }
}
