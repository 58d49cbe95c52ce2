//! A run from its claim to its end: plan, scopes side by side, a sentence. Refuses to give up a run for one
//! scope, and to try for ever.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::id::RunId;
use domain::source::{RunKind, RunState};
use store::jobs;
use store::save::journal;
use store::save::sources::{self as rows, Claim, Ended, Progress};
use store::sources::Run;
use tokio_util::sync::CancellationToken;

use super::asking::{Unplanned, overall};
use super::job::Job;
use super::live::Watcher;
use super::scope;
use super::{Engine, Inner, LEASE, words};
use crate::Error;

/// How long after its first failure a run is tried again; four times as long after the next.
const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(30);

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Finished {
    /// Its id.
    pub run: RunId,
    /// How it ended; [`RunState::Waiting`] when it will be tried again.
    pub state: RunState,
    /// One sentence.
    pub message: String,
    /// What it counted.
    pub progress: Progress,
    /// Its scopes, as far as this worker asked them.
    pub scopes: Vec<Ended>,
}

/// How a run ended, before it is written down.
struct End {
    state: RunState,
    message: String,
    scopes: Vec<Ended>,
    again: bool,
}

impl End {
    fn failed(message: String, again: bool) -> Self {
        Self { state: RunState::Failed, message, scopes: Vec::new(), again }
    }
}

impl Engine {
    /// Takes this run, due or not, and brings it to its end. `None` when it cannot be taken: it is over, or
    /// another worker has it or another run of its source.
    ///
    /// # Errors
    /// When the database cannot be used; the run is taken up again after its lease.
    pub async fn run_now(
        &self,
        run: RunId,
        cancelled: CancellationToken,
        watcher: Option<Watcher>,
    ) -> Result<Option<Finished>, Error> {
        match self.claim(run, None).await? {
            Some(run) => self.run(run, cancelled, watcher).await.map(Some),
            None => Ok(None),
        }
    }

    /// Begins the attempt of a run that a job asks for, and brings it to its end. `None` when there is nothing
    /// to begin any more.
    ///
    /// # Errors
    /// When the database cannot be used; the run is taken up again after its lease.
    pub(super) async fn run_job(&self, job: jobs::Job) -> Result<Option<Finished>, Error> {
        match self.claim(job.run, Some(job.attempt)).await? {
            Some(run) => self.run(run, CancellationToken::new(), None).await.map(Some),
            None => Ok(None),
        }
    }

    async fn claim(&self, run: RunId, attempt: Option<u64>) -> Result<Option<Run>, Error> {
        let Inner { store, worker, names, .. } = &*self.inner;
        let claim = Claim { worker, from_file: names, run, attempt, lease: LEASE };
        Ok(rows::claim(store, &claim, self.now()).await?)
    }

    async fn run(
        &self,
        run: Run,
        cancelled: CancellationToken,
        watcher: Option<Watcher>,
    ) -> Result<Finished, Error> {
        let id = run.id;
        let job = match Job::new(self, run, cancelled, watcher).await? {
            Ok(job) => Arc::new(job),
            Err(sentence) => {
                let progress = Progress::default();
                let worker = &self.inner.worker;
                let now = self.now();
                rows::finish(&self.inner.store, id, worker, RunState::Failed, &sentence, &progress, now)
                    .await?;
                let state = RunState::Failed;
                return Ok(Finished { run: id, state, message: sentence, progress, scopes: Vec::new() });
            }
        };
        let end = tokio::select! {
            end = work(&job) => end,
            () = job.keep_alive() => End::failed(String::new(), false),
        };
        self.finish(&job, end).await
    }

    async fn finish(&self, job: &Job, end: End) -> Result<Finished, Error> {
        let (store, worker, now) = (&self.inner.store, &self.inner.worker, self.now());
        let progress = job.asking.live.progress();
        let mut finished = Finished {
            run: job.run.id,
            state: end.state,
            message: end.message,
            progress,
            scopes: end.scopes,
        };
        let repeats = matches!(job.run.kind, RunKind::Sync | RunKind::Follow);
        let may = end.again && repeats && job.run.attempts < self.inner.settings.attempts;
        if may && !job.is_lost() {
            let pause = FIRST_PAUSE
                * 4_i32.pow(u32::try_from(job.run.attempts.saturating_sub(1)).unwrap_or(0).min(6));
            let after = now + self.jittered(pause);
            if rows::try_again(store, job.run.id, worker, &finished.message, after).await? {
                finished.state = RunState::Waiting;
                return Ok(finished);
            }
        }
        let ours = rows::finish(
            store,
            job.run.id,
            worker,
            finished.state,
            &finished.message,
            &finished.progress,
            now,
        )
        .await?;
        if ours && matches!(job.run.kind, RunKind::Sync | RunKind::Push) {
            let entry = journal::Entry {
                event: "synced",
                subject: job.source.name.clone(),
                message: finished.message.clone(),
            };
            let tx = store.begin().await?;
            journal::add(&tx, now.timestamp_millis(), None, &[entry]).await?;
            tx.commit().await?;
        }
        Ok(finished)
    }
}

/// Does what the run was asked for. An error of the database ends the run as failed, to be tried again.
async fn work(job: &Arc<Job>) -> End {
    let worked = match job.run.kind {
        RunKind::Check => check(job).await,
        _ => sync(job).await,
    };
    worked.unwrap_or_else(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "a run could not be finished");
        End::failed(words::sentence(&error.to_string()), true)
    })
}

/// Tries every permission and keeps what came of it.
async fn check(job: &Arc<Job>) -> Result<End, Error> {
    let (connector, context) = (Arc::clone(&job.asking.connector), job.asking.context());
    let trying = tokio::spawn(async move { connector.check(&context).await });
    let deadline = job.engine.inner.settings.scope_deadline;
    let trials = match tokio::time::timeout(deadline, trying).await {
        Ok(Ok(trials)) => trials,
        Ok(Err(panic)) => return Ok(End::failed(words::defect(&panic), false)),
        Err(_) => return Ok(End::failed(words::too_long(deadline), false)),
    };
    rows::put_trials(&job.engine.inner.store, job.run.id, &trials).await?;
    let refused = trials.iter().filter(|trial| trial.refusal.is_some()).count();
    let (state, message) = match (refused, trials.len()) {
        (0, all) => (RunState::Complete, format!("All {all} permissions are granted.")),
        (refused, all) => (RunState::Partial, format!("{refused} of {all} permissions are refused.")),
    };
    Ok(End { state, message, scopes: Vec::new(), again: false })
}

async fn sync(job: &Arc<Job>) -> Result<End, Error> {
    let planned = match job.plan().await? {
        Ok(planned) => planned,
        Err(Unplanned::Refused(sentence, again)) => return Ok(End::failed(sentence, again)),
        Err(Unplanned::Cancelled) => {
            let message = "Cancelled before the first scope.".to_owned();
            return Ok(End { state: RunState::Cancelled, message, scopes: Vec::new(), again: false });
        }
    };
    let done = planned.total - planned.open.len();
    let ask = |scope| scope::ask(Arc::clone(job), scope);
    let asked = job.asking.side_by_side(planned.open, ask).await?;
    if !job.is_dry() && !job.is_lost() {
        scope::settle(job).await;
    }
    let again = asked.iter().any(|asked| asked.again);
    let scopes: Vec<Ended> = asked.into_iter().map(|asked| asked.ended).collect();
    let states: Vec<RunState> = scopes.iter().map(|ended| ended.state).collect();
    let cancelled = job.asking.cancelled.is_cancelled();
    let state = overall(cancelled, done, &states, &planned.completeness);
    let message = words::summary(state, &job.asking.live.progress(), &planned.completeness, &scopes);
    Ok(End { state, message, scopes, again: again && !cancelled })
}
