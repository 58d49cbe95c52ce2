//! The components of one image, with who lists them and what was found in them. Refuses to list a
//! component twice because two tools did.

use domain::id::{ComponentId, ImageId};
use domain::scope::Viewer;

use crate::connection::Conn;
use crate::list::{Clauses, Listed, Listing, Page, Sort, SortColumn, by_id, containing};
use crate::row::Row;
use crate::{Error, Store};

/// A component of an image.
#[derive(Clone, Debug)]
pub struct ListedComponent {
    /// Its id.
    pub id: ComponentId,
    /// Its package URL.
    pub purl: String,
    /// Package type: `deb`, `npm`.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Version; may be empty.
    pub version: String,
    /// Source package; may be empty.
    pub source_name: String,
    /// Its version; may be empty.
    pub source_version: String,
    /// Licences, as stored (a JSON list).
    pub licences: Vec<String>,
    /// A file that proves it; may be empty.
    pub path: String,
    /// Who lists it, by name.
    pub tools: u64,
    /// Open findings in it.
    pub findings: u64,
}

/// Columns by which components can be sorted.
const COMPONENT_SORTS: &[SortColumn] = &[
    SortColumn::by("name", &["c.name", "c.version"]),
    SortColumn::by("kind", &["c.kind", "c.name"]),
    SortColumn::by("source", &["c.source_name", "c.name"]),
    SortColumn::by("findings", &["COALESCE(n.findings, 0)"]),
];

const COMPONENT_COLUMNS: &str = "c.id, c.purl, c.kind, c.name, c.version, c.source_name, c.source_version, c.licences, \
     g.path, g.tools, COALESCE(n.findings, 0) AS findings";

/// The components of an image whose name, version or source holds a text. Sorts: name, kind, source, findings.
///
/// # Errors
/// When the database does not answer.
pub async fn components(
    store: &Store,
    viewer: &Viewer,
    id: ImageId,
    text: Option<&str>,
    sort: &Sort,
    page: &Page,
) -> Result<Listed<ListedComponent>, Error> {
    let mut clauses = Clauses::of(viewer);
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        let pattern = containing(text);
        clauses.and(
            "LOWER(c.name) LIKE ? ESCAPE '!' OR LOWER(c.version) LIKE ? ESCAPE '!' OR LOWER(c.source_name) LIKE ? ESCAPE '!'",
            [pattern.clone(), pattern.clone(), pattern],
        );
    }
    // The text is used up to three times in a statement, so the id stands in it rather than beside it; an
    // id is thirty-two hexadecimal digits.
    let image = if store.is_sqlite() { format!("x'{id}'") } else { format!("'\\x{id}'::bytea") };
    let from = format!(
        "(SELECT component_id, MIN(path) AS path, COUNT(*) AS tools FROM image_components \
         WHERE image_id = {image} GROUP BY component_id) g JOIN components c ON c.id = g.component_id \
         LEFT JOIN (SELECT component_id, COUNT(*) AS findings FROM findings WHERE image_id = {image} \
         AND closed_at IS NULL GROUP BY component_id) n ON n.component_id = c.id"
    );
    let listing = Listing {
        columns: COMPONENT_COLUMNS,
        from: &from,
        clauses,
        sorts: COMPONENT_SORTS,
        key: "c.id",
        locate: "c.id = ?",
        anchor: by_id,
        read: read_component,
        key_of: |row: &ListedComponent| row.id.as_bytes().to_vec(),
    };
    listing.page(store, sort, page).await
}

fn read_component(row: &Row) -> Result<ListedComponent, Error> {
    Ok(ListedComponent {
        id: row.id("id")?,
        purl: row.text("purl")?,
        kind: row.text("kind")?,
        name: row.text("name")?,
        version: row.text("version")?,
        source_name: row.text("source_name")?,
        source_version: row.text("source_version")?,
        licences: serde_json::from_str(&row.text("licences")?).unwrap_or_default(),
        path: row.text("path")?,
        tools: row.count("tools")?,
        findings: row.count("findings")?,
    })
}
