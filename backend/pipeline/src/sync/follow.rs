//! Which sources this process follows: each that can be followed is so by one process of all, under a lease that it
//! renews, for as long as the source is what it was. Refuses to follow what is asked on request alone.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use connectors::Connector;
use domain::id::SourceId;
use store::save::{periods, sources as rows};
use tokio::task::JoinHandle;

use super::asking::Abort;
use super::work::pause;
use super::{Engine, HEARTBEAT, LEASE, changes};
use crate::Error;

/// What is known of the sources that may be followed, by what they were when they were last changed.
#[derive(Default)]
struct Sources(HashMap<SourceId, Known>);

/// A source as it was at a moment.
struct Known {
    changed_at: DateTime<Utc>,
    /// Its connector with the source's name; nothing where this process cannot follow it.
    connector: Option<(String, Arc<dyn Connector>)>,
    /// What follows it in this process.
    task: Option<Task>,
}

/// Something under way that ends with this.
struct Task {
    following: JoinHandle<()>,
    _abort: Abort,
}

impl Engine {
    /// Follows sources until it is dropped.
    pub(super) async fn keep_following(&self) {
        let mut sources = Sources::default();
        loop {
            if let Err(error) = self.look(&mut sources).await {
                pause(&error).await;
            }
            tokio::time::sleep(HEARTBEAT).await;
        }
    }

    /// Lets others follow at once what this process does.
    pub(super) async fn unfollow_all(&self) -> Result<(), Error> {
        let followed: Vec<SourceId> = self.followed().keys().copied().collect();
        for source in followed {
            self.unfollow(source).await?;
        }
        Ok(())
    }

    /// Renews leases, takes those that are free, and ends what is not to be followed any more or as it was.
    async fn look(&self, sources: &mut Sources) -> Result<(), Error> {
        let wanted: HashMap<_, _> = rows::followable(&self.inner.store).await?.into_iter().collect();
        let is_over = |(id, known): &(&SourceId, &Known)| wanted.get(*id) != Some(&known.changed_at);
        let over: Vec<SourceId> = sources.0.iter().filter(is_over).map(|(id, _)| *id).collect();
        for source in over {
            drop(sources.0.remove(&source));
            self.unfollow(source).await?;
        }
        for (source, changed_at) in wanted {
            let known = match sources.0.entry(source) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => {
                    let connector = self.following(source).await?;
                    unknown.insert(Known { changed_at, connector, task: None })
                }
            };
            self.keep(source, known).await?;
        }
        Ok(())
    }

    /// Follows one source on, or begins to if nobody does.
    async fn keep(&self, source: SourceId, known: &mut Known) -> Result<(), Error> {
        let Some((name, connector)) = &known.connector else { return Ok(()) };
        if let Some(task) = &known.task {
            // What broke off is begun again by whoever finds that its lease has ended.
            if task.following.is_finished() || !self.renew(source).await? {
                known.task = None;
            }
        } else if self.take(source).await? {
            let followed = changes::Source { id: source, name: name.clone() };
            let following = tokio::spawn(changes::follow(self.clone(), followed, Arc::clone(connector)));
            known.task = Some(Task { _abort: Abort(following.abort_handle()), following });
        }
        Ok(())
    }

    /// The connector of a source, if it can be followed from here.
    async fn following(&self, source: SourceId) -> Result<Option<(String, Arc<dyn Connector>)>, Error> {
        let (source, sealed) = match rows::load(&self.inner.store, source).await {
            Ok(loaded) => loaded,
            Err(store::Error::NotFound(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        // Why a source cannot be asked from here, its runs say.
        let connector = self.connector(&source, sealed.as_deref()).ok();
        Ok(connector.filter(|connector| connector.follower().is_some()).map(|found| (source.name, found)))
    }

    async fn take(&self, source: SourceId) -> Result<bool, Error> {
        let now = self.now();
        let ours = periods::begin(&self.inner.store, &lease(source), LEASE, now).await?;
        if ours {
            self.followed().insert(source, now);
        }
        Ok(ours)
    }

    async fn renew(&self, source: SourceId) -> Result<bool, Error> {
        let Some(begun) = self.followed().get(&source).copied() else { return Ok(false) };
        let now = self.now();
        let ours = periods::renew(&self.inner.store, &lease(source), begun, now).await?;
        if ours {
            self.followed().insert(source, now);
        } else {
            self.followed().remove(&source);
        }
        Ok(ours)
    }

    async fn unfollow(&self, source: SourceId) -> Result<(), Error> {
        let begun = self.followed().remove(&source);
        if let Some(begun) = begun {
            periods::leave(&self.inner.store, &lease(source), begun).await?;
        }
        Ok(())
    }

    fn followed(&self) -> MutexGuard<'_, HashMap<SourceId, DateTime<Utc>>> {
        self.inner.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The work of following a source, as leases know it.
fn lease(source: SourceId) -> String {
    format!("follow {source}")
}
