//! What becomes known of a source between two runs. A follower says only that something of a scope changed: the scope
//! is then asked again by the rules of every run. Refuses to carry what changed, and so to grow with it.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::source::Scope;
use futures_util::future::BoxFuture;
use tokio::sync::Notify;

use crate::Context;

/// A connector that hears of changes by itself.
pub trait Follower: Send + Sync {
    /// The least time between two runs that changes lead to.
    fn at_most_every(&self) -> Duration;

    /// Listens until it is dropped, and notes each scope of which something may have changed: also where it began to
    /// listen, or missed something.
    fn follow<'a>(&'a self, context: &'a Context, noticed: &'a Noticed) -> BoxFuture<'a, ()>;
}

/// What a follower noticed, until somebody takes it up. Each scope stands in it once, however much of it changed.
#[derive(Debug, Default)]
pub struct Noticed {
    notices: Mutex<Notices>,
    told: Notify,
}

/// What was noticed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    /// Scopes of which something may have changed.
    pub changed: BTreeSet<Scope>,
    /// Why something cannot be followed and is known by runs alone, in words.
    pub unfollowed: BTreeSet<String>,
}

impl Noticed {
    /// Something of this scope may have changed.
    pub fn changed(&self, scope: &Scope) {
        let mut notices = self.notices();
        if !notices.changed.contains(scope) {
            notices.changed.insert(scope.clone());
        }
        drop(notices);
        self.told.notify_one();
    }

    /// Something cannot be followed, for this reason. To be said once, and not with each try.
    pub fn unfollowed(&self, reason: String) {
        self.notices().unfollowed.insert(reason);
        self.told.notify_one();
    }

    /// Waits until something was noticed.
    pub async fn anything(&self) {
        while *self.notices() == Notices::default() {
            self.told.notified().await;
        }
    }

    /// Takes what was noticed since the last time.
    #[must_use]
    pub fn take(&self) -> Notices {
        std::mem::take(&mut *self.notices())
    }

    fn notices(&self) -> MutexGuard<'_, Notices> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(account: &str) -> Scope {
        Scope { account: account.to_owned(), region: String::new(), service: "workloads".to_owned() }
    }

    #[tokio::test]
    async fn a_scope_is_noticed_once_and_taken_once() {
        let noticed = Noticed::default();
        for account in ["b", "a", "b", "b"] {
            noticed.changed(&scope(account));
        }
        noticed.unfollowed("denied".to_owned());
        noticed.anything().await;
        let taken = noticed.take();
        assert_eq!(taken.changed.into_iter().collect::<Vec<_>>(), [scope("a"), scope("b")]);
        assert_eq!(taken.unfollowed.len(), 1);
        assert_eq!(noticed.take(), Notices::default());
    }

    #[tokio::test]
    async fn who_waits_is_woken() {
        let noticed = Noticed::default();
        tokio::join!(noticed.anything(), async { noticed.changed(&scope("a")) });
        assert_eq!(noticed.take().changed.len(), 1);
    }
}
