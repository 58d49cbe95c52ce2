//! `plimsoll ingest`: documents into the database, with what each changed. Refuses to stop at a refused
//! document: it is kept with its error, and the next one follows.

use chrono::Utc;
use color_eyre::eyre::Result;
use connectors::{Content, folder};
use domain::document::Provenance;
use pipeline::Outcome;

use super::{mapping, open_store, pipeline_settings};
use crate::cli::Ingest;
use crate::console::{self, Answer, Progress};
use crate::settings::Settings;

/// Ingests every file, then judges the estate once more as a whole.
pub(crate) async fn run(command: &Ingest, settings: &Settings, json: bool) -> Result<Answer> {
    let named = command.mapping.as_deref().map(mapping::named).transpose()?;
    let store = open_store(settings).await?;
    let mapping = match named {
        Some(named) => Some(named.of(&store, settings).await?),
        None => None,
    };
    let pipeline = pipeline::Pipeline::new(store, pipeline_settings(settings))?;
    let total = folder::count(&command.files);
    let mut progress = Progress::begin("Documents", total, json || total < 2);
    let (mut answer, mut together) = (Answer::Good, Vec::new());
    for delivery in folder::deliveries(&command.files, settings.max_document_bytes) {
        let now = command.as_of.unwrap_or_else(Utc::now);
        let provenance = Provenance {
            name: delivery.name,
            source: "command-line".to_owned(),
            image: command.image.clone(),
            cluster: command.cluster.clone(),
            as_of: now,
        };
        let outcome = match delivery.content {
            Ok(Content::Long(path)) if mapping.is_none() => {
                pipeline.take_in_long(&path, &provenance, now).await?
            }
            Ok(content) => {
                let bytes = content.into_bytes()?;
                pipeline.take_in_mapped(bytes, &provenance, mapping.as_ref(), now).await?
            }
            Err(error) => {
                answer = Answer::Failed;
                Outcome::unread(&provenance.name, &error.to_string())
            }
        };
        progress.step();
        for one in std::iter::once(&outcome).chain(&outcome.members) {
            if one.error().is_some() && answer == Answer::Good {
                answer = Answer::Negative;
            }
            if json {
                console::json(one);
            } else {
                console::line(&sentence(one));
            }
        }
        together.push(outcome);
        if together.len() == pipeline::TOGETHER {
            pipeline.judge(&std::mem::take(&mut together), now).await?;
        }
    }
    progress.end();
    let now = command.as_of.unwrap_or_else(Utc::now);
    pipeline.judge(&together, now).await?;
    pipeline.rejudge(now).await?;
    Ok(answer)
}

fn sentence(outcome: &Outcome) -> String {
    let changes = outcome.changes();
    let changed: Vec<String> = [
        (changes.added, "added"),
        (changes.closed, "closed"),
        (changes.unchanged, "unchanged"),
        (changes.unresolved, "unresolved"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect();
    let read = super::inspect::sentence(outcome.inspection());
    if outcome.error().is_some() || changed.is_empty() {
        read
    } else {
        format!("{read} ({})", changed.join(", "))
    }
}
