//! One file a command; this one reads settings, opens the database and hands over.
//! Refuses to start anything on wrong settings: every problem is said first.

mod check;
mod collect;
mod demo;
mod ingest;
mod inspect;
mod mapping;
mod migrate;
mod score;
mod serve;
mod sources;
mod sync;
mod token;
mod work;

use std::time::Duration;

use color_eyre::eyre::{Result, WrapErr, eyre};
use secrecy::ExposeSecret;
use store::Store;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::cli::{self, Arguments, Command};
use crate::console::Answer;
use crate::settings::{self, Settings, Sources};

/// How long what is under way may take after a stop.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// Runs the command.
pub(crate) fn run(arguments: Arguments) -> Result<Answer> {
    let json = arguments.json;
    match &arguments.command {
        Command::Inspect(command) => inspect::run(command, &settings(&arguments, &[])?, json),
        Command::Score(command) => score::run(command),
        Command::Check(command) => block_on(check::run(command, &sources(&arguments, &[]), json)),
        Command::Migrate(command) => block_on(migrate::run(command, &settings(&arguments, &[])?, json)),
        Command::Ingest(command) => block_on(ingest::run(command, &settings(&arguments, &[])?, json)),
        Command::Serve(command) => {
            let flags = serve::flags(&command.listening);
            block_on(serve::run(&command.listening, &settings(&arguments, &flags)?))
        }
        Command::Work => block_on(work::run(&settings(&arguments, &[])?)),
        Command::Sync(command) => block_on(sync::run(command, &settings(&arguments, &[])?, json)),
        Command::Collect(command) => block_on(collect::run(command, &settings(&arguments, &[])?, json)),
        Command::Sources(cli::Sources::Token(command)) => {
            block_on(token::run(command, &settings(&arguments, &[])?, json))
        }
        Command::Demo(command) => {
            let flags = serve::flags(&command.listening);
            block_on(demo::run(command, settings(&arguments, &flags)?))
        }
    }
}

/// The server's runtime is actix's, so that one kind of runtime runs every command.
fn block_on<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    actix_web::rt::System::new().block_on(future)
}

/// Ends the process where what is under way does not end by itself after a stop: a judgement of a large estate
/// hears of it late. Nothing is lost: the database forgets the transaction that was not finished, and the next
/// start, or another process, goes on with documents and runs.
fn end_soon() {
    std::thread::spawn(|| {
        std::thread::sleep(PATIENCE);
        tracing::warn!("what was under way did not end in time and is left for the next start");
        std::process::exit(0)
    });
}

/// Ends with the first interrupt; whoever has finished gives up listening.
fn until_interrupted() -> (CancellationToken, JoinHandle<()>) {
    let cancelled = CancellationToken::new();
    let on_signal = cancelled.clone();
    let listening = tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            on_signal.cancel();
        }
    });
    (cancelled, listening)
}

fn sources(arguments: &Arguments, flags: &[(&'static str, String)]) -> Sources {
    let mut flags = flags.to_vec();
    if let Some(url) = &arguments.database {
        flags.push(("database.url", url.clone()));
    }
    Sources {
        file: arguments.config.clone(),
        variables: std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect(),
        flags,
    }
}

fn settings(arguments: &Arguments, flags: &[(&'static str, String)]) -> Result<Settings> {
    settings::load(&sources(arguments, flags)).map_err(|problems| {
        let list: Vec<String> = problems.into_iter().map(|problem| format!("\n  - {}", problem.0)).collect();
        eyre!("the settings cannot be used:{}", list.concat())
    })
}

/// Opens the database and brings its schema up to date.
async fn open_store(settings: &Settings) -> Result<Store> {
    let store = connect(settings).await?;
    bring_up_to_date(&store, settings).await?;
    Ok(store)
}

/// Brings the schema up to date: our tables first, then those of the queue of jobs.
async fn bring_up_to_date(store: &Store, settings: &Settings) -> Result<()> {
    let failed =
        || format!("the schema of {} could not be brought up to date", settings.database_for_people());
    migrations::up(store.connection()).await.wrap_err_with(failed)?;
    store::jobs::set_up(store).await.wrap_err_with(failed)
}

/// What is not up to date yet, oldest first.
async fn pending(store: &Store) -> Result<Vec<String>> {
    let mut pending = migrations::pending(store.connection()).await?;
    if store::jobs::pending(store).await? > 0 {
        pending.push("queue of jobs".to_owned());
    }
    Ok(pending)
}

/// What the pipeline needs to know of the settings.
fn pipeline_settings(settings: &Settings) -> pipeline::Settings {
    pipeline::Settings {
        max_document_bytes: settings.max_document_bytes,
        stale_after_days: settings.stale_after_days,
        silent_after_hours: settings.runtime.silent_after_hours,
        sanctioned_registries: settings.sanctioned_registries.clone(),
        deadlines: settings.deadlines.clone(),
        trust: settings.trust.clone(),
        runtime: pipeline::Keep {
            days: settings.runtime.keep_days,
            events: settings.runtime.remember_events,
        },
    }
}

async fn connect(settings: &Settings) -> Result<Store> {
    let options = store::Options { connections: settings.database_connections, ..store::Options::default() };
    Store::connect(settings.database_url.expose_secret(), &options)
        .await
        .wrap_err_with(|| format!("the database {} cannot be used", settings.database_for_people()))
}
