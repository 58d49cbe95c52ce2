//! What a connector shows, handed on to another server instead of saved here: asked scope by scope as a sync
//! asks, packed into parts, pushed in order, ended with the plan so that the server does the run.
//!
//! Refuses to need a database, to send a scope of two moments as one, and to end a run that was not asked to
//! its end.

mod client;
mod destination;
mod logbook;
mod pages;
mod remembered;
mod scope;
#[cfg(test)]
mod tests;
mod words;

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use connectors::{Connector, Descriptor, Plan};
use domain::id::RunId;
use domain::source::{Completeness, RunCounts, RunState, Scope, Values};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

pub use destination::Destination;
pub use logbook::Logbook;

use self::client::Client;
use self::remembered::Remembered;
use super::asking::{self, Asking, Unplanned, overall};
use super::live::{Event, Watcher};
use super::{PushedPlan, SyncSettings};
use crate::Error;

/// A source that is handed on.
pub struct Forwarder {
    source: String,
    connector: Arc<dyn Connector>,
    settings: SyncSettings,
    clock: fn() -> DateTime<Utc>,
}

/// How a scope was handed on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    /// The scope.
    pub scope: Scope,
    /// Complete, partial, failed or cancelled.
    pub state: RunState,
    /// A sentence; empty where all was seen.
    pub reason: String,
    /// Facts.
    pub observations: u64,
    /// Documents, unread.
    pub documents: u64,
    /// Parts.
    pub parts: u32,
    /// Bytes of the parts, packed.
    pub bytes: u64,
    /// What asking cost; the server counts what it sees.
    pub counts: RunCounts,
    /// Whether an earlier process did it.
    #[serde(skip)]
    pub earlier: bool,
}

/// What came of handing on.
#[derive(Clone, Debug)]
pub struct Forwarded {
    /// The run as the server knows it; none in a dry run.
    pub run: Option<RunId>,
    /// How it ended.
    pub state: RunState,
    /// One sentence, or a few.
    pub message: String,
    /// The scopes in their order, those of an earlier process too.
    pub scopes: Vec<Handed>,
}

impl Forwarder {
    /// A source of this name with all it is told.
    ///
    /// # Errors
    /// One sentence: why it cannot be asked.
    pub fn new(
        source: &str,
        kinds: &[Descriptor],
        (kind, values): (&str, &Values),
        settings: SyncSettings,
        clock: fn() -> DateTime<Utc>,
    ) -> Result<Self, String> {
        let connector = asking::connector(kinds, kind, values)?;
        Ok(Self { source: source.to_owned(), connector, settings, clock })
    }

    /// Asks everything and sends nothing: tells what would be sent.
    ///
    /// # Errors
    /// When there is no memory to pack in.
    pub async fn rehearse(
        &self,
        cancelled: &CancellationToken,
        watcher: Option<Watcher>,
    ) -> Result<Forwarded, Error> {
        let errand = Arc::new(self.errand(None, cancelled, watcher, None));
        let plan = match errand.asking.plan().await {
            Ok(plan) => plan,
            Err(unplanned) => return Ok(unplanned_run(None, unplanned).0),
        };
        let scopes = errand.hand_on(&plan.scopes, Vec::new()).await?;
        Ok(told(None, cancelled, &plan.completeness, scopes))
    }

    /// Asks everything that is not at its destination yet and sends it. Where it is interrupted, the same
    /// logbook lets it go on. What was read is remembered beside it, however the run ends.
    ///
    /// # Errors
    /// [`Error::NotSent`] when the destination refuses or stays away, or the logbook cannot be written.
    pub async fn send(
        &self,
        to: &Destination,
        logbook: Logbook,
        cancelled: &CancellationToken,
        watcher: Option<Watcher>,
    ) -> Result<Forwarded, Error> {
        let memory = Arc::new(Remembered::open(logbook.memory(), self.clock, watcher.clone()));
        let sent = self.send_remembering(to, logbook, cancelled, watcher, &memory).await;
        memory.save();
        sent
    }

    async fn send_remembering(
        &self,
        to: &Destination,
        mut logbook: Logbook,
        cancelled: &CancellationToken,
        watcher: Option<Watcher>,
        memory: &Arc<Remembered>,
    ) -> Result<Forwarded, Error> {
        let client = Client::new(to.clone(), watcher.clone());
        let Some(here) = cancelled.run_until_cancelled(client.here(logbook.run())).await else {
            return Ok(cancelled_run(logbook.run()));
        };
        let mut here = here?;
        if here.ended {
            logbook.begin_anew((self.clock)())?;
            here.scopes.clear();
        }
        if cancelled.run_until_cancelled(believe(&client, memory)).await.is_none() {
            return Ok(cancelled_run(logbook.run()));
        }
        let run = logbook.run();
        let before: Vec<Handed> = here.whole().filter_map(|scope| logbook.handed(&scope)).collect();
        let memory = Some(Arc::clone(memory));
        let errand = Arc::new(self.errand(Some((client, logbook)), cancelled, watcher, memory));
        let plan = match errand.asking.plan().await {
            Ok(plan) => plan,
            Err(unplanned) => {
                let (forwarded, refusal) = unplanned_run(Some(run), unplanned);
                if let Some(reason) = refusal {
                    errand.end(PushedPlan::refused(reason), cancelled).await?;
                }
                return Ok(forwarded);
            }
        };
        let scopes = errand.hand_on(&plan.scopes, before).await?;
        let mut forwarded = told(Some(run), cancelled, &plan.completeness, scopes);
        if forwarded.state != RunState::Cancelled && !errand.end(planned(plan), cancelled).await? {
            forwarded.state = RunState::Cancelled;
            forwarded.message = words::interrupted(&forwarded.scopes);
        }
        Ok(forwarded)
    }

    fn errand(
        &self,
        to: Option<(Client, Logbook)>,
        cancelled: &CancellationToken,
        watcher: Option<Watcher>,
        memory: Option<Arc<Remembered>>,
    ) -> Errand {
        let connector = Arc::clone(&self.connector);
        let (client, logbook) = to.unzip();
        let asking = Asking::new(connector, &self.settings, cancelled.child_token(), watcher);
        Errand {
            asking: match &memory {
                Some(memory) => asking.remembering(Arc::<Remembered>::clone(memory)),
                None => asking,
            },
            source: self.source.clone(),
            largest: usize::try_from(self.settings.max_document_bytes).unwrap_or(usize::MAX),
            run: logbook.as_ref().map_or(RunId::from_bytes([0; 16]), Logbook::run),
            client,
            logbook: logbook.map(Mutex::new),
            memory,
        }
    }
}

impl std::fmt::Debug for Forwarder {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Forwarder").field("source", &self.source).finish_non_exhaustive()
    }
}

/// Handing on under way.
struct Errand {
    /// Its token ends with the run, and with the first part that cannot be sent.
    asking: Asking,
    source: String,
    /// Most bytes of a document.
    largest: usize,
    run: RunId,
    /// None in a dry run, as are the logbook and the memory.
    client: Option<Client>,
    logbook: Option<Mutex<Logbook>>,
    memory: Option<Arc<Remembered>>,
}

impl Errand {
    /// Hands on the scopes that are not among those handed on before; gives all of the plan's, in its order.
    async fn hand_on(self: &Arc<Self>, all: &[Scope], before: Vec<Handed>) -> Result<Vec<Handed>, Error> {
        let mut handed: Vec<Handed> = before.into_iter().filter(|known| all.contains(&known.scope)).collect();
        self.asking.tell(&Event::Planned { scopes: all.len(), done: handed.len() });
        let open = all.iter().filter(|scope| handed.iter().all(|known| known.scope != **scope));
        let ask = |scope| scope::hand_on(Arc::clone(self), scope);
        handed.extend(self.asking.side_by_side(open.cloned().collect(), ask).await?);
        handed.sort_by(|one, other| one.scope.cmp(&other.scope));
        Ok(handed)
    }

    /// Ends the run at its destination; tells whether it was not cancelled before.
    async fn end(&self, plan: PushedPlan, cancelled: &CancellationToken) -> Result<bool, Error> {
        let Some(client) = &self.client else { return Ok(true) };
        match cancelled.run_until_cancelled(client.end(self.run, &plan)).await {
            Some(ended) => ended?,
            None => return Ok(false),
        }
        if let Some(memory) = &self.memory {
            memory.arrived(self.run);
        }
        if let Some(logbook) = &self.logbook {
            logbook.lock().unwrap_or_else(PoisonError::into_inner).close();
        }
        Ok(true)
    }
}

/// Forgets which documents are at a destination that does not know their run, or does not say.
async fn believe(client: &Client, memory: &Remembered) {
    if let Some(run) = memory.last_run()
        && !client.here(run).await.is_ok_and(|here| here.ended)
    {
        memory.deliver_anew();
    }
}

fn planned(plan: Plan) -> PushedPlan {
    let Plan { scopes, accounts, completeness } = plan;
    PushedPlan { scopes, accounts, completeness, refusal: None }
}

fn told(
    run: Option<RunId>,
    cancelled: &CancellationToken,
    plan: &Completeness,
    scopes: Vec<Handed>,
) -> Forwarded {
    let states: Vec<RunState> = scopes.iter().map(|handed| handed.state).collect();
    let state = overall(cancelled.is_cancelled(), 0, &states, plan);
    let message = match (state, run) {
        (RunState::Cancelled, Some(_)) => words::interrupted(&scopes),
        (RunState::Cancelled, None) => "Cancelled. Nothing was sent.".to_owned(),
        _ => words::summary(run.is_some(), plan, &scopes),
    };
    Forwarded { run, state, message, scopes }
}

fn cancelled_run(run: RunId) -> Forwarded {
    let message = words::interrupted(&[]);
    Forwarded { run: Some(run), state: RunState::Cancelled, message, scopes: Vec::new() }
}

/// What is told when there is no plan, and the refusal if there was one.
fn unplanned_run(run: Option<RunId>, unplanned: Unplanned) -> (Forwarded, Option<String>) {
    match unplanned {
        Unplanned::Refused(message, _) => {
            let refusal = message.clone();
            (Forwarded { run, state: RunState::Failed, message, scopes: Vec::new() }, Some(refusal))
        }
        Unplanned::Cancelled => {
            let message = "Cancelled before the first scope.".to_owned();
            (Forwarded { run, state: RunState::Cancelled, message, scopes: Vec::new() }, None)
        }
    }
}
