//! Who built something, from what and when, in the words of SLSA. Refuses to verify any of it.

use chrono::{DateTime, Utc};

use super::wire::{Provenance, Source};
use crate::time;

/// What provenance tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Built {
    pub(super) builder: Option<String>,
    pub(super) source: Option<String>,
    pub(super) at: Option<DateTime<Utc>>,
}

/// Reads it from whichever layout is filled.
pub(super) fn read(stated: &Provenance<'_>) -> Built {
    let (run, before) = (&stated.run_details, &stated.metadata);
    let times = [
        &run.metadata.finished_on,
        &run.metadata.started_on,
        &before.build_finished_on,
        &before.build_started_on,
    ];
    let builder = run.builder.id.filled().or(stated.builder.id.filled());
    Built {
        builder: builder.map(str::to_owned),
        source: source(stated),
        at: times.into_iter().find_map(|text| time::parse(text)),
    }
}

/// What the build was started on, else the first repository that went into it.
fn source(stated: &Provenance<'_>) -> Option<String> {
    let parameters = &stated.build_definition.external_parameters;
    let workflow = parameters.workflow.repository.filled().map(|repository| {
        let revision = parameters.workflow.revision.filled();
        revision.map_or_else(|| repository.to_owned(), |revision| format!("{repository}@{revision}"))
    });
    let repository = |source: &&Source<'_>| source.uri.starts_with("git+");
    let used = &stated.build_definition.resolved_dependencies;
    named(&parameters.config_source)
        .or_else(|| named(&stated.invocation.config_source))
        .or(workflow)
        .or_else(|| used.iter().chain(&stated.materials).find(repository).and_then(named))
}

/// A source with its revision, unless its address holds that already.
fn named(source: &Source<'_>) -> Option<String> {
    let uri = source.uri.filled()?;
    let revision = source.digest.iter().find_map(|(_, revision)| revision.filled());
    Some(match revision.filter(|revision| !uri.contains(revision)) {
        Some(revision) => format!("{uri}@{revision}"),
        None => uri.to_owned(),
    })
}
