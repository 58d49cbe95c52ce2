//! The list of documents: filtered, sorted by any column. Refuses to show an upload on its way in.

use domain::id::ImageId;
use domain::scope::Viewer;

use super::RECEIVING;
use super::row::{COLUMNS, FROM, Row};
use crate::connection::Conn;
use crate::list::{self, Clauses, Facet, Listed, Listing, Page, Sort, SortColumn, by_id, containing};
use crate::{Error, Store, bulk};

/// What narrows the list; empty fields narrow nothing.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Text in name, target, tool, digest, error or the image that the sender named.
    pub text: Option<String>,
    /// A state.
    pub state: Option<String>,
    /// A kind; empty means not recognised.
    pub kind: Option<String>,
    /// A tool; empty means none named.
    pub tool: Option<String>,
    /// How it came.
    pub source: Option<String>,
    /// The image it was attached to.
    pub image: Option<ImageId>,
    /// Only documents whose reading gave warnings.
    pub warned: bool,
}

/// The values that a filter can take, most frequent first.
#[derive(Clone, Debug, Default)]
pub struct Facets {
    /// Formats.
    pub kinds: Vec<Facet>,
    /// Tools.
    pub tools: Vec<Facet>,
    /// How documents came.
    pub sources: Vec<Facet>,
    /// States.
    pub states: Vec<Facet>,
}

/// The sum of these numbers of a JSON object in a text column, on SQLite.
macro_rules! sum_on_sqlite {
    ($column:literal: $($word:literal)*) => {
        concat!("(0" $(, " + COALESCE(json_extract(d.", $column, ", '$.", $word, "'), 0)")*, ")")
    };
}
/// The same on PostgreSQL.
macro_rules! sum_on_postgres {
    ($column:literal: $($word:literal)*) => {
        concat!("(0" $(, " + COALESCE((CAST(d.", $column, " AS JSON) ->> '", $word, "')::bigint, 0)")*, ")")
    };
}

/// The columns by which the list sorts.
const fn sorts(counts: &'static [&'static str], changes: &'static [&'static str]) -> [SortColumn; 11] {
    [
        SortColumn::by("received", &["d.last_received_at"]),
        SortColumn::by("name", &["LOWER(d.name)"]),
        SortColumn::by("kind", &["COALESCE(d.kind, '')"]),
        SortColumn::by("tool", &["COALESCE(d.tool, '')"]),
        SortColumn::by("target", &["LOWER(COALESCE(i.name, d.target, ''))"]),
        SortColumn::by("size", &["d.size"]),
        SortColumn::by("state", &["d.state"]),
        SortColumn::by("counts", counts),
        SortColumn::by("changes", changes),
        SortColumn::by("warnings", &["d.warning_count"]),
        SortColumn::by("source", &["d.source"]),
    ]
}

static SQLITE_SORTS: [SortColumn; 11] = sorts(
    &[sum_on_sqlite!("counts": "findings" "components" "workloads" "statements" "records")],
    &[sum_on_sqlite!("changes": "added" "closed")],
);
static POSTGRES_SORTS: [SortColumn; 11] = sorts(
    &[sum_on_postgres!("counts": "findings" "components" "workloads" "statements" "records")],
    &[sum_on_postgres!("changes": "added" "closed")],
);

/// One page of the list.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    store: &Store,
    viewer: &Viewer,
    filter: &Filter,
    sort: &Sort,
    page: &Page,
) -> Result<Listed<Row>, Error> {
    let listing = Listing {
        columns: COLUMNS,
        from: FROM,
        clauses: clauses(viewer, filter),
        sorts: if store.is_sqlite() { &SQLITE_SORTS } else { &POSTGRES_SORTS },
        key: "d.id",
        locate: "d.id = ?",
        anchor: by_id,
        read: Row::read,
        key_of: |row| row.id.as_bytes().to_vec(),
    };
    listing.page(store, sort, page).await
}

/// What the filters can be set to.
///
/// # Errors
/// When the database does not answer.
pub async fn facets(store: &Store, viewer: &Viewer) -> Result<Facets, Error> {
    let columns = ["kind", "tool", "source", "state"];
    let clauses = clauses(viewer, &Filter::default());
    let [kinds, tools, sources, states] = list::facets(store, "documents d", &clauses, columns).await?;
    Ok(Facets { kinds, tools, sources, states })
}

fn clauses(viewer: &Viewer, filter: &Filter) -> Clauses {
    let mut clauses = Clauses::of(viewer);
    clauses.and("d.state <> ?", [RECEIVING.into()]);
    if let Some(text) = &filter.text {
        let columns = ["name", "target", "tool", "digest", "error", "image_reference"];
        let part = |column: &str| format!("LOWER(COALESCE(d.{column}, '')) LIKE ? ESCAPE '!'");
        let values = columns.iter().map(|_| containing(text));
        clauses.and(&columns.map(part).join(" OR "), values.collect::<Vec<_>>());
    }
    clauses.equals("d.state", filter.state.as_deref());
    clauses.equals("COALESCE(d.kind, '')", filter.kind.as_deref());
    clauses.equals("COALESCE(d.tool, '')", filter.tool.as_deref());
    clauses.equals("d.source", filter.source.as_deref());
    if let Some(image) = filter.image {
        clauses.and("d.image_id = ?", [bulk::id(image)]);
    }
    clauses.when(filter.warned, "d.warning_count > 0");
    clauses
}
