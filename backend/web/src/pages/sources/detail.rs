//! One source: what it is and how it is in one sentence, what can be done, and in tabs its scopes, its runs,
//! what it must be allowed to do, and what it is told. Refuses to show a secret: only whether one is stored.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use domain::source::{FieldKind, SourceKind};
use serde::Deserialize;
use store::sources::{Detail, Health, Origin, Run, Source, Summary};

use super::permits::{Permit, permits};
use super::scopes::{self, Line, Shown};
use super::words::{self, Word};
use super::{find, shown_values};
use crate::error::Error;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::pages::listing::Selects;
use crate::viewer::CurrentViewer;
use crate::{State, render};

#[derive(Template)]
#[template(path = "sources/detail.html")]
struct Page {
    frame: Frame,
    summary: Summary,
    kind: Option<SourceKind>,
    tabs: Vec<(&'static str, String, Option<u64>, bool)>,
    tab: Tab,
}

/// The tab that is open.
enum Tab {
    Scopes(Shown<Line>, Selects),
    Runs(Vec<RunRow>),
    Permissions(Vec<Permit>, Option<Run>),
    Settings(Vec<Setting>),
}

/// A run, ready to show.
struct RunRow {
    run: Run,
    href: String,
    kind: &'static str,
    state: Word,
    sentence: String,
    took: Option<String>,
}

/// What the source was told, ready to show.
struct Setting {
    title: String,
    /// An entry a line; empty when nothing was said.
    told: Vec<String>,
    /// A secret: whether it is stored.
    secret: Option<bool>,
}

/// Which tab an address opens.
#[derive(Debug, Deserialize)]
struct Opened {
    #[serde(default)]
    tab: String,
}

impl Page {
    fn crumbs(&self) -> [(&'static str, &'static str); 1] {
        [("Sources", "/sources")]
    }

    fn source(&self) -> &Source {
        &self.summary.source
    }

    fn health(&self) -> Word {
        words::health(self.summary.health())
    }

    /// What it is and how it is.
    fn sentence(&self) -> String {
        let kind = self.kind.map_or(self.source().kind.as_str(), |kind| kind.title);
        format!("{kind}, {}. {}", words::asked(self.source()), words::standing(&self.summary))
    }

    fn is_ours(&self) -> bool {
        self.source().origin == Origin::Page
    }

    /// Whether a source of the settings file may be taken off the record.
    fn is_left_over(&self) -> bool {
        !self.is_ours() && !self.source().enabled
    }

    /// The last run's own sentence, where something is missing.
    fn trouble(&self) -> Option<(&'static str, &Run)> {
        let run = self.summary.last_run.as_ref()?;
        match self.summary.health() {
            Health::Failed => Some(("bad", run)),
            Health::Partial => Some(("warn hatched", run)),
            Health::Off | Health::Never | Health::Complete => None,
        }
    }

    /// The run that waits or is under way, what it is, where it is, and its sentence.
    fn current(&self) -> Option<(&Run, &'static str, String, String)> {
        let run = self.summary.current_run.as_ref()?;
        Some((run, words::run_kind(run.kind), self.run_href(run), words::sentence(run, self.frame.now)))
    }

    fn run_href(&self, run: &Run) -> String {
        format!("/sources/{}/runs/{}", self.source().name, run.id)
    }

    fn no_next_run(&self) -> Option<&'static str> {
        words::no_next_run(self.source())
    }

    fn schedule(&self) -> String {
        words::schedule(&self.source().schedule)
    }

    /// The schedule beside the next run, unless that says it already.
    fn schedule_beside(&self) -> Option<String> {
        (!self.source().enabled || !self.source().schedule.is_empty()).then(|| self.schedule())
    }
}

/// The page.
pub(crate) async fn show(
    frame: Frame,
    viewer: CurrentViewer,
    state: web::Data<State>,
    name: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let detail = find(&state, &viewer, &name).await?;
    let opened = web::Query::<Opened>::from_query(request.query_string())
        .map_err(|_| Error::Invalid("The part of the address after `?` could not be read.".to_owned()))?;
    let kind = state.sources.kind(&detail.summary.source.kind).copied();
    let (name, id) = (detail.summary.source.name.clone(), detail.summary.source.id);
    let tab = match opened.tab.as_str() {
        "" | "scopes" => {
            let query = request.query_string();
            Tab::Scopes(scopes::of_source(&state, &viewer, (&name, id), query).await?, Selects::none())
        }
        "runs" => Tab::Runs(detail.runs.iter().map(|run| run_row(run, &name, &frame)).collect()),
        "permissions" => {
            let trials = detail.last_check.as_ref().map(|run| run.trials.as_slice()).unwrap_or_default();
            Tab::Permissions(permits(kind.as_ref(), trials), detail.last_check.clone())
        }
        "settings" => Tab::Settings(settings(&detail.summary.source, kind.as_ref())),
        other => {
            return Err(Error::Invalid(format!(
                "A source has no tab `{}`. It has scopes, runs, permissions, settings.",
                other.chars().take(60).collect::<String>()
            )));
        }
    };
    let tabs = tabs(&name, &detail, &tab);
    render::page(&Page { frame: frame.at(Section::Sources), summary: detail.summary, kind, tabs, tab })
}

fn tabs(name: &str, detail: &Detail, open: &Tab) -> Vec<(&'static str, String, Option<u64>, bool)> {
    let scopes = detail.summary.scopes + detail.summary.unlisted;
    let href = |tab: &str| format!("/sources/{name}?tab={tab}");
    vec![
        ("Scopes", format!("/sources/{name}"), Some(scopes), matches!(open, Tab::Scopes(..))),
        ("Runs", href("runs"), None, matches!(open, Tab::Runs(_))),
        ("Permissions", href("permissions"), None, matches!(open, Tab::Permissions(..))),
        ("Settings", href("settings"), None, matches!(open, Tab::Settings(_))),
    ]
}

fn run_row(run: &Run, source: &str, frame: &Frame) -> RunRow {
    RunRow {
        href: format!("/sources/{source}/runs/{}", run.id),
        kind: words::run_kind(run.kind),
        state: words::run_state(run),
        sentence: words::cut(&words::sentence(run, frame.now)),
        took: words::taken(run, frame.now),
        run: run.clone(),
    }
}

/// Every field of the kind with what it was told; what another version was told comes last.
fn settings(source: &Source, kind: Option<&SourceKind>) -> Vec<Setting> {
    let fields = kind.map(|kind| kind.fields).unwrap_or_default();
    let mut settings: Vec<Setting> = fields
        .iter()
        .map(|field| match field.kind {
            FieldKind::Secret => Setting {
                title: field.title.to_owned(),
                told: Vec::new(),
                secret: Some(source.secret_fields.iter().any(|known| known == field.name)),
            },
            _ => Setting {
                title: field.title.to_owned(),
                told: source.values.get(field.name).cloned().unwrap_or_default(),
                secret: None,
            },
        })
        .collect();
    let others =
        shown_values(source, kind).filter(|(name, _)| fields.iter().all(|field| field.name != *name));
    settings.extend(others.map(|(name, told)| Setting {
        title: name.clone(),
        told: told.clone(),
        secret: None,
    }));
    settings
}
