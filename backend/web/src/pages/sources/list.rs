//! All sources with their health, the most urgent first, and how to add one. Refuses to call a source well of
//! which something was not seen.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, SecondsFormat, Utc};
use domain::scope::Viewer;
use reports::Cell;
use store::Store;
use store::list::{Listed, Page, Sort};
use store::sources::{Summary, list as read};

use super::words::{self, Word};
use crate::error::Error;
use crate::filters::{self, grouped};
use crate::frame::{Frame, Section};
use crate::pages::asked::Asked;
use crate::query::{ListQuery, ListSpec, Pager};
use crate::viewer::CurrentViewer;
use crate::{State, render};

/// Sources are few: one order, no filter.
static SPEC: ListSpec = ListSpec {
    path: "/sources",
    noun: ("source", "sources"),
    text_hint: "name or kind",
    columns: &[],
    default_sort: "",
    filters: &[],
};

#[derive(Template)]
#[template(path = "sources/list.html")]
struct List {
    frame: Frame,
    /// Absent where all fit on one page.
    pager: Option<Pager>,
    rows: Vec<Line>,
    /// Whether there is any source at all.
    is_empty: bool,
    summary: String,
    can_add: bool,
    example: &'static str,
}

/// One source in the list, ready to show.
struct Line {
    row: Summary,
    kind: String,
    health: Word,
    href: String,
}

impl Line {
    fn of(row: Summary, state: &State) -> Self {
        let kind = state.sources.kind(&row.source.kind);
        Self {
            kind: kind.map_or_else(|| row.source.kind.clone(), |kind| kind.title.to_owned()),
            health: words::health(row.health()),
            href: format!("/sources/{}", row.source.name),
            row,
        }
    }

    /// What the last run that is over came to.
    fn last_sentence(&self) -> Option<String> {
        self.row.last_run.as_ref().map(|run| words::cut(&run.message))
    }

    /// The page of the run that is under way or waits, and what it is.
    fn current(&self) -> Option<(String, String)> {
        let run = self.row.current_run.as_ref()?;
        let what = match run.scopes_total {
            0 => words::run_state(run).0.to_owned(),
            total => format!("{} of {}", grouped(&run.scopes_done.to_string()), grouped(&total.to_string())),
        };
        Some((format!("{}/runs/{}", self.href, run.id), what))
    }

    fn no_next_run(&self) -> Option<&'static str> {
        words::no_next_run(&self.row.source)
    }
}

/// Sources in the order of the list.
async fn sorted(store: &Store, viewer: &Viewer) -> Result<Vec<Summary>, store::Error> {
    let mut rows = read(store, viewer).await?;
    // The rows come by name, and the sort keeps that.
    rows.sort_by_key(|row| words::urgency(row.health()));
    Ok(rows)
}

/// The page.
pub(crate) async fn list(
    frame: Frame,
    viewer: CurrentViewer,
    state: web::Data<State>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let list = ListQuery::parse(&SPEC, request.query_string())?;
    let all = sorted(&state.store, &viewer).await?;
    let (size, offset) = (list.size as usize, usize::try_from(list.offset()).unwrap_or(usize::MAX));
    render::page(&List {
        frame: frame.at(Section::Sources),
        pager: (all.len() > size).then(|| pager(&list, all.len())),
        is_empty: all.is_empty(),
        summary: summary(&all),
        rows: all.into_iter().skip(offset).take(size).map(|row| Line::of(row, &state)).collect(),
        can_add: !state.sources.kinds.is_empty(),
        example: example(&state),
    })
}

fn pager(list: &ListQuery, total: usize) -> Pager {
    let last = (list.offset() + u64::from(list.size)).min(total as u64);
    let link = |page: u64| {
        let mut target = list.clone();
        target.page = page;
        target.href()
    };
    Pager {
        text: format!("{}–{last} of {total} sources", list.offset() + 1),
        previous: (list.page > 1).then(|| link(list.page - 1)),
        next: (last < total as u64).then(|| link(list.page + 1)),
    }
}

/// One sentence: how many, and what needs attention.
fn summary(rows: &[Summary]) -> String {
    if rows.is_empty() {
        return "What connectors are told to ask: accounts, registries, clusters.".to_owned();
    }
    let number = |count: usize| grouped(&count.to_string());
    let of = |urgency: u8| rows.iter().filter(|row| words::urgency(row.health()) == urgency).count();
    let noun = if rows.len() == 1 { "source" } else { "sources" };
    let mut notes: Vec<String> =
        [(0, "failed"), (1, "seen in part"), (2, "without a run yet"), (3, "seen whole"), (4, "off")]
            .into_iter()
            .filter(|(urgency, _)| of(*urgency) > 0)
            .map(|(urgency, words)| format!("{} {words}", number(of(urgency))))
            .collect();
    if of(3) == rows.len() {
        notes = vec!["seen whole".to_owned()];
    }
    format!("{} {noun}, {}.", number(rows.len()), notes.join(", "))
}

/// A source of the first kind in a settings file, out of its handbook page.
fn example(state: &State) -> &'static str {
    let docs = state.sources.kinds.first().map(|kind| kind.docs).unwrap_or_default();
    let fenced = docs.split("```toml\n").skip(1).filter_map(|rest| rest.split("\n```").next());
    fenced.into_iter().find(|text| text.starts_with("[[sources]]")).unwrap_or_default()
}

/// The columns of a file; the names of the API.
const COLUMNS: &[&str] = &[
    "name",
    "kind",
    "health",
    "scopes",
    "complete",
    "unlisted",
    "objects",
    "oldest_complete_at",
    "last_run_at",
    "last_message",
    "schedule",
    "next_run_at",
    "origin",
];

/// The same rows as a file.
pub(crate) async fn export(extension: web::Path<String>, asked: Asked) -> Result<HttpResponse, Error> {
    asked.file(("sources", &extension), (COLUMNS, cells), &ListQuery::new(&SPEC), (), whole).await
}

/// Every source as the one page of a file.
async fn whole(
    store: &Store,
    viewer: &Viewer,
    (): &(),
    _: &Sort,
    _: &Page,
) -> Result<Listed<Summary>, store::Error> {
    let rows = sorted(store, viewer).await?;
    Ok(Listed { rows, position: 0, total: None, previous: None, next: None })
}

fn cells(row: &Summary) -> Vec<Cell> {
    let time =
        |at: Option<DateTime<Utc>>| Cell::from(at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)));
    let last = row.last_run.as_ref();
    vec![
        row.source.name.as_str().into(),
        row.source.kind.as_str().into(),
        row.health().as_str().into(),
        number(row.scopes),
        number(row.complete),
        number(row.unlisted),
        number(row.objects),
        time(row.oldest_complete_at),
        time(last.and_then(|run| run.ended_at)),
        last.map(|run| run.message.clone()).into(),
        row.source.schedule.as_str().into(),
        time(row.source.next_run_at),
        row.source.origin.as_str().into(),
    ]
}

fn number(count: u64) -> Cell {
    Cell::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}
