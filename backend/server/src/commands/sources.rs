//! Sources as commands need them: those of the settings file on record, an engine over them, and which ones
//! somebody named. Refuses a name that nobody gave.

use chrono::Utc;
use color_eyre::eyre::{Result, WrapErr, eyre};
use domain::scope::Viewer;
use pipeline::Judge;
use pipeline::sync::{Engine, Parts, Secrets};
use store::Store;
use store::save::sources as rows;
use store::sources::Source;

use super::pipeline_settings;
use crate::settings::Settings;

/// Brings the sources of the settings file on record.
pub(super) async fn put(store: &Store, settings: &Settings) -> Result<()> {
    let definitions: Vec<_> = settings.sources.iter().map(|source| source.definition.clone()).collect();
    let tx = store.begin().await?;
    rows::put_from_file(&tx, &definitions, Utc::now())
        .await
        .wrap_err("the sources of the settings file could not be kept")?;
    Ok(tx.commit().await?)
}

/// An engine over the database with the connectors there are.
pub(super) fn engine(store: &Store, settings: &Settings) -> Result<Engine> {
    let sources = settings.sources.iter();
    Ok(Engine::new(Parts {
        store: store.clone(),
        judge: Judge::new(&pipeline_settings(settings))?,
        settings: settings.sync.clone(),
        kinds: connectors::CONNECTORS.to_vec(),
        from_file: sources.map(|source| (source.definition.name.clone(), source.values.clone())).collect(),
        secrets: settings.vault.clone().map(|vault| Box::new(vault) as Box<dyn Secrets>),
        clock: Utc::now,
    }))
}

/// The sources of these names, or all that are on.
pub(super) async fn named(store: &Store, names: &[String]) -> Result<Vec<Source>> {
    let known = store::sources::list(store, &Viewer::everything()).await?;
    let known: Vec<Source> = known.into_iter().map(|summary| summary.source).collect();
    if names.is_empty() {
        let on: Vec<Source> = known.into_iter().filter(|source| source.enabled).collect();
        if on.is_empty() {
            return Err(eyre!(
                "there are no sources: add one under [[sources]] in the settings file, or on the Sources page"
            ));
        }
        return Ok(on);
    }
    names
        .iter()
        .map(|name| {
            let found = known.iter().find(|source| source.name == *name).cloned();
            let all: Vec<&str> = known.iter().map(|source| source.name.as_str()).collect();
            found.ok_or_else(|| eyre!("there is no source `{name}`; known are: {}", all.join(", ")))
        })
        .collect()
}
