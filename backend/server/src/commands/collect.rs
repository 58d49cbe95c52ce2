//! `plimsoll collect`: asks a source where its credentials are and sends what it shows to a server that cannot
//! reach it. Refuses a database, a token on the command line, and to call a run good of which a scope was not
//! seen whole.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::Utc;
use color_eyre::eyre::{Result, eyre};
use domain::source::RunState;
use pipeline::sync::{Destination, Event, Forwarded, Forwarder, Handed, Logbook, Watcher};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::{sources, until_interrupted};
use crate::cli::Collect;
use crate::console::{self, Answer, Scopes};
use crate::settings::{FileSource, Settings};

/// Holds the token where no file does.
const TOKEN: &str = "PLIMSOLL_PUSH_TOKEN";

/// Asks the source and sends what it shows.
pub(crate) async fn run(command: &Collect, settings: &Settings, json: bool) -> Result<Answer> {
    let forwarder = forwarder(named(settings, &command.source)?, settings)?;
    let to = match &command.to {
        Some(address) if !command.dry_run => Some(destination(command, address)?),
        _ => None,
    };
    let shown = Arc::new(Scopes::begin(command.source.clone(), json));
    let hearing = Arc::clone(&shown);
    let watcher: Watcher = Arc::new(move |event: &Event| hearing.tell(event));
    let (cancelled, listening) = until_interrupted();
    let forwarded = match &to {
        Some(to) => {
            let state = state_directory(command)?;
            let logbook = Logbook::open(&state, &command.source, to, command.anew, Utc::now())?;
            forwarder.send(to, logbook, &cancelled, Some(watcher)).await
        }
        None => forwarder.rehearse(&cancelled, Some(watcher)).await,
    };
    listening.abort();
    shown.end();
    let forwarded = forwarded?;
    tell(command, &forwarded, json);
    Ok(if forwarded.state == RunState::Complete { Answer::Good } else { Answer::Negative })
}

fn named<'a>(settings: &'a Settings, name: &str) -> Result<&'a FileSource> {
    let found = settings.sources.iter().find(|source| source.definition.name == name);
    let known = settings.sources.iter().map(|source| source.definition.name.as_str());
    found.ok_or_else(|| sources::unknown(name, known))
}

fn forwarder(source: &FileSource, settings: &Settings) -> Result<Forwarder> {
    let definition = &source.definition;
    let told = (definition.kind.as_str(), &source.values);
    Forwarder::new(&definition.name, connectors::CONNECTORS, told, settings.sync.clone(), Utc::now)
        .map_err(|sentence| eyre!(sentence))
}

fn destination(command: &Collect, address: &str) -> Result<Destination> {
    let token = token(command.token_file.as_deref())?;
    Destination::new(address, token.expose_secret(), command.insecure_http).map_err(|told| eyre!(told))
}

fn token(file: Option<&Path>) -> Result<SecretString> {
    if let Some(file) = file {
        let text = std::fs::read_to_string(file);
        let told = |error| eyre!("the token file {} cannot be read: {error}", file.display());
        return text.map(SecretString::from).map_err(told);
    }
    std::env::var(TOKEN).map(SecretString::from).map_err(|_| {
        eyre!(
            "there is no token: name the file that holds it with --token-file, or set {TOKEN}; the source's page on \
             the server makes one, and so does `plimsoll sources token NAME` where it runs"
        )
    })
}

/// Where it is kept how far a run has come.
fn state_directory(command: &Collect) -> Result<PathBuf> {
    if let Some(directory) = &command.state {
        return Ok(directory.clone());
    }
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let state = variable("XDG_STATE_HOME").or_else(|| Some(variable("HOME")?.join(".local/state")));
    let state = state.ok_or_else(|| {
        eyre!("there is no home directory to keep in how far a run has come: name one with --state DIRECTORY")
    })?;
    Ok(state.join("plimsoll"))
}

fn tell(command: &Collect, forwarded: &Forwarded, as_json: bool) {
    if !as_json {
        console::line(&format!("{}: {}", command.source, forwarded.message));
        return;
    }
    let sum = |of: fn(&Handed) -> u64| forwarded.scopes.iter().map(of).sum::<u64>();
    console::json(&json!({
        "source": command.source,
        "run": forwarded.run.map(|run| run.to_string()),
        "state": forwarded.state,
        "scopes": forwarded.scopes.len(),
        "observations": sum(|handed| handed.observations),
        "documents": sum(|handed| handed.documents),
        "parts": sum(|handed| u64::from(handed.parts)),
        "bytes": sum(|handed| handed.bytes),
        "message": forwarded.message,
    }));
}
