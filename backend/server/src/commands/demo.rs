//! `plimsoll demo`: the demo estate, taken in document by document as if it had arrived over ninety days,
//! then served. Refuses to touch any database but its own.

use std::fs;
use std::path::Path;

use chrono::{Duration, Utc};
use color_eyre::eyre::{Result, WrapErr, eyre};
use domain::document::Provenance;
use pipeline::Pipeline;
use secrecy::SecretString;

use super::{open_store, pipeline_settings, serve};
use crate::cli::Demo;
use crate::console::{self, Answer, Progress};
use crate::demo::{DemoDocument, documents};
use crate::logging;
use crate::settings::Settings;

/// The database's file name inside the demo's directory.
const DATABASE: &str = "plimsoll-demo.db";

/// After so long without a document the passing of time is judged by itself, as the worker would have done.
const QUIET: Duration = Duration::hours(6);

/// Loads and serves the demo, or writes its documents to a directory.
pub(crate) async fn run(command: &Demo, mut settings: Settings) -> Result<Answer> {
    let documents = documents(Utc::now(), command.seed);
    if let Some(directory) = &command.export {
        return export(directory, &documents);
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
        load(&pipeline, documents).await?;
    }
    serve::serve(socket, &settings, command.listening.insecure_no_login, store, pipeline).await?;
    Ok(Answer::Good)
}

/// Takes the documents in, each at its own moment.
async fn load(pipeline: &Pipeline, documents: Vec<DemoDocument>) -> Result<()> {
    let mut progress = Progress::begin("Loading the demo estate", documents.len() as u64, false);
    let mut judged = None;
    for document in documents {
        if judged.is_some_and(|at| document.at - at > QUIET) {
            pipeline.rejudge(document.at).await?;
        }
        judged = Some(document.at);
        let provenance = Provenance {
            name: document.name,
            source: "demo".to_owned(),
            image: None,
            cluster: document.cluster,
            as_of: document.at,
        };
        let outcome = pipeline.ingest(document.bytes, &provenance, document.at).await?;
        if let Some(error) = outcome.error() {
            return Err(eyre!("the demo document {} was refused: {error}", provenance.name));
        }
        progress.step();
    }
    progress.end();
    pipeline.rejudge(Utc::now()).await?;
    Ok(())
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
