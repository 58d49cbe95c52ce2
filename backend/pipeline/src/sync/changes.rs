//! What changes of one source lead to: a run over their scopes, soon, and not too often. Refuses to save anything by
//! itself: what a follower noticed is asked again by the rules of every run.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use connectors::{Connector, Noticed, Notices};
use domain::id::SourceId;
use domain::source::Scope;
use store::save::journal;
use store::save::sources::{self as rows, Followed};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::asking::Asking;
use super::work::pause;
use super::{Engine, words};
use crate::Error;

/// What belongs together comes within this time.
const TOGETHER: Duration = Duration::from_secs(1);
/// How often it is looked whether a run is over.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// A run is followed by so many times its time without another.
const SHARE: u32 = 9;

/// A source that is followed.
pub(super) struct Source {
    pub(super) id: SourceId,
    pub(super) name: String,
}

/// Follows a source until it is dropped.
pub(super) async fn follow(engine: Engine, source: Source, connector: Arc<dyn Connector>) {
    let Some(follower) = connector.follower() else { return };
    let asking = Asking::new(Arc::clone(&connector), &engine.inner.settings, CancellationToken::new(), None);
    let (context, noticed) = (asking.context(), Noticed::default());
    tokio::select! {
        () = follower.follow(&context, &noticed) => {}
        () = take_up(&engine, &source, follower.at_most_every(), &noticed) => {}
    }
}

/// Asks the scopes that changed, again and again.
async fn take_up(engine: &Engine, source: &Source, at_most_every: Duration, noticed: &Noticed) {
    let (mut changed, mut ready) = (BTreeSet::<Scope>::new(), Instant::now());
    loop {
        if changed.is_empty() {
            noticed.anything().await;
        }
        tokio::time::sleep_until(ready.max(Instant::now() + TOGETHER)).await;
        let Notices { changed: more, unfollowed } = noticed.take();
        changed.extend(more);
        if let Err(error) = engine.say(source, unfollowed).await {
            pause(&error).await;
        }
        if changed.is_empty() {
            continue;
        }
        let scopes: Vec<Scope> = changed.iter().cloned().collect();
        let rest = match engine.ask_again(source, &scopes).await {
            Ok(Some(followed)) => {
                let took = followed.took.to_std().unwrap_or_default();
                // What a second run has to miss is asked a second time.
                changed = followed.suspect.into_iter().collect();
                took.saturating_mul(SHARE)
            }
            Ok(None) => Duration::ZERO,
            Err(error) => {
                pause(&error).await;
                Duration::ZERO
            }
        };
        ready = Instant::now() + rest.max(at_most_every);
    }
}

impl Engine {
    /// Asks for a run over some scopes and waits until it is over. Nothing where one is asked for already.
    async fn ask_again(&self, source: &Source, scopes: &[Scope]) -> Result<Option<Followed>, Error> {
        let tx = self.inner.store.begin().await?;
        let run = rows::request_follow(&tx, source.id, scopes, self.now()).await?;
        tx.commit().await?;
        let Some(run) = run else { return Ok(None) };
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            if let Some(followed) = rows::followed(&self.inner.store, run).await? {
                return Ok(Some(followed));
            }
        }
    }

    /// Writes into the journal what cannot be followed.
    async fn say(&self, source: &Source, unfollowed: BTreeSet<String>) -> Result<(), Error> {
        if unfollowed.is_empty() {
            return Ok(());
        }
        let entry = |reason: &String| journal::Entry {
            event: "not-followed",
            subject: source.name.clone(),
            message: words::sentence(reason),
        };
        let entries: Vec<journal::Entry> = unfollowed.iter().map(entry).collect();
        let tx = self.inner.store.begin().await?;
        journal::add(&tx, self.now().timestamp_millis(), None, &entries).await?;
        tx.commit().await?;
        Ok(())
    }
}
