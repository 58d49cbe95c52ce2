//! Adaptive pace towards one vendor: more calls at once while answers come, half as many when the vendor
//! asks for fewer. Refuses to stand still: one call is always allowed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Good answers in a row after which one more call may be under way.
const STEP: usize = 20;

/// How many calls may be under way at once. Additive increase, multiplicative decrease.
#[derive(Debug)]
pub struct Pace {
    permits: Arc<Semaphore>,
    most: usize,
    allowed: AtomicUsize,
    good: AtomicUsize,
}

impl Pace {
    /// A pace that starts at `most` calls at once and never exceeds it.
    #[must_use]
    pub fn new(most: usize) -> Self {
        let most = most.max(1);
        Self {
            permits: Arc::new(Semaphore::new(most)),
            most,
            allowed: AtomicUsize::new(most),
            good: AtomicUsize::new(0),
        }
    }

    /// Waits for leave to make one call; it is given back when dropped.
    pub async fn leave(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.permits).acquire_owned().await.ok()
    }

    /// How many calls may be under way now.
    #[must_use]
    pub fn allowed(&self) -> usize {
        self.allowed.load(Ordering::Relaxed)
    }

    /// An answer came.
    pub fn answered(&self) {
        if self.good.fetch_add(1, Ordering::Relaxed) + 1 < STEP {
            return;
        }
        self.good.store(0, Ordering::Relaxed);
        let grown = self.allowed.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |allowed| {
            (allowed < self.most).then_some(allowed + 1)
        });
        if grown.is_ok() {
            self.permits.add_permits(1);
        }
    }

    /// The vendor asked for fewer calls.
    pub fn throttled(&self) {
        self.good.store(0, Ordering::Relaxed);
        let before = self.allowed.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |allowed| {
            (allowed > 1).then_some(allowed.div_ceil(2))
        });
        let Ok(before) = before else { return };
        let surplus = before - before.div_ceil(2);
        let permits = Arc::clone(&self.permits);
        // Permits that are out now are withdrawn as they come back.
        tokio::spawn(async move {
            if let Ok(many) = permits.acquire_many_owned(u32::try_from(surplus).unwrap_or(u32::MAX)).await {
                many.forget();
            }
        });
    }
}
