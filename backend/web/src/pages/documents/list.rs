//! The history of documents, with the form that takes more in. Refuses to hide what failed: an unreadable
//! document stays in the list with its sentence.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::{Value, json};
use store::documents::{self, Facets};
use store::list::{Facet, Page, Sort, Start};

use super::words;
use crate::State;
use crate::error::Error;
use crate::export::{self, Shape, Sheet};
use crate::filters;
use crate::frame::{Frame, Section};
use crate::query::{Column, Direction, Filter, ListQuery, ListSpec, Pager};
use crate::render;
use crate::viewer::CurrentViewer;

/// What the list knows; the API's too.
pub(crate) static SPEC: ListSpec = ListSpec {
    path: "/documents",
    noun: ("document", "documents"),
    text_hint: "name, target, tool, digest or error",
    columns: &[
        column("name", "Document", "", Direction::Ascending, false),
        column("kind", "Kind", "The format it was recognised as", Direction::Ascending, false),
        column("tool", "Tool", "What made it", Direction::Ascending, false),
        column("target", "Target", "What it speaks of", Direction::Ascending, false),
        column("received", "Received", "When it last arrived", Direction::Descending, false),
        column("size", "Size", "As it was sent", Direction::Descending, true),
        column("state", "State", "", Direction::Ascending, false),
        column("counts", "Holds", "What it lists, each fact once", Direction::Descending, true),
        column(
            "changes",
            "Changed",
            "Facts added and closed when it was last read",
            Direction::Descending,
            true,
        ),
        column("warnings", "Warnings", "What was odd about it", Direction::Descending, true),
    ],
    default_sort: "received",
    filters: &[
        Filter {
            key: "state",
            label: "State",
            values: &[
                (documents::WAITING, "Waiting"),
                (documents::PROCESSED, "Read"),
                (documents::UNRESOLVED, "Unresolved"),
                (documents::FAILED, "Unreadable"),
            ],
        },
        Filter { key: "warnings", label: "Warnings", values: &[("yes", "With warnings")] },
        Filter { key: "kind", label: "Kind", values: &[] },
        Filter { key: "tool", label: "Tool", values: &[] },
        Filter { key: "source", label: "Source", values: &[] },
        Filter { key: "image", label: "Image", values: &[] },
    ],
};

const fn column(
    key: &'static str,
    label: &'static str,
    hint: &'static str,
    first: Direction,
    numeric: bool,
) -> Column {
    Column { key, label, hint, first, numeric }
}

/// The filter that an address asks for.
pub(crate) fn filter_of(query: &ListQuery) -> Result<documents::Filter, Error> {
    let owned = |key: &str| query.filter(key).map(str::to_owned);
    let image = query.filter("image").map(|text| {
        text.parse().map_err(|_| {
            Error::Invalid(format!("`{text}` is not the id of an image: 32 hexadecimal digits."))
        })
    });
    Ok(documents::Filter {
        text: Some(query.text.clone()).filter(|text| !text.is_empty()),
        state: owned("state"),
        kind: owned("kind"),
        tool: owned("tool"),
        source: owned("source"),
        image: image.transpose()?,
        warned: query.filter("warnings").is_some(),
    })
}

/// The sort that an address asks for.
fn sort_of(query: &ListQuery) -> Sort {
    Sort { column: query.sort.to_owned(), descending: query.is_descending() }
}

#[derive(Template)]
#[template(path = "documents/list.html")]
struct List {
    frame: Frame,
    list: ListQuery,
    pager: Pager,
    rows: Vec<Line>,
    summary: String,
    facets: Vec<FacetLine>,
    limit: usize,
}

/// One document in the list, ready to show.
struct Line {
    row: documents::Row,
    href: String,
}

/// The values of one filter as links.
struct FacetLine {
    label: &'static str,
    links: Vec<FacetLink>,
}

struct FacetLink {
    text: String,
    count: u64,
    href: String,
    chosen: bool,
}

impl Line {
    fn state(&self) -> (&'static str, &'static str, &'static str) {
        words::state(&self.row)
    }

    fn is_waiting(&self) -> bool {
        words::is_waiting(&self.row)
    }

    fn is_read(&self) -> bool {
        words::is_read(&self.row)
    }

    fn target(&self) -> Option<&str> {
        words::target(&self.row)
    }

    fn image_href(&self) -> Option<String> {
        words::image_href(&self.row)
    }

    fn holdings(&self) -> Vec<(String, &'static str)> {
        words::holdings(&self.row)
    }

    fn changes(&self) -> Vec<(String, &'static str)> {
        words::changes(&self.row)
            .into_iter()
            .filter(|(_, label)| matches!(*label, "added" | "closed"))
            .collect()
    }
}

/// The page.
pub(crate) async fn list(
    frame: Frame,
    viewer: CurrentViewer,
    state: web::Data<State>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let list = ListQuery::parse(&SPEC, request.query_string())?;
    let page = Page::at(list.size, Start::Position(list.offset()));
    let found = documents::list(&state.store, &viewer, &filter_of(&list)?, &sort_of(&list), &page).await?;
    let facets = documents::facets(&state.store, &viewer).await?;
    let line = |row: documents::Row| Line { href: format!("/documents/{}", row.id), row };
    let total = found.total.unwrap_or_default();
    render::page(&List {
        frame: frame.at(Section::Documents),
        pager: Pager::of(&list, found.rows.len(), total),
        rows: found.rows.into_iter().map(line).collect(),
        summary: summary(&facets),
        facets: facet_lines(&list, facets),
        limit: state.settings.upload_limit,
        list,
    })
}

/// The same rows as a file.
pub(crate) async fn export(
    extension: web::Path<String>,
    viewer: CurrentViewer,
    state: web::Data<State>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let shape = Shape::of(&extension)?;
    let list = ListQuery::parse(&SPEC, request.query_string())?;
    let page = Page::first(export::LIMIT).uncounted();
    let found = documents::list(&state.store, &viewer, &filter_of(&list)?, &sort_of(&list), &page).await?;
    let rows = found.rows.iter().map(cells).collect();
    Ok(Sheet { name: "documents", columns: COLUMNS, rows }.download(shape))
}

/// The columns of an export; the names of the API.
const COLUMNS: &[&str] = &[
    "id",
    "name",
    "kind",
    "tool",
    "tool_version",
    "target",
    "image_reference",
    "cluster",
    "source",
    "received_at",
    "last_received_at",
    "times_received",
    "size",
    "digest",
    "state",
    "findings",
    "components",
    "workloads",
    "statements",
    "records",
    "added",
    "closed",
    "unchanged",
    "warning_count",
    "error",
];

fn cells(row: &documents::Row) -> Vec<Value> {
    let counts =
        ["findings", "components", "workloads", "statements", "records"].map(|word| json!(row.count(word)));
    let changes = ["added", "closed", "unchanged"].map(|word| json!(row.change(word)));
    let mut cells = vec![
        json!(row.id.to_string()),
        json!(row.name),
        json!(row.kind),
        json!(row.tool),
        json!(row.tool_version),
        json!(row.target),
        json!(row.image_reference),
        json!(row.cluster),
        json!(row.source),
        json!(row.received_at),
        json!(row.last_received_at),
        json!(row.times_received),
        json!(row.size),
        json!(row.digest),
        json!(row.state),
    ];
    cells.extend(counts);
    cells.extend(changes);
    cells.extend([json!(row.warning_count), json!(row.error)]);
    cells
}

/// One sentence: how many, and what needs attention.
fn summary(facets: &Facets) -> String {
    let of =
        |state: &str| facets.states.iter().find(|facet| facet.value == state).map_or(0, |facet| facet.count);
    let total: u64 = facets.states.iter().map(|facet| facet.count).sum();
    let number = |count: u64| filters::grouped(&count.to_string());
    if total == 0 {
        return "Everything shown here comes from documents: scanner reports, SBOMs, VEX, feeds, object lists."
            .to_owned();
    }
    let noun = if total == 1 { "document" } else { "documents" };
    let mut notes: Vec<String> = [
        (documents::WAITING, "waiting to be read"),
        (documents::UNRESOLVED, "without a known image"),
        (documents::FAILED, "unreadable"),
    ]
    .iter()
    .filter(|(state, _)| of(state) > 0)
    .map(|(state, words)| format!("{} {words}", number(of(state))))
    .collect();
    if notes.is_empty() {
        notes.push("all of them read".to_owned());
    }
    format!("{} {noun}, {}.", number(total), notes.join(", "))
}

fn facet_lines(list: &ListQuery, facets: Facets) -> Vec<FacetLine> {
    [("kind", "Kind", facets.kinds), ("tool", "Tool", facets.tools), ("source", "Source", facets.sources)]
        .into_iter()
        .map(|(key, label, values)| FacetLine { label, links: facet_links(list, key, values) })
        .filter(|line| line.links.len() > 1)
        .collect()
}

fn facet_links(list: &ListQuery, key: &'static str, values: Vec<Facet>) -> Vec<FacetLink> {
    let link = |facet: Facet| {
        let chosen = list.filter(key) == Some(facet.value.as_str());
        let href = if chosen { list.without(key) } else { list.with(key, &facet.value) };
        FacetLink { text: facet.value, count: facet.count, href, chosen }
    };
    values.into_iter().filter(|facet| !facet.value.is_empty()).take(24).map(link).collect()
}
