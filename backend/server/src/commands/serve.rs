//! `plimsoll serve`: the dashboard and the worker that processes uploads and keeps ages current.
//! Refuses addresses that others can reach while there are no accounts, unless told otherwise.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::{App, HttpServer};
use chrono::Utc;
use color_eyre::eyre::{Report, Result, WrapErr, eyre};
use metrics_exporter_prometheus::PrometheusBuilder;
use pipeline::Pipeline;
use store::Store;
use tokio::sync::Notify;

use super::{mapping, open_store, pipeline_settings, sources};
use crate::cli::Listening;
use crate::console::{self, Answer};
use crate::logging;
use crate::settings::Settings;

/// How long requests under way may take after Ctrl-C.
const SHUTDOWN_SECONDS: u64 = 1;
/// Threads that answer requests: the database is the limit long before they are.
const WORKERS: usize = 2;

/// The flags as settings.
pub(super) fn flags(listening: &Listening) -> Vec<(&'static str, String)> {
    listening.listen.map(|address| ("server.listen", address.to_string())).into_iter().collect()
}

/// Opens the database and serves until stopped.
pub(crate) async fn run(listening: &Listening, settings: &Settings) -> Result<Answer> {
    logging::start(settings);
    let socket = bind(settings, listening.insecure_no_login)?;
    let store = open_store(settings).await?;
    sources::put(&store, settings).await?;
    let pipeline = Pipeline::new(store.clone(), pipeline_settings(settings))?;
    serve(socket, settings, listening.insecure_no_login, store, pipeline).await?;
    Ok(Answer::Good)
}

/// Takes the port before anything slow is done, so that a taken one is said at once.
pub(super) fn bind(settings: &Settings, insecure: bool) -> Result<TcpListener> {
    let address = settings.listen;
    if !address.ip().is_loopback() && !insecure {
        return Err(eyre!(
            "{address} can be reached by others and there are no accounts yet: listen on a loopback address, \
             or add --insecure-no-login if something in front of it asks who is there"
        ));
    }
    TcpListener::bind(address).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            eyre!("{address} is taken by another process: choose another with --listen ADDRESS:PORT")
        }
        _ => Report::new(error).wrap_err(format!("{address} cannot be listened on")),
    })
}

/// Serves on a bound socket until Ctrl-C, with the worker beside it.
pub(super) async fn serve(
    socket: TcpListener,
    settings: &Settings,
    insecure: bool,
    store: Store,
    pipeline: Pipeline,
) -> Result<()> {
    let address = socket.local_addr().wrap_err("the address is not known")?;
    let engine = sources::engine(&store, settings)?;
    let (wake, wake_sync) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let state = state(settings, address, insecure, store, [Arc::clone(&wake), Arc::clone(&wake_sync)]);
    let period = Duration::from_secs(u64::from(settings.rejudge_minutes) * 60);
    let worker = actix_web::rt::spawn(async move { pipeline.work(&wake, Utc::now, period).await });
    let syncing = engine.clone();
    let syncer = actix_web::rt::spawn(async move { syncing.work(&wake_sync).await });
    let server = HttpServer::new(move || {
        let state = state.clone();
        App::new().configure(move |config| web::configure(config, state))
    })
    .workers(WORKERS)
    .shutdown_timeout(SHUTDOWN_SECONDS)
    .listen(socket)
    .wrap_err_with(|| format!("{address} cannot be served"))?
    .run();
    let reach = if address.ip().is_loopback() { "this machine only" } else { "without login" };
    console::line(&format!("Plimsoll is at http://{address}/ ({reach}; Ctrl-C stops it)"));
    let ended = server.await;
    super::end_soon();
    worker.abort();
    syncer.abort();
    // Their connections must go back while the runtime that owns them still runs.
    let _ = tokio::join!(worker, syncer);
    engine.release().await?;
    ended.wrap_err("the server ended")
}

fn state(
    settings: &Settings,
    address: SocketAddr,
    insecure: bool,
    store: Store,
    wakes: [Arc<Notify>; 2],
) -> web::State {
    let mut state = web::State::new(store);
    state.settings = web::Settings {
        listen: address.to_string(),
        loopback: address.ip().is_loopback(),
        upload_limit: usize::try_from(settings.max_upload_bytes).unwrap_or(usize::MAX),
        insecure_no_login: insecure,
        stale_after_days: settings.stale_after_days,
        sanction_checked: !settings.sanctioned_registries.is_empty(),
        inbox: web::InboxLimits {
            body: usize::try_from(settings.runtime.max_body_bytes).unwrap_or(usize::MAX),
            bodies: settings.runtime.max_waiting,
            bytes: settings.runtime.max_waiting_bytes,
        },
        silent_after_hours: settings.runtime.silent_after_hours,
        sensors: settings.runtime.sensors.clone(),
        ..state.settings
    };
    state.sources = sources::for_pages(settings);
    state.mapper = mapping::for_pages();
    state.wake = Arc::new(move || wakes.iter().for_each(|wake| wake.notify_one()));
    state.metrics = PrometheusBuilder::new().install_recorder().ok();
    state
}
