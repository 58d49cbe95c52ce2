//! The best matches of a text over everything that has a name. A fixed number of queries, a few rows each.
//! Refuses to rank across kinds: a page shows them side by side.

use domain::id::ComponentId;
use domain::scope::Viewer;

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
    /// All images that match.
    pub image_total: u64,
    /// Workloads, worst first.
    pub workloads: Vec<WorkloadRow>,
    /// All workloads that match.
    pub workload_total: u64,
    /// Vulnerabilities, most threatening first.
    pub vulnerabilities: Vec<VulnerabilityRow>,
    /// All vulnerabilities that match.
    pub vulnerability_total: u64,
    /// Components, by name.
    pub components: Vec<FoundComponent>,
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
    let (page, text) = (Page::first(size), Some(text.to_owned()));
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
    Ok(Found {
        image_total: images.total.unwrap_or(0),
        images: images.rows,
        workload_total: workloads.total.unwrap_or(0),
        workloads: workloads.rows,
        vulnerability_total: vulnerabilities.total.unwrap_or(0),
        vulnerabilities: vulnerabilities.rows,
        components: components(store, viewer, &text.unwrap_or_default(), size).await?,
    })
}

/// Names that begin with the text come first, shorter ones before longer ones.
async fn components(
    store: &Store,
    viewer: &Viewer,
    text: &str,
    size: u32,
) -> Result<Vec<FoundComponent>, Error> {
    let mut clauses = Clauses::of(viewer);
    clauses.and(
        "LOWER(c.name) LIKE ? ESCAPE '!' OR LOWER(c.purl) LIKE ? ESCAPE '!'",
        [containing(text), containing(text)],
    );
    let mut sql = Sql::new(
        "SELECT best.*, (SELECT COUNT(DISTINCT image_id) FROM image_components g WHERE g.component_id = best.id) AS images \
         FROM (SELECT c.id, c.kind, c.name, c.version FROM components c",
    );
    sql.clauses(&clauses).push(
        " ORDER BY CASE WHEN LOWER(c.name) LIKE ? ESCAPE '!' THEN 0 ELSE 1 END, LENGTH(c.name), c.name, c.version, c.id",
        [beginning(text)],
    );
    sql.push(&format!(" LIMIT {size}) best"), []);
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
