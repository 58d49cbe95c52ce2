//! The history of documents, with the form that takes more in. Refuses to hide what failed: an unreadable
//! document stays in the list with its sentence.

use actix_web::{HttpResponse, web};
use askama::Template;
use reports::Cell;
use store::documents::{self, Facets};

use super::words;
use crate::error::Error;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::pages::asked::Asked;
use crate::pages::listing::{
    Select, Selects, choice, id_of, number, open, pager, stated, text, text_of, worst,
};
use crate::query::{ListQuery, ListSpec, Pager};
use crate::render;

/// What the list knows; the API's too.
pub(crate) static SPEC: ListSpec = ListSpec {
    path: "/documents",
    noun: ("document", "documents"),
    text_hint: "name, target, tool, digest or error",
    columns: &[
        text("name", "Document", ""),
        text("kind", "Kind", "The format it was recognised as"),
        text("tool", "Tool", "What made it"),
        text("target", "Target", "What it speaks of"),
        worst("received", "Received", "When it last arrived"),
        number("size", "Size", "As it was sent"),
        text("state", "State", ""),
        number("counts", "Holds", "What it lists, each fact once"),
        number("changes", "Changed", "Findings added and closed when it was last read"),
        number("warnings", "Warnings", "What was odd about it"),
    ],
    default_sort: "received",
    filters: &[
        choice(
            "state",
            "State",
            &[
                (documents::WAITING, "Waiting"),
                (documents::PROCESSED, "Read"),
                (documents::UNRESOLVED, "Unresolved"),
                (documents::FAILED, "Unreadable"),
            ],
        ),
        choice("warnings", "Warnings", &[("yes", "With warnings")]),
        open("kind", "Kind"),
        open("tool", "Tool"),
        open("source", "Source"),
        open("image", "Image"),
    ],
};

/// The filter that an address asks for.
pub(crate) fn filter_of(list: &ListQuery) -> Result<documents::Filter, Error> {
    Ok(documents::Filter {
        text: text_of(list),
        state: list.filter("state").map(str::to_owned),
        kind: stated(list, "kind"),
        tool: stated(list, "tool"),
        source: stated(list, "source"),
        image: id_of(list, "image")?,
        warned: list.filter("warnings").is_some(),
    })
}

#[derive(Template)]
#[template(path = "documents/list.html")]
struct List {
    frame: Frame,
    list: ListQuery,
    selects: Selects,
    pager: Pager,
    rows: Vec<Line>,
    summary: String,
    limit: usize,
    /// The names of saved mappings.
    mappings: Vec<String>,
}

/// Characters that a cell shows before its two lines are full.
const VISIBLE: usize = 64;
/// Characters of a text in its cell: what documents say of themselves has no bound, a page has.
const CELL: usize = 120;
/// Characters of a text when hovered over; the document's own page shows all of it.
const HOVER: usize = 360;

/// The beginning of a text, with a mark where it goes on.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// One document in the list, ready to show.
struct Line {
    row: documents::Row,
    href: String,
}

impl Line {
    fn state(&self) -> (&'static str, &'static str, &'static str) {
        words::state(&self.row)
    }

    /// A text as its cell shows it.
    fn brief(&self, text: &str) -> String {
        cut(text, CELL)
    }

    /// What hovering over a text shows, where its cell does not show it whole.
    fn whole(&self, text: &str) -> Option<String> {
        (text.chars().count() > VISIBLE).then(|| cut(text, HOVER))
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
pub(crate) async fn list(frame: Frame, asked: Asked) -> Result<HttpResponse, Error> {
    let list = asked.list(&SPEC)?;
    let found = asked.page(&list, &filter_of(&list)?, documents::list).await?;
    let facets = documents::facets(&asked.state.store, &asked.viewer).await?;
    let saved = store::mappings::list(&asked.state.store, &asked.viewer).await?;
    let summary = summary(&facets);
    let selects = vec![
        Select::of(&list, "kind", "not recognised", facets.kinds),
        Select::of(&list, "tool", "none named", facets.tools),
        Select::of(&list, "source", "not known", facets.sources),
    ];
    let line = |row: documents::Row| Line { href: format!("/documents/{}", row.id), row };
    render::page(&List {
        frame: frame.at(Section::Documents),
        selects: Selects { selects, first: usize::MAX },
        pager: pager(&list, &found),
        rows: found.rows.into_iter().map(line).collect(),
        summary,
        limit: asked.state.settings.upload_limit,
        mappings: saved.into_iter().map(|saved| saved.name).collect(),
        list,
    })
}

/// The same rows as a file.
pub(crate) async fn export(extension: web::Path<String>, asked: Asked) -> Result<HttpResponse, Error> {
    let list = asked.list(&SPEC)?;
    let filter = filter_of(&list)?;
    asked.file(("documents", &extension), (COLUMNS, cells), &list, filter, documents::list).await
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

fn cells(row: &documents::Row) -> Vec<Cell> {
    let mut cells: Vec<Cell> = vec![
        row.id.to_string().into(),
        row.name.as_str().into(),
        row.kind.clone().into(),
        row.tool.clone().into(),
        row.tool_version.clone().into(),
        row.target.clone().into(),
        row.image_reference.clone().into(),
        row.cluster.clone().into(),
        row.source.as_str().into(),
        row.received_at.to_rfc3339().into(),
        row.last_received_at.to_rfc3339().into(),
        row.times_received.into(),
        row.size.into(),
        row.digest.as_str().into(),
        row.state.as_str().into(),
    ];
    // What was not read holds nothing that is known, which is not nothing.
    let known = |number: i64| if words::is_read(row) { Cell::Integer(number) } else { Cell::Empty };
    let counts = ["findings", "components", "workloads", "statements", "records"];
    cells.extend(counts.map(|word| known(row.count(word))));
    cells.extend(["added", "closed", "unchanged"].map(|word| known(row.change(word))));
    cells.extend([known(row.warning_count), row.error.clone().into()]);
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
