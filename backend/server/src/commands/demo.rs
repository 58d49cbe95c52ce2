//! `plimsoll demo`: the demo estate, taken in document by document and run by run as if it had arrived over ninety
//! days, then served. Refuses to touch any database but its own.

use std::fs;
use std::path::Path;

use chrono::{Duration, Utc};
use color_eyre::eyre::{Result, WrapErr, eyre};
use domain::document::Provenance;
use pipeline::sync::{Engine, SyncSettings};
use pipeline::{Outcome, Pipeline};
use secrecy::SecretString;
use store::Store;

use super::{open_store, pipeline_settings, serve, sources};
use crate::cli::Demo;
use crate::console::{self, Answer, Progress};
use crate::demo::{Arrival, DemoDocument, arrivals, collector, documents};
use crate::logging;
use crate::settings::Settings;

/// The database's file name inside the demo's directory.
const DATABASE: &str = "plimsoll-demo.db";

/// After so long without a document the passing of time is judged by itself, as the worker would have done.
const QUIET: Duration = Duration::hours(6);

/// Loads and serves the demo, or writes its documents to a directory.
pub(crate) async fn run(command: &Demo, mut settings: Settings) -> Result<Answer> {
    if let Some(directory) = &command.export {
        return export(directory, &documents(Utc::now(), command.seed));
    }
    logging::start(&settings);
    let socket = serve::bind(&settings, command.listening.insecure_no_login)?;
    let temporary = tempfile::Builder::new()
        .prefix("plimsoll-demo-")
        .tempdir()
        .wrap_err("no temporary directory could be made: give one with --directory")?;
    let directory = command.directory.as_deref().unwrap_or(temporary.path());
    fs::create_dir_all(directory).wrap_err_with(|| format!("{} cannot be made", directory.display()))?;
    let database = directory.join(DATABASE);
    let known = database.exists();
    settings.database_url = SecretString::from(format!("sqlite://{}", database.display()));
    let store = open_store(&settings).await?;
    let pipeline = Pipeline::new(store.clone(), pipeline_settings(&settings))?;
    if known {
        console::line(&format!("The demo estate in {} is used again.", database.display()));
    } else {
        load(&store, &pipeline, &engine(&store, &settings)?, arrivals(Utc::now(), command.seed)).await?;
    }
    serve::serve(socket, &settings, command.listening.insecure_no_login, store, pipeline).await?;
    Ok(Answer::Good)
}

/// An engine in the demo's time, which does one thing after the other so that every demo is the same.
fn engine(store: &Store, settings: &Settings) -> Result<Engine> {
    let one_by_one = SyncSettings { concurrency: 1, ..settings.sync.clone() };
    let settings = Settings { sync: one_by_one, ..settings.clone() };
    sources::engine_at(store, &settings, collector::moment)
}

/// Takes everything in, each at its own moment.
async fn load(store: &Store, pipeline: &Pipeline, engine: &Engine, arrivals: Vec<Arrival>) -> Result<()> {
    let mut progress = Progress::begin("Loading the demo estate", arrivals.len() as u64, false);
    let (mut before, mut together) = (None, Vec::new());
    for arrival in arrivals {
        let at = arrival.at();
        // What arrives at one moment is judged together, as the worker does with what waits.
        if let Some(before) = before.filter(|before| *before != at) {
            pipeline.judge(&std::mem::take(&mut together), before).await?;
            if at - before > QUIET {
                pipeline.rejudge(at).await?;
            }
        }
        before = Some(at);
        match arrival {
            Arrival::Document(document) => together.push(take(pipeline, document).await?),
            Arrival::Run(run) => collector::push(store, engine, run).await?,
        }
        progress.step();
    }
    pipeline.judge(&together, Utc::now()).await?;
    progress.end();
    pipeline.rejudge(Utc::now()).await?;
    Ok(())
}

async fn take(pipeline: &Pipeline, document: DemoDocument) -> Result<Outcome> {
    let provenance = Provenance {
        name: document.name,
        source: "demo".to_owned(),
        image: None,
        cluster: document.cluster,
        as_of: document.at,
    };
    let outcome = pipeline.take_in(document.bytes, &provenance, document.at).await?;
    match outcome.error() {
        Some(error) => Err(eyre!("the demo document {} was refused: {error}", provenance.name)),
        None => Ok(outcome),
    }
}

fn export(directory: &Path, documents: &[DemoDocument]) -> Result<Answer> {
    fs::create_dir_all(directory).wrap_err_with(|| format!("{} cannot be made", directory.display()))?;
    for document in documents {
        let path = directory.join(&document.name);
        fs::write(&path, &document.bytes)
            .wrap_err_with(|| format!("{} cannot be written", path.display()))?;
    }
    console::line(&format!("{} documents are in {}", documents.len(), directory.display()));
    Ok(Answer::Good)
}
