//! One scope of a sync: saved while it answers, and what it came to. Refuses to retire anything for an answer
//! that was not whole.

use std::sync::Arc;

use domain::id::WorkloadId;
use domain::source::{Noun, RunState, Scope};
use store::save::retire::{self, Retired};
use store::save::sources::{self as rows, Ended};
use store::save::workloads;

use super::asking::{Collecting, Said};
use super::gone::{Verdict, verdict};
use super::job::Job;
use super::live::{Event, cost};
use super::save::Sighted;
use super::{persistently, words};
use crate::ingest::observations;
use crate::{Cause, Error, Touched};

/// Names given of what is missing.
const NAMED: usize = 3;

/// What a scope came to, and whether asking again may bring more.
pub(super) struct Asked {
    pub(super) ended: Ended,
    pub(super) again: bool,
}

/// Asks one scope.
pub(super) async fn ask(job: Arc<Job>, scope: Scope) -> Result<Asked, Error> {
    let engine = &job.engine.inner;
    let begun = job.engine.now();
    job.asking.tell(&Event::Begun(scope.clone()));
    if !job.is_dry() {
        let tx = engine.store.begin().await?;
        rows::begin_scope(&tx, job.run.id, &scope, begun).await?;
        tx.commit().await?;
    }
    let known = rows::known(&engine.store, job.source.id, &scope).await?;
    // One moment for the whole run: what one scope shows of a tag holds for what another runs by it.
    let at = job.run.started_at.unwrap_or(begun).timestamp_millis();
    let mut sighted = Sighted { known, at, ..Sighted::default() };
    let mut collecting = job.asking.collect(&scope);
    let meter = Arc::clone(&collecting.meter);
    tokio::select! {
        saved = take_all(&job, &scope, &mut collecting, &mut sighted) => saved?,
        () = job.asking.cancelled.cancelled() => collecting.stop(),
    }
    let said = collecting.end(sighted.counts.seen > 0).await;
    sighted.counts.add(cost(&meter));
    let again = said.again;
    let ended = conclude(&job, scope, said, sighted).await?;
    job.asking.live.ended(ended.counts.retired);
    job.asking.tell(&Event::Ended(ended.clone()));
    Ok(Asked { ended, again })
}

/// Saves batch by batch until the connector has no more.
async fn take_all(
    job: &Job,
    scope: &Scope,
    collecting: &mut Collecting,
    sighted: &mut Sighted,
) -> Result<(), Error> {
    loop {
        let items = collecting.batch().await;
        if items.is_empty() {
            return Ok(());
        }
        job.save(scope, items, sighted).await?;
    }
}

/// Writes down what the scope came to, retires what it no longer shows if all of it was seen, and judges
/// what it touched.
async fn conclude(job: &Job, scope: Scope, said: Said, mut sighted: Sighted) -> Result<Ended, Error> {
    let percent = job.engine.inner.settings.suspect_percent;
    let verdict = match said.state {
        RunState::Complete => verdict(&sighted.known, &sighted.seen, percent),
        _ => Verdict::default(),
    };
    let on_record = sighted.known.len() as u64 + sighted.counts.added;
    let ended = Ended {
        scope,
        state: said.state,
        reason: said.reason,
        counts: sighted.counts,
        objects: Some(on_record - verdict.gone.len() as u64),
        suspect_missing: verdict.suspect.len() as u64,
    };
    if job.is_dry() {
        return Ok(told(ended, &sighted, &verdict, &[], verdict.gone.len() as u64));
    }
    if job.is_lost() {
        return Ok(ended);
    }
    let (ended, retired) = persistently(async || write(job, &ended, &sighted, &verdict).await).await?;
    sighted.touched.images.extend(retired.images);
    sighted.touched.clusters.extend(retired.clusters);
    let settled = if sighted.learned {
        let engine = &job.engine.inner;
        observations::settle(&engine.store, engine.settings.max_document_bytes, job.engine.now()).await
    } else {
        Ok(Touched::default())
    };
    judge(job, job.place(&ended.scope), sighted.touched, settled).await;
    Ok(ended)
}

async fn write(
    job: &Job,
    ended: &Ended,
    sighted: &Sighted,
    verdict: &Verdict,
) -> Result<(Ended, Retired), Error> {
    let (source, scope) = (job.source.id, &ended.scope);
    let now = job.engine.now();
    let tx = job.engine.inner.store.begin().await?;
    let missed = verdict.gone.iter().chain(&verdict.suspect);
    let missed = missed.filter(|(noun, _)| *noun == Noun::Workload);
    workloads::put_last_seen(
        &tx,
        &missed.map(|(_, id)| WorkloadId::from_bytes(*id.as_bytes())).collect::<Vec<_>>(),
    )
    .await?;
    let elsewhere = rows::elsewhere(&tx, source, scope, &verdict.gone).await?;
    let mut gone = rows::keys(&tx, source, scope, &verdict.gone).await?;
    gone.retain(|(noun, object, _)| !elsewhere.contains(&(*noun, *object)));
    let retired = retire::retire(&tx, &gone, now.timestamp_millis()).await?;
    rows::forget(&tx, source, scope, &verdict.gone).await?;
    rows::suspect(&tx, source, scope, &verdict.suspect).await?;
    let some = &verdict.suspect[..verdict.suspect.len().min(NAMED)];
    let names: Vec<String> =
        rows::keys(&tx, source, scope, some).await?.into_iter().map(|(_, _, name)| name).collect();
    let ended = told(ended.clone(), sighted, verdict, &names, gone.len() as u64);
    rows::end_scope(&tx, source, job.run.id, &ended, now).await?;
    tx.commit().await?;
    Ok((ended, retired))
}

/// Adds to the reason what was held back or refused.
fn told(mut ended: Ended, sighted: &Sighted, verdict: &Verdict, names: &[String], retired: u64) -> Ended {
    ended.counts.retired = retired;
    let suspect = (!verdict.suspect.is_empty())
        .then(|| words::suspect(verdict.suspect.len(), sighted.known.len(), names));
    let parts =
        [Some(ended.reason).filter(|reason| !reason.is_empty()), suspect, words::refused(sighted.refused)];
    ended.reason = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    ended
}

/// Settles what the scopes of a run left open between them, and judges that; where another worker was at it
/// before, everything: what that one saved last, it may not have judged.
pub(super) async fn settle(job: &Job) {
    let engine = &job.engine.inner;
    let now = job.engine.now();
    let settled = observations::settle_run(&engine.store, engine.settings.max_document_bytes, now).await;
    let subject = job.source.name.clone();
    if job.run.attempts > 1 {
        let cause = cause(job, subject);
        noted(settled.map(drop));
        noted(engine.judge.everything(&engine.store, &cause, now).await);
    } else {
        judge(job, subject, Touched::default(), settled).await;
    }
}

/// Judges what was touched and what was settled after it.
async fn judge(job: &Job, subject: String, mut touched: Touched, settled: Result<Touched, Error>) {
    let engine = &job.engine.inner;
    let judged = async {
        engine.judge.signatures(&engine.store).await?;
        touched.add(settled?);
        if touched.is_nothing() {
            return Ok(());
        }
        let cause = cause(job, subject);
        engine.judge.touched(&engine.store, &touched, &cause, job.engine.now()).await?;
        engine.judge.count(&engine.store).await
    };
    noted(judged.await);
}

fn cause(job: &Job, subject: String) -> Cause {
    Cause { words: "what runs", subject, link: format!("/sources/{}", job.source.name) }
}

/// What could not be judged is judged when time passes: what was saved stays as it is.
fn noted(judged: Result<(), Error>) {
    if let Err(error) = judged {
        tracing::error!(error = &error as &dyn std::error::Error, "what a sync touched could not be judged");
    }
}
