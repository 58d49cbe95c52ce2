//! Sources as commands need them: those of the settings file on record, an engine over them, what pages may do
//! with them, and which ones somebody named. Refuses a name that nobody gave.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use color_eyre::eyre::{Report, Result, WrapErr, eyre};
use domain::scope::Viewer;
use domain::source::Problem;
use pipeline::Judge;
use pipeline::sync::{Engine, Parts, Schedule, Secrets, Vault};
use store::Store;
use store::save::sources as rows;
use store::sources::{Origin, Source};

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
    engine_at(store, settings, Utc::now)
}

/// The same with a clock of its own.
pub(super) fn engine_at(store: &Store, settings: &Settings, clock: fn() -> DateTime<Utc>) -> Result<Engine> {
    let sources = settings.sources.iter();
    Ok(Engine::new(Parts {
        store: store.clone(),
        judge: Judge::new(&pipeline_settings(settings))?,
        settings: settings.sync.clone(),
        kinds: connectors::CONNECTORS.to_vec(),
        from_file: sources.map(|source| (source.definition.name.clone(), source.values.clone())).collect(),
        secrets: settings.vault.clone().map(|vault| Box::new(vault) as Box<dyn Secrets>),
        clock,
    }))
}

/// What pages may do with sources: the connectors there are as data, their rules, and the vault.
pub(super) fn for_pages(settings: &Settings) -> web::Sources {
    let (vault, sealing) = (settings.vault.clone(), settings.vault.clone());
    web::Sources {
        kinds: connectors::CONNECTORS.iter().map(|descriptor| descriptor.about).collect(),
        rules: Arc::new(move |proposal| rules(vault.as_deref(), proposal)),
        schedule: |text| text.parse::<Schedule>().map(drop),
        sealer: sealing
            .map(|vault| -> web::Sealer { Arc::new(move |sealed, changes| vault.reseal(sealed, changes)) }),
    }
}

/// Builds what would be asked, with the secrets that stay in place, and lets it go again.
fn rules(vault: Option<&Vault>, proposal: web::Proposal<'_>) -> Result<(), Vec<Problem>> {
    let problem = |message: String| vec![Problem { field: String::new(), message }];
    let descriptor = connectors::by_kind(proposal.kind)
        .ok_or_else(|| problem(format!("This server has no connector of the kind `{}`.", proposal.kind)))?;
    let mut values = proposal.values.clone();
    if let Some(sealed) = proposal.sealed {
        let vault = vault.ok_or_else(|| {
            problem(
                "The source has stored secrets, and this server has no key to open them: set `sync.key_file` or \
                 PLIMSOLL_SYNC_KEY to the key they were stored with."
                    .to_owned(),
            )
        })?;
        values.extend(vault.open(sealed).map_err(problem)?);
    }
    (descriptor.build)(&values).map(drop)
}

/// The sources of these names, or all that are on.
pub(super) async fn named(store: &Store, names: &[String]) -> Result<Vec<Source>> {
    let known = known(store).await?;
    if names.is_empty() {
        let on: Vec<Source> = known.into_iter().filter(|source| source.enabled).collect();
        return if on.is_empty() { Err(none()) } else { Ok(on) };
    }
    names
        .iter()
        .map(|name| {
            let found = known.iter().find(|source| source.name == *name).cloned();
            found.ok_or_else(|| unknown(name, known.iter().map(|source| source.name.as_str())))
        })
        .collect()
}

/// The sources that pages made and that are on.
pub(super) async fn made_on_pages(store: &Store) -> Result<Vec<Source>> {
    let known = known(store).await?.into_iter();
    Ok(known.filter(|source| source.enabled && source.origin == Origin::Page).collect())
}

/// Nobody has connected anything.
pub(super) fn none() -> Report {
    eyre!("there are no sources: add one under [[sources]] in the settings file, or on the Sources page")
}

/// A name that nobody gave, with those that somebody did.
pub(super) fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Report {
    let known: Vec<&str> = known.collect();
    if known.is_empty() {
        return eyre!(
            "there is no source `{name}`, nor any other: add it under [[sources]] in the settings file"
        );
    }
    eyre!("there is no source `{name}`; known are: {}", known.join(", "))
}

async fn known(store: &Store) -> Result<Vec<Source>> {
    let known = store::sources::list(store, &Viewer::everything()).await?;
    Ok(known.into_iter().map(|summary| summary.source).collect())
}
