//! The best matches of a text over everything that has a name. A fixed number of queries, a few rows each.
//! Refuses to rank across kinds: a page shows them side by side.

use domain::id::ComponentId;
use domain::scope::Viewer;

use crate::clusters::{self, ClusterRow};
use crate::connection::Conn;
use crate::images::{self, ImageRow};
use crate::list::{Clauses, Page, Sort, Sql, beginning, containing};
use crate::vulnerabilities::{self, Presence, VulnerabilityRow};
use crate::workloads::{self, WorkloadRow};
use crate::{Error, Store};

/// What a text finds.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Images, worst first.
    pub images: Vec<ImageRow>,
    /// Workloads, worst first.
    pub workloads: Vec<WorkloadRow>,
    /// Vulnerabilities, most threatening first.
    pub vulnerabilities: Vec<VulnerabilityRow>,
    /// Components, by name.
    pub components: Vec<FoundComponent>,
    /// Clusters, by name.
    pub clusters: Vec<ClusterRow>,
    /// Sources, by name.
    pub sources: Vec<FoundSource>,
}

/// A source that matches.
#[derive(Clone, Debug)]
pub struct FoundSource {
    /// Its name.
    pub name: String,
    /// Kind of its connector.
    pub kind: String,
}

/// A component that matches.
#[derive(Clone, Debug)]
pub struct FoundComponent {
    /// Its id.
    pub id: ComponentId,
    /// Package type.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Version; may be empty.
    pub version: String,
    /// Images that hold it.
    pub images: u64,
}

/// The best matches, at most `size` of each kind.
///
/// # Errors
/// When the database does not answer.
pub async fn search(store: &Store, viewer: &Viewer, text: &str, size: u32) -> Result<Found, Error> {
    let (page, text) = (Page::first(size).uncounted(), Some(text.to_owned()));
    let filter = images::Filter { text: text.clone(), ..images::Filter::default() };
    let images = images::list(store, viewer, &filter, &Sort::descending("score"), &page).await?;
    let filter = workloads::Filter { text: text.clone(), ..workloads::Filter::default() };
    let workloads = workloads::list(store, viewer, &filter, &Sort::descending("score"), &page).await?;
    let filter = vulnerabilities::Filter {
        text: text.clone(),
        presence: Presence::Any,
        ..vulnerabilities::Filter::default()
    };
    let vulnerabilities =
        vulnerabilities::list(store, viewer, &filter, &Sort::descending("threat"), &page).await?;
    let filter = clusters::Filter { text: text.clone(), ..clusters::Filter::default() };
    let clusters = clusters::list(store, viewer, &filter, &Sort::ascending("name"), &page).await?;
    let text = text.unwrap_or_default();
    Ok(Found {
        images: images.rows,
        workloads: workloads.rows,
        vulnerabilities: vulnerabilities.rows,
        clusters: clusters.rows,
        sources: sources(store, viewer, &text, size).await?,
        components: components(store, viewer, &text, size).await?,
    })
}

/// Sources whose names or kinds hold the text.
async fn sources(store: &Store, viewer: &Viewer, text: &str, size: u32) -> Result<Vec<FoundSource>, Error> {
    if !viewer.sees_everything() {
        return Ok(Vec::new());
    }
    let mut clauses = Clauses::of(viewer);
    clauses.and("removed_at IS NULL", []);
    clauses.and(
        "(LOWER(name) LIKE ? ESCAPE '!' OR kind LIKE ? ESCAPE '!')",
        [containing(text), containing(text)],
    );
    let mut sql = Sql::new("SELECT name, kind FROM sources".to_owned());
    sql.clauses(&clauses).push(&format!(" ORDER BY name LIMIT {size}"), []);
    let rows = sql.query(store).await?;
    rows.iter().map(|row| Ok(FoundSource { name: row.text("name")?, kind: row.text("kind")? })).collect()
}

/// Every name once, found from one to the next in the index: there are far fewer names than components.
const NAMES: &str = "WITH RECURSIVE names(name) AS (SELECT MIN(name) FROM components UNION ALL \
    SELECT (SELECT MIN(o.name) FROM components o WHERE o.name > names.name) FROM names \
    WHERE names.name IS NOT NULL)";

/// Components whose names hold the text, those that begin with it first and shorter ones before longer
/// ones; then those that have it elsewhere in their package URL.
async fn components(
    store: &Store,
    viewer: &Viewer,
    text: &str,
    size: u32,
) -> Result<Vec<FoundComponent>, Error> {
    // SQLite folds case in LIKE by itself, at half the price.
    let purl = if store.is_sqlite() { "c.purl" } else { "LOWER(c.purl)" };
    let mut named = Clauses::of(viewer);
    named.and("c.name IN (SELECT name FROM names WHERE LOWER(name) LIKE ? ESCAPE '!')", [containing(text)]);
    let mut elsewhere = Clauses::of(viewer);
    elsewhere.and(
        &format!("{purl} LIKE ? ESCAPE '!' AND LOWER(c.name) NOT LIKE ? ESCAPE '!'"),
        [containing(text), containing(text)],
    );
    let mut sql = Sql::new(format!(
        "{NAMES} SELECT best.*, (SELECT COUNT(DISTINCT image_id) FROM image_components g \
         WHERE g.component_id = best.id) AS images FROM (SELECT * FROM (SELECT c.id, c.kind, c.name, c.version, \
         CASE WHEN LOWER(c.name) LIKE ? ESCAPE '!' THEN 0 ELSE 1 END AS place FROM components c"
    ));
    let order = |place: &str| format!(" ORDER BY {place}LENGTH(name), name, version, id LIMIT {size}");
    sql.push("", [beginning(text)]).clauses(&named).push(&order("place, "), []);
    sql.push(
        ") n UNION ALL SELECT * FROM (SELECT c.id, c.kind, c.name, c.version, 2 AS place FROM components c",
        [],
    );
    sql.clauses(&elsewhere).push(&format!("{}) e) best", order("")), []);
    sql.push(&order("place, "), []);
    let rows = sql.query(store).await?;
    rows.iter()
        .map(|row| {
            Ok(FoundComponent {
                id: row.id("id")?,
                kind: row.text("kind")?,
                name: row.text("name")?,
                version: row.text("version")?,
                images: row.count("images")?,
            })
        })
        .collect()
}
