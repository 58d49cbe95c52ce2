//! Lists of scopes, of a source and of a run: what the address may ask, the rows ready to show, and the same
//! as files. Refuses to leave at the end what was not seen.

use actix_web::{HttpResponse, web};
use chrono::{DateTime, SecondsFormat, Utc};
use domain::id::{RunId, SourceId};
use domain::source::RunState;
use reports::Cell;
use store::sources::{RunScope, ScopeFilter, ScopeRow, Seen};

use super::words::{self, Word};
use crate::State;
use crate::error::Error;
use crate::pages::asked::Asked;
use crate::pages::listing::{choice, number, page_of, pager, sort_of, text, text_of};
use crate::query::{ListQuery, ListSpec, Pager, Place};
use crate::viewer::CurrentViewer;

/// Rows on a page: a scope may have a long reason.
const SIZE: u32 = 25;

/// What the list of a source's scopes knows; the API's too.
pub(crate) static SPEC: ListSpec = ListSpec {
    path: "/sources",
    noun: ("scope", "scopes"),
    text_hint: "account, region, service or reason",
    columns: &[
        text("scope", "Scope", "Account, region and service: asked and believed as one"),
        text("state", "State", "What needs attention first"),
        text("whole", "Last seen whole", "When every page of it was last read; never comes first"),
        number("objects", "Objects", "On record now, whenever they were last seen"),
    ],
    default_sort: "state",
    filters: &[choice(
        "seen",
        "Seen",
        &[("part", "Not seen whole"), ("whole", "Seen whole"), ("unlisted", "Not listed any more")],
    )],
};

/// What the list of a run's scopes knows; the API's too.
pub(crate) static RUN_SPEC: ListSpec = ListSpec {
    path: "/sources",
    noun: ("scope", "scopes"),
    text_hint: "account, region, service or reason",
    columns: &[
        text("scope", "Scope", "Account, region and service: asked and believed as one"),
        text("state", "State", "What needs attention first"),
        number("seen", "Objects", "Distinct objects seen"),
        number("changed", "Changed", "Added, changed and retired"),
        number("calls", "Calls", "Calls sent, repeated ones included"),
        number("time", "Took", "From its beginning to its end"),
    ],
    default_sort: "state",
    filters: &[choice("seen", "Seen", &[("part", "Not seen whole"), ("whole", "Seen whole")])],
};

/// The filter that an address asks for.
pub(crate) fn filter_of<T>(list: &ListQuery, of: T) -> ScopeFilter<T> {
    let seen = match list.filter("seen") {
        Some("part") => Some(Seen::NotWhole),
        Some("whole") => Some(Seen::Whole),
        Some(_) => Some(Seen::Unlisted),
        None => None,
    };
    ScopeFilter { of, text: text_of(list), seen }
}

/// Where the list of a source's scopes stands.
pub(super) fn place(source: &str) -> Place {
    let path = format!("/sources/{source}");
    Place { export: format!("{path}/scopes"), path, fixed: vec![("tab", "scopes")], size: SIZE }
}

/// Where the list of a run's scopes stands.
pub(super) fn run_place(source: &str, run: RunId) -> Place {
    let path = format!("/sources/{source}/runs/{run}");
    Place { export: format!("{path}/scopes"), path, fixed: Vec::new(), size: SIZE }
}

/// A list of scopes on a page.
pub(super) struct Shown<T> {
    pub(super) list: ListQuery,
    pub(super) pager: Pager,
    pub(super) rows: Vec<T>,
}

/// A scope of a source, ready to show.
pub(super) struct Line {
    pub(super) row: ScopeRow,
    pub(super) state: Word,
}

impl Line {
    /// The scope's name, as people say it.
    pub(super) fn name(&self) -> String {
        self.row.scope.to_string()
    }

    /// Whether its objects are a number: none on record of what was never seen whole is not none there.
    pub(super) fn is_counted(&self) -> bool {
        self.row.objects > 0 || self.row.last_complete_at.is_some()
    }

    /// Why it was not seen whole, or what was held back.
    pub(super) fn reason(&self) -> String {
        words::cut(&self.row.last_reason)
    }
}

/// A scope of a run, ready to show.
pub(super) struct RunLine {
    pub(super) row: RunScope,
    pub(super) state: Word,
    now: DateTime<Utc>,
}

impl RunLine {
    pub(super) fn name(&self) -> String {
        self.row.scope.to_string()
    }

    pub(super) fn reason(&self) -> String {
        words::cut(&self.row.reason)
    }

    /// Whether anything can be counted of it.
    pub(super) fn is_begun(&self) -> bool {
        self.row.started_at.is_some()
    }

    /// Whether it is over without an object to count, and not because there is none.
    pub(super) fn is_unseen(&self) -> bool {
        self.is_over() && self.row.counts.seen == 0 && self.row.state != RunState::Complete
    }

    /// Whether its counts are its last.
    pub(super) fn is_over(&self) -> bool {
        self.row.state.is_over()
    }

    pub(super) fn took(&self) -> String {
        let time = self.row.started_at.map(|at| self.row.ended_at.unwrap_or(self.now) - at);
        time.map(words::duration).unwrap_or_default()
    }
}

/// The page of scopes of a source that the address asks for.
pub(super) async fn of_source(
    state: &State,
    viewer: &CurrentViewer,
    (name, id): (&str, SourceId),
    query: &str,
) -> Result<Shown<Line>, Error> {
    let list = ListQuery::parse_at(&SPEC, place(name), query)?;
    let filter = filter_of(&list, id);
    let found =
        store::sources::scopes(&state.store, viewer, &filter, &sort_of(&list), &page_of(&list)?).await?;
    let pager = pager(&list, &found);
    let line = |row: ScopeRow| Line { state: words::scope_state(row.last_state, row.listed), row };
    Ok(Shown { pager, rows: found.rows.into_iter().map(line).collect(), list })
}

/// The page of scopes of a run that the address asks for.
pub(super) async fn of_run(
    state: &State,
    viewer: &CurrentViewer,
    (name, id): (&str, RunId),
    query: &str,
) -> Result<Shown<RunLine>, Error> {
    let list = ListQuery::parse_at(&RUN_SPEC, run_place(name, id), query)?;
    let filter = filter_of(&list, id);
    let found =
        store::sources::run_scopes(&state.store, viewer, &filter, &sort_of(&list), &page_of(&list)?).await?;
    let pager = pager(&list, &found);
    let now = state.now();
    let line = |row: RunScope| RunLine { state: words::scope_state(row.state, true), row, now };
    Ok(Shown { pager, rows: found.rows.into_iter().map(line).collect(), list })
}

/// The columns of a file of a source's scopes; the names of the API.
const COLUMNS: &[&str] = &[
    "account",
    "region",
    "service",
    "state",
    "reason",
    "last_run_at",
    "last_complete_at",
    "objects",
    "listed",
    "suspect_missing",
];

/// The columns of a file of a run's scopes; the names of the API.
const RUN_COLUMNS: &[&str] = &[
    "account",
    "region",
    "service",
    "state",
    "reason",
    "seen",
    "added",
    "changed",
    "retired",
    "calls",
    "retries",
    "started_at",
    "ended_at",
    "resumed",
];

/// The scopes of a source as a file.
pub(crate) async fn export(at: web::Path<(String, String)>, asked: Asked) -> Result<HttpResponse, Error> {
    let (name, extension) = at.into_inner();
    let id = super::find(&asked.state, &asked.viewer, &name).await?.summary.source.id;
    let list = asked.list(&SPEC)?;
    let (filter, name) = (filter_of(&list, id), format!("{name}-scopes"));
    asked.file((&name, &extension), (COLUMNS, cells), &list, filter, store::sources::scopes).await
}

/// The scopes of a run as a file.
pub(crate) async fn export_run(
    at: web::Path<(String, String, String)>,
    asked: Asked,
) -> Result<HttpResponse, Error> {
    let (name, id, extension) = at.into_inner();
    let id = super::find_run(&asked.state, &asked.viewer, &name, &id).await?.run.id;
    let list = asked.list(&RUN_SPEC)?;
    let (filter, name) = (filter_of(&list, id), format!("{name}-run-scopes"));
    asked.file((&name, &extension), (RUN_COLUMNS, run_cells), &list, filter, store::sources::run_scopes).await
}

fn cells(row: &ScopeRow) -> Vec<Cell> {
    vec![
        row.scope.account.as_str().into(),
        row.scope.region.as_str().into(),
        row.scope.service.as_str().into(),
        row.last_state.as_str().into(),
        row.last_reason.as_str().into(),
        time(row.last_run_at),
        time(row.last_complete_at),
        count(row.objects),
        yes(row.listed),
        count(row.suspect_missing),
    ]
}

fn run_cells(row: &RunScope) -> Vec<Cell> {
    let counts = &row.counts;
    // What was not asked counted nothing, which is not nothing there.
    let known = |number: u64| if row.state == RunState::Waiting { Cell::Empty } else { count(number) };
    vec![
        row.scope.account.as_str().into(),
        row.scope.region.as_str().into(),
        row.scope.service.as_str().into(),
        row.state.as_str().into(),
        row.reason.as_str().into(),
        known(counts.seen),
        known(counts.added),
        known(counts.changed),
        known(counts.retired),
        known(counts.calls),
        known(counts.retries),
        time(row.started_at),
        time(row.ended_at),
        yes(row.resumed),
    ]
}

fn time(at: Option<DateTime<Utc>>) -> Cell {
    at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)).into()
}

fn count(number: u64) -> Cell {
    Cell::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

fn yes(flag: bool) -> Cell {
    if flag { "true" } else { "false" }.into()
}
