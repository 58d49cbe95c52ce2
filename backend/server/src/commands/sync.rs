//! `plimsoll sync`: asks sources now, with live progress. Refuses to call a run good of which a scope was
//! not seen whole.

use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use color_eyre::eyre::Result;
use domain::id::RunId;
use domain::scope::Viewer;
use domain::source::{RunKind, RunState};
use pipeline::sync::{Engine, Event, LEASE, SyncSettings, Watcher};
use serde_json::json;
use store::Store;
use store::save::sources as rows;
use store::sources::{Run, Source};
use tokio_util::sync::CancellationToken;

use super::{open_store, sources, until_interrupted};
use crate::cli::Sync;
use crate::console::{self, Answer, Scopes};
use crate::settings::Settings;

/// How often a run that another process does is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Runs every named source, one after the other.
pub(crate) async fn run(command: &Sync, settings: &Settings, json: bool) -> Result<Answer> {
    let store = open_store(settings).await?;
    sources::put(&store, settings).await?;
    let named = sources::named(&store, &command.sources).await?;
    // Whoever waits at a terminal decides about another try.
    let settings =
        Settings { sync: SyncSettings { attempts: 1, ..settings.sync.clone() }, ..settings.clone() };
    let engine = sources::engine(&store, &settings)?;
    let (cancelled, listening) = until_interrupted();
    let mut answer = Answer::Good;
    for source in named {
        if cancelled.is_cancelled() {
            break;
        }
        let kind = if command.dry_run { RunKind::DryRun } else { RunKind::Sync };
        let run = one(&store, &engine, &source, kind, &cancelled, json).await?;
        if run.state != RunState::Complete {
            answer = Answer::Negative;
        }
        tell(&source, &run, json);
    }
    listening.abort();
    store.close().await?;
    Ok(answer)
}

/// Asks for a run and does it, or follows the process that does. One that was left by a process that is gone
/// is gone on with instead.
async fn one(
    store: &Store,
    engine: &Engine,
    source: &Source,
    kind: RunKind,
    cancelled: &CancellationToken,
    json: bool,
) -> Result<Run> {
    let shown = Arc::new(Scopes::begin(source.name.clone(), json));
    let hearing = Arc::clone(&shown);
    let watcher: Watcher = Arc::new(move |event: &Event| hearing.tell(event));
    let other = async || rows::under_way(store, source.id, LEASE, Utc::now()).await;
    let mut run = match other().await? {
        Some(other) if other.abandoned && other.kind == kind => other.run,
        _ => request(store, source, kind).await?,
    };
    let mut waits = false;
    loop {
        engine.run_now(run, cancelled.clone(), Some(Arc::clone(&watcher))).await?;
        let found = store::sources::run(store, &Viewer::everything(), run).await?;
        if let Some(found) = found.filter(|found| found.run.state.is_over()) {
            shown.end();
            return Ok(found.run);
        }
        if cancelled.is_cancelled() {
            cancel(store, run).await?;
        }
        match other().await?.filter(|other| other.run != run) {
            Some(other) if other.abandoned && other.kind == kind => {
                cancel(store, run).await?;
                run = other.run;
                continue;
            }
            Some(other) if other.abandoned => {
                engine.run_now(other.run, cancelled.clone(), None).await?;
            }
            Some(_) if !waits => {
                shown.say(&format!("{}: waits for the run that another process is at", source.name));
                waits = true;
            }
            _ => {}
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn request(store: &Store, source: &Source, kind: RunKind) -> Result<RunId> {
    let tx = store.begin().await?;
    let run = rows::request(&tx, source.id, kind, None, Utc::now()).await?;
    tx.commit().await?;
    Ok(run)
}

async fn cancel(store: &Store, run: RunId) -> Result<()> {
    let tx = store.begin().await?;
    rows::cancel(&tx, run, Utc::now()).await?;
    Ok(tx.commit().await?)
}

fn tell(source: &Source, run: &Run, as_json: bool) {
    if as_json {
        console::json(&json!({
            "source": source.name,
            "run": run.id.to_string(),
            "kind": run.kind,
            "state": run.state,
            "scopes": run.scopes_total,
            "counts": run.counts,
            "message": run.message,
        }));
    } else {
        console::line(&format!("{}: {}", source.name, run.message));
    }
}
