//! `plimsoll work`: the worker alone, for as many machines as share a PostgreSQL. Refuses to listen.

use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use color_eyre::eyre::{Result, WrapErr};
use pipeline::Pipeline;
use tokio::sync::Notify;

use super::{open_store, pipeline_settings, sources};
use crate::console::{self, Answer};
use crate::logging;
use crate::settings::Settings;

/// Works until stopped.
pub(crate) async fn run(settings: &Settings) -> Result<Answer> {
    logging::start(settings);
    let store = open_store(settings).await?;
    sources::put(&store, settings).await?;
    let pipeline = Pipeline::new(store.clone(), pipeline_settings(settings))?;
    let engine = sources::engine(&store, settings)?;
    let period = Duration::from_secs(u64::from(settings.rejudge_minutes) * 60);
    let wake = Arc::new(Notify::new());
    console::line("Plimsoll works (Ctrl-C stops it)");
    let working = async { tokio::join!(pipeline.work(&wake, Utc::now, period), engine.work(&wake)) };
    tokio::select! {
        _ = working => {}
        stopped = tokio::signal::ctrl_c() => stopped.wrap_err("signals cannot be heard")?,
    }
    super::end_soon();
    engine.release().await?;
    store.close().await?;
    Ok(Answer::Good)
}
