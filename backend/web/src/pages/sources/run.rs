//! One run: what it was for, how far it is or what came of it, its totals, and its journal scope by scope.
//! Refuses to count what was not asked: until a scope is over, nothing of it is nothing there.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};
use domain::source::{RunKind, RunState, SourceKind};
use serde::Serialize;
use store::sources::{Run, Standing};

use super::permits::{Permit, permits};
use super::scopes::{self, RunLine, Shown};
use super::words::{self, Word};
use super::{find, find_run};
use crate::error::Error;
use crate::filters::{self, grouped};
use crate::frame::{Frame, Section};
use crate::pages::listing::Selects;
use crate::viewer::CurrentViewer;
use crate::{State, render};

/// How far a run is, as the page and the stream of its progress say it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Told {
    /// Whether nothing more comes.
    pub(super) over: bool,
    /// The word for its state.
    pub(super) state: &'static str,
    /// Scopes that are over.
    pub(super) done: u64,
    /// Scopes to ask; 0 while they are not known.
    pub(super) total: u64,
    /// Where it stands, in one sentence.
    pub(super) sentence: String,
    /// Scopes that are being asked, in one sentence; empty when none is.
    pub(super) asking: String,
    /// Its totals by name.
    pub(super) figures: BTreeMap<&'static str, String>,
}

impl Told {
    /// What there is to say of a run now.
    pub(super) fn of(standing: &Standing, now: DateTime<Utc>) -> Self {
        let run = &standing.run;
        Self {
            over: run.state.is_over(),
            state: words::run_state(run).0,
            done: run.scopes_done,
            total: run.scopes_total,
            sentence: words::sentence(run, now),
            asking: asking(standing, now),
            figures: figures(run, now),
        }
    }
}

/// The scopes that are being asked, the longest first.
fn asking(standing: &Standing, now: DateTime<Utc>) -> String {
    if standing.run.state.is_over() || standing.asking.is_empty() {
        return String::new();
    }
    let named: Vec<String> = standing
        .asking
        .iter()
        .map(|(scope, since)| match since {
            Some(since) if now - *since > TimeDelta::seconds(10) => {
                format!("{scope} for {}", words::duration(now - *since))
            }
            _ => scope.to_string(),
        })
        .collect();
    let others = standing.count(RunState::Running).saturating_sub(named.len() as u64);
    let more = if others > 0 { format!(" and {others} more") } else { String::new() };
    format!("Now asking {}{more}.", named.join(", "))
}

/// The totals of a run, by the names of the page's figures.
fn figures(run: &Run, now: DateTime<Utc>) -> BTreeMap<&'static str, String> {
    let counts = &run.counts;
    let number = |count: u64| grouped(&count.to_string());
    let waited = i64::try_from(counts.waited_milliseconds).unwrap_or(i64::MAX);
    BTreeMap::from([
        ("scopes", format!("{} of {}", number(run.scopes_done), number(run.scopes_total))),
        ("seen", number(counts.seen)),
        ("added", number(counts.added)),
        ("changed", number(counts.changed)),
        ("retired", number(counts.retired)),
        ("calls", number(counts.calls)),
        ("retries", number(counts.retries)),
        ("throttled", number(counts.throttled)),
        ("waited", words::duration(TimeDelta::milliseconds(waited))),
        ("took", words::taken(run, now).unwrap_or_else(|| "no time".to_owned())),
    ])
}

#[derive(Template)]
#[template(path = "sources/run.html")]
struct Page {
    frame: Frame,
    source: String,
    run: Run,
    told: Told,
    scopes: Shown<RunLine>,
    selects: Selects,
    permits: Vec<Permit>,
    /// Whether the totals and scopes of a check are left out.
    is_check: bool,
    state: Word,
}

impl Page {
    fn kind(&self) -> &'static str {
        words::run_kind(self.run.kind)
    }

    fn href(&self) -> String {
        format!("/sources/{}/runs/{}", self.source, self.run.id)
    }

    fn figure(&self, name: &str) -> &str {
        self.told.figures.get(name).map(String::as_str).unwrap_or_default()
    }

    /// The tone of the notice that tells what came of it.
    fn tone(&self) -> &'static str {
        match self.run.state {
            RunState::Failed => "bad",
            RunState::Partial if self.is_check => "bad",
            RunState::Partial | RunState::Cancelled => "warn hatched",
            RunState::Complete => "good",
            RunState::Waiting | RunState::Running => "info",
        }
    }

    /// What a run of this kind does to the record.
    fn meaning(&self) -> &'static str {
        match self.run.kind {
            RunKind::Sync => "It asks the source and saves what it shows.",
            RunKind::DryRun => "It asks the source and counts what would change; nothing is saved.",
            RunKind::Check => "It tries every permission once in every place; nothing is saved.",
            RunKind::Push => "A collector elsewhere asked the source; this saves what it sent.",
            RunKind::Follow => {
                "Something was seen to change: it asks those scopes again and saves what they show."
            }
        }
    }
}

/// The page.
pub(crate) async fn show(
    frame: Frame,
    viewer: CurrentViewer,
    state: web::Data<State>,
    at: web::Path<(String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let (name, id) = at.into_inner();
    let standing = find_run(&state, &viewer, &name, &id).await?;
    let scopes = scopes::of_run(&state, &viewer, (&name, standing.run.id), request.query_string()).await?;
    let is_check = standing.run.kind == RunKind::Check;
    let permits = if is_check {
        let source = find(&state, &viewer, &name).await?.summary.source;
        let kind: Option<&SourceKind> = state.sources.kind(&source.kind);
        permits(kind, &standing.run.trials)
    } else {
        Vec::new()
    };
    render::page(&Page {
        told: Told::of(&standing, frame.now),
        state: words::run_state(&standing.run),
        frame: frame.at(Section::Sources),
        source: name,
        run: standing.run,
        scopes,
        selects: Selects::none(),
        permits,
        is_check,
    })
}
