//! `plimsoll sources token`: opens a source to what is pushed from elsewhere. Refuses to keep the token: its
//! hash is stored, and whoever loses it makes another.

use color_eyre::eyre::{Result, eyre};
use domain::scope::Viewer;
use rustls::crypto::aws_lc_rs;
use serde_json::json;
use sha2::{Digest, Sha256};
use store::Store;
use store::save::sources as rows;
use store::sources::Source;

use super::{open_store, sources};
use crate::cli::Token;
use crate::console::{self, Answer};
use crate::settings::Settings;

/// What a token begins with, so that one that leaked is known for what it is.
const MARK: &str = "plimsoll_push_";

/// Makes the token of a source, or takes it back.
pub(crate) async fn run(command: &Token, settings: &Settings, as_json: bool) -> Result<Answer> {
    let store = open_store(settings).await?;
    let source = source(&store, settings, &command.source).await?;
    let token = if command.take_back { None } else { Some(token()?) };
    let hash = token.as_ref().map(|token| Sha256::digest(token.as_bytes()).into());
    let tx = store.begin().await?;
    rows::set_push_token(&tx, source.id, hash).await?;
    tx.commit().await?;
    store.close().await?;
    match token {
        _ if as_json => console::json(&json!({ "source": source.name, "token": token })),
        Some(token) => {
            console::note(&format!(
                "The token of `{}` follows. It is shown this once; one that was made before opens nothing any more.",
                source.name
            ));
            console::line(&token);
        }
        None => console::note(&format!("Nobody can push to `{}` any more.", source.name)),
    }
    Ok(Answer::Good)
}

/// The source of this name, of the settings file too if no other command has read it yet.
async fn source(store: &Store, settings: &Settings, name: &str) -> Result<Source> {
    let known = store::sources::list(store, &Viewer::everything()).await?;
    if let Some(found) = known.into_iter().find(|summary| summary.source.name == name) {
        return Ok(found.source);
    }
    if settings.sources.iter().any(|source| source.definition.name == name) {
        sources::put(store, settings).await?;
    }
    let found = sources::named(store, &[name.to_owned()]).await?;
    found.into_iter().next().ok_or_else(sources::none)
}

/// 256 random bits.
fn token() -> Result<String> {
    let mut bits = [0; 32];
    let random = aws_lc_rs::default_provider().secure_random;
    random.fill(&mut bits).map_err(|_| eyre!("the system has no random numbers to make a token of"))?;
    let digits: String = bits.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{MARK}{digits}"))
}
