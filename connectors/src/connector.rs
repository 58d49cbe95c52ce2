//! What every connector does: name its scopes, collect one, try its permissions. Refuses to know what
//! becomes of an observation: it goes into a [`Sink`].

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use domain::document::Provenance;
use domain::observation::Observation;
use domain::reference::ImageReference;
use domain::source::{Completeness, Scope, SourceKind, Trial, Values};
use futures_util::future::BoxFuture;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::meter::Meter;
use crate::{Failure, Follower};

/// A connector as data, and how it is built from settings.
#[derive(Clone, Copy, Debug)]
pub struct Descriptor {
    /// What pages and the command line show.
    pub about: SourceKind,
    /// Builds it from values that were checked by [`domain::source::validate`] and have their secrets in
    /// place.
    ///
    /// # Errors
    /// When the values contradict each other; every problem at once.
    pub build: fn(&Values) -> Built,
}

/// A connector, or every problem of the values it was to be built from.
pub type Built = Result<Box<dyn Connector>, Vec<domain::source::Problem>>;

/// A source that can be asked.
pub trait Connector: Send + Sync {
    /// The scopes there are to ask.
    fn plan<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Plan, Failure>>;

    /// Collects one scope into the sink; tells whether everything of it was seen. What was sent before a
    /// failure stays: it was seen.
    fn collect<'a>(
        &'a self,
        scope: &'a Scope,
        context: &'a Context,
        sink: &'a Sink,
    ) -> BoxFuture<'a, Result<Completeness, Failure>>;

    /// Tries every needed permission once in every place, changing nothing.
    fn check<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Vec<Trial>>;

    /// What hears of changes between two runs; nothing where it is only asked.
    fn follower(&self) -> Option<&dyn Follower> {
        None
    }
}

/// The scopes of a source.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Every scope that can be asked.
    pub scopes: Vec<Scope>,
    /// Accounts by id with their names, for people.
    pub accounts: Vec<domain::account::Account>,
    /// Whether the list itself is complete; a scope missing from a partial list is not gone.
    pub completeness: Completeness,
}

/// What a run gives a connector besides its settings.
#[derive(Clone, Debug)]
pub struct Context {
    /// Counts calls, retries and waiting.
    pub meter: Arc<Meter>,
    /// Ends when the run is cancelled; checked between pages.
    pub cancelled: CancellationToken,
    /// The longest a single call may take, retries included.
    pub call_deadline: Duration,
    /// The most calls under way at once for the whole source.
    pub concurrency: usize,
    /// What was read before of things that never change.
    pub memory: Arc<dyn Memory>,
}

/// Remembers from one run to the next what was read of things that never change, such as what bytes of a digest say.
/// What is forgotten is read again.
pub trait Memory: Send + Sync + fmt::Debug {
    /// What is remembered, of these words.
    fn recall<'a>(&'a self, words: &'a [String]) -> BoxFuture<'a, HashMap<String, Vec<u8>>>;

    /// Remembers this.
    fn remember<'a>(&'a self, contents: &'a [(String, Vec<u8>)]) -> BoxFuture<'a, ()>;

    /// Those of these documents that are on record, each by its digest (`sha256:…`) and the image it came with: they
    /// need not be fetched.
    fn on_record<'a>(
        &'a self,
        documents: &'a [(String, ImageReference)],
    ) -> BoxFuture<'a, HashSet<(String, ImageReference)>>;

    /// Those of these documents of a cluster, by their digests (`sha256:…`), that are on record and were read as they
    /// would be read today: handed on again, they would say nothing new.
    fn read_before<'a>(&'a self, cluster: &'a str, digests: &'a [String]) -> BoxFuture<'a, HashSet<String>>;
}

/// Remembers nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Forgetful;

impl Memory for Forgetful {
    fn recall<'a>(&'a self, _: &'a [String]) -> BoxFuture<'a, HashMap<String, Vec<u8>>> {
        Box::pin(async { HashMap::new() })
    }

    fn remember<'a>(&'a self, _: &'a [(String, Vec<u8>)]) -> BoxFuture<'a, ()> {
        Box::pin(async {})
    }

    fn on_record<'a>(
        &'a self,
        _: &'a [(String, ImageReference)],
    ) -> BoxFuture<'a, HashSet<(String, ImageReference)>> {
        Box::pin(async { HashSet::new() })
    }

    fn read_before<'a>(&'a self, _: &'a str, _: &'a [String]) -> BoxFuture<'a, HashSet<String>> {
        Box::pin(async { HashSet::new() })
    }
}

/// What a connector hands on.
#[derive(Clone, Debug)]
pub enum Item {
    /// One observed fact.
    Observation(Box<Observation>),
    /// A document that somebody else wrote, unread, with where it came from.
    Document {
        /// Its bytes.
        bytes: Vec<u8>,
        /// Its circumstances.
        provenance: Box<Provenance>,
    },
}

/// Where a connector puts what it found. Waits while the other side is behind, so that memory stays flat.
#[derive(Clone, Debug)]
pub struct Sink {
    sender: mpsc::Sender<Item>,
}

impl Sink {
    /// A sink that holds at most `capacity` items, and its other end.
    #[must_use]
    pub fn new(capacity: usize) -> (Self, mpsc::Receiver<Item>) {
        let (sender, receiver) = mpsc::channel(capacity.max(1));
        (Self { sender }, receiver)
    }

    /// Hands on one fact.
    ///
    /// # Errors
    /// When nobody takes it any more: the run has ended.
    pub async fn observe(&self, observation: Observation) -> Result<(), Failure> {
        self.send(Item::Observation(Box::new(observation))).await
    }

    /// Hands on a document unread.
    ///
    /// # Errors
    /// When nobody takes it any more: the run has ended.
    pub async fn document(&self, bytes: Vec<u8>, provenance: Provenance) -> Result<(), Failure> {
        self.send(Item::Document { bytes, provenance: Box::new(provenance) }).await
    }

    async fn send(&self, item: Item) -> Result<(), Failure> {
        self.sender.send(item).await.map_err(|_| Failure::Cancelled)
    }
}
