//! Asking a connector, whatever becomes of what it shows: its plan and its scopes in tasks of their own, side
//! by side, under deadlines. A sync saves what comes, a collect sends it to another server; both ask here.
//! Refuses to let a connector's failure or panic reach whoever asks.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use connectors::meter::Meter;
use connectors::{Connector, Context, Descriptor, Failure, Forgetful, Item, Memory, Plan, Sink};
use domain::source::{Completeness, RunState, Scope, Trial, Values, validate};
use tokio::sync::mpsc::Receiver;
use tokio::task::{AbortHandle, JoinError, JoinHandle, JoinSet};
use tokio::time::{Instant, error::Elapsed, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

use super::live::{Event, Live, Watcher};
use super::{SyncSettings, words};

/// Items handed over at once, to be saved in one transaction. Ids are spread over every index, so that a transaction
/// writes about as many pages for two thousand as for five hundred.
const BATCH: usize = 2000;
/// Items on their way from a connector.
const CAPACITY: usize = 500;
/// How long a batch waits to become full.
const LINGER: Duration = Duration::from_millis(100);

/// A connector under the rules of a run.
pub(super) struct Asking {
    pub(super) connector: Arc<dyn Connector>,
    pub(super) live: Arc<Live>,
    pub(super) cancelled: CancellationToken,
    settings: SyncSettings,
    memory: Arc<dyn Memory>,
    watcher: Option<Watcher>,
}

/// Why there is no plan.
pub(super) enum Unplanned {
    /// The source did not say; the sentence tells why, and whether it may say later.
    Refused(String, bool),
    /// Somebody stopped the run.
    Cancelled,
}

/// What the connector said of a scope in the end.
pub(super) struct Said {
    pub(super) state: RunState,
    /// A sentence, or nothing where all was seen.
    pub(super) reason: String,
    /// Whether asking again may bring more.
    pub(super) again: bool,
}

/// The connector of a kind with all it is told, or a sentence.
pub(super) fn connector(
    kinds: &[Descriptor],
    kind: &str,
    values: &Values,
) -> Result<Arc<dyn Connector>, String> {
    let known = kinds.iter().find(|descriptor| descriptor.about.kind == kind);
    let descriptor =
        known.ok_or_else(|| format!("This version of plimsoll has no connector of the kind `{kind}`."))?;
    let told = |problems: Vec<domain::source::Problem>| {
        let list: Vec<String> = problems.iter().map(ToString::to_string).collect();
        format!("What the source is told cannot be used: {}.", list.join("; "))
    };
    validate(descriptor.about.fields, values).map_err(told)?;
    (descriptor.build)(values).map(Arc::from).map_err(told)
}

/// Tries every permission of a source with all it is told, and needs no database.
///
/// # Errors
/// One sentence: why it cannot be asked.
pub async fn try_permissions(
    kinds: &[Descriptor],
    (kind, values): (&str, &Values),
    settings: &SyncSettings,
) -> Result<Vec<Trial>, String> {
    Ok(check(connector(kinds, kind, values)?, settings).await)
}

/// Tries every permission.
pub(super) async fn check(connector: Arc<dyn Connector>, settings: &SyncSettings) -> Vec<Trial> {
    let asking = Asking::new(connector, settings, CancellationToken::new(), None);
    asking.connector.check(&asking.context()).await
}

impl Asking {
    pub(super) fn new(
        connector: Arc<dyn Connector>,
        settings: &SyncSettings,
        cancelled: CancellationToken,
        watcher: Option<Watcher>,
    ) -> Self {
        let (live, settings, memory) = (Arc::default(), settings.clone(), Arc::new(Forgetful));
        Self { connector, live, cancelled, settings, memory, watcher }
    }

    /// The same, remembering what was read before.
    pub(super) fn remembering(self, memory: Arc<dyn Memory>) -> Self {
        Self { memory, ..self }
    }

    /// What a run gives the connector for one scope, or for the plan.
    pub(super) fn context(&self) -> Context {
        Context {
            meter: self.live.meter(),
            cancelled: self.cancelled.clone(),
            call_deadline: self.settings.call_deadline,
            concurrency: self.settings.concurrency,
            memory: Arc::clone(&self.memory),
        }
    }

    pub(super) fn tell(&self, event: &Event) {
        if let Some(watcher) = &self.watcher {
            watcher(event);
        }
    }

    /// The connector's plan with each scope once, in order; a panic or a deadline is a refusal.
    pub(super) async fn plan(&self) -> Result<Plan, Unplanned> {
        let (connector, context) = (Arc::clone(&self.connector), self.context());
        let deadline = self.settings.scope_deadline;
        let asking = tokio::spawn(async move { timeout(deadline, connector.plan(&context)).await });
        let abort = asking.abort_handle();
        let answer = tokio::select! {
            answer = asking => answer,
            () = self.cancelled.cancelled() => {
                abort.abort();
                return Err(Unplanned::Cancelled);
            }
        };
        match answer {
            Ok(Ok(Ok(plan))) => {
                let scopes: BTreeSet<Scope> = plan.scopes.into_iter().collect();
                Ok(Plan { scopes: scopes.into_iter().collect(), ..plan })
            }
            Ok(Ok(Err(Failure::Cancelled))) => Err(Unplanned::Cancelled),
            Ok(Ok(Err(failure))) => {
                let again = words::may_pass(&failure);
                Err(Unplanned::Refused(words::sentence(&failure.to_string()), again))
            }
            Ok(Err(_)) => Err(Unplanned::Refused(words::too_long(deadline), true)),
            Err(panic) => Err(Unplanned::Refused(words::defect(&panic), false)),
        }
    }

    /// Begins to collect one scope.
    pub(super) fn collect(&self, scope: &Scope) -> Collecting {
        let context = self.context();
        let meter = Arc::clone(&context.meter);
        let (sink, items) = Sink::new(CAPACITY);
        let (connector, scope) = (Arc::clone(&self.connector), scope.clone());
        let deadline = self.settings.scope_deadline;
        let task =
            tokio::spawn(async move { timeout(deadline, connector.collect(&scope, &context, &sink)).await });
        let abort = task.abort_handle();
        Collecting { items, task, abort: Abort(abort), meter, deadline, cancelled: self.cancelled.clone() }
    }

    /// Asks scopes side by side, as many as the settings allow. The first error lets no other begin.
    pub(super) async fn side_by_side<T, E, F>(
        &self,
        open: Vec<Scope>,
        ask: impl Fn(Scope) -> F,
    ) -> Result<Vec<T>, E>
    where
        T: Send + 'static,
        E: From<JoinError> + Send + 'static,
        F: Future<Output = Result<T, E>> + Send + 'static,
    {
        let most = self.settings.concurrency.max(1);
        let mut open = open.into_iter();
        let mut tasks = JoinSet::new();
        let mut asked = Vec::new();
        let mut failed = None;
        loop {
            while tasks.len() < most && failed.is_none() && !self.cancelled.is_cancelled() {
                let Some(scope) = open.next() else { break };
                tasks.spawn(ask(scope));
            }
            let Some(ended) = tasks.join_next().await else { break };
            match ended.map_err(E::from).and_then(|ended| ended) {
                Ok(one) => asked.push(one),
                Err(error) => {
                    failed.get_or_insert(error);
                }
            }
        }
        failed.map_or(Ok(asked), Err)
    }
}

/// One scope while it is collected; the connector stops when this is dropped.
pub(super) struct Collecting {
    items: Receiver<Item>,
    task: JoinHandle<Result<Result<Completeness, Failure>, Elapsed>>,
    abort: Abort,
    /// What the scope costs.
    pub(super) meter: Arc<Meter>,
    deadline: Duration,
    cancelled: CancellationToken,
}

/// Ends a task when it is dropped.
pub(super) struct Abort(pub(super) AbortHandle);

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Collecting {
    /// What came next, at most a batch; nothing once the connector has no more.
    pub(super) async fn batch(&mut self) -> Vec<Item> {
        let mut items = Vec::with_capacity(BATCH);
        if self.items.recv_many(&mut items, BATCH).await == 0 {
            return items;
        }
        let full_at = Instant::now() + LINGER;
        while items.len() < BATCH {
            let room = BATCH - items.len();
            match timeout_at(full_at, self.items.recv_many(&mut items, room)).await {
                Ok(0) | Err(_) => break,
                Ok(_) => {}
            }
        }
        items
    }

    /// Lets the connector go no further.
    pub(super) fn stop(&self) {
        self.abort.0.abort();
    }

    /// What the connector said in the end; `something` when it showed anything before.
    pub(super) async fn end(self, something: bool) -> Said {
        let Self { task, abort, deadline, cancelled, .. } = self;
        let collected = task.await;
        drop(abort);
        if cancelled.is_cancelled() {
            return Said { state: RunState::Cancelled, reason: "Cancelled.".to_owned(), again: false };
        }
        // What was seen before a failure was seen: then it is a part, and otherwise nothing.
        let broken = if something { RunState::Partial } else { RunState::Failed };
        match collected {
            Ok(Ok(Ok(Completeness::Complete))) => {
                Said { state: RunState::Complete, reason: String::new(), again: false }
            }
            Ok(Ok(Ok(Completeness::Partial(reason)))) => {
                Said { state: RunState::Partial, reason: words::sentence(&reason), again: false }
            }
            Ok(Ok(Err(failure))) => Said {
                state: broken,
                reason: words::sentence(&failure.to_string()),
                again: words::may_pass(&failure),
            },
            Ok(Err(_)) => Said { state: broken, reason: words::too_long(deadline), again: true },
            Err(panic) => Said { state: broken, reason: words::defect(&panic), again: false },
        }
    }
}

/// What scopes came to together; `done` are those that an earlier worker completed.
pub(super) fn overall(cancelled: bool, done: usize, states: &[RunState], plan: &Completeness) -> RunState {
    let count = |state: RunState| states.iter().filter(|known| **known == state).count();
    let complete = done + count(RunState::Complete);
    let total = done + states.len();
    if cancelled {
        RunState::Cancelled
    } else if complete == total && plan.is_complete() {
        RunState::Complete
    } else if complete == 0 && count(RunState::Failed) == total && total > 0 {
        RunState::Failed
    } else {
        RunState::Partial
    }
}
