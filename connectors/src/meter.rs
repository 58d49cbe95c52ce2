//! What a run cost: calls, retries, time spent waiting. Refuses to be reset: a run has its own.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Counts over one run, shared by all its tasks.
#[derive(Debug, Default)]
pub struct Meter {
    calls: AtomicU64,
    retries: AtomicU64,
    throttled: AtomicU64,
    waited_milliseconds: AtomicU64,
}

/// The counts at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Calls sent, retries included.
    pub calls: u64,
    /// Calls that repeated an earlier one.
    pub retries: u64,
    /// Answers that asked for fewer calls.
    pub throttled: u64,
    /// Time spent waiting for the vendor's permission to go on.
    pub waited: Duration,
}

impl Meter {
    /// Counts a call; `retry` when it repeats an earlier one.
    pub fn call(&self, retry: bool) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.retries.fetch_add(u64::from(retry), Ordering::Relaxed);
    }

    /// Counts an answer that asked for fewer calls.
    pub fn throttled(&self) {
        self.throttled.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts time spent waiting.
    pub fn waited(&self, time: Duration) {
        let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.waited_milliseconds.fetch_add(milliseconds, Ordering::Relaxed);
    }

    /// The counts now.
    #[must_use]
    pub fn reading(&self) -> Reading {
        Reading {
            calls: self.calls.load(Ordering::Relaxed),
            retries: self.retries.load(Ordering::Relaxed),
            throttled: self.throttled.load(Ordering::Relaxed),
            waited: Duration::from_millis(self.waited_milliseconds.load(Ordering::Relaxed)),
        }
    }
}
