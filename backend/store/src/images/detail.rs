//! One image with everything known of it: its names, its tags over time, its components, who scanned it,
//! where it runs. One query each, by key. Refuses to guess what a missing row means: absent is absent.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::id::{DocumentId, ImageId, WorkloadId};
use domain::scope::Viewer;

use super::ImageRow;
use super::list::{COLUMNS, read};
use crate::bulk;
use crate::connection::Conn;
use crate::list::{Clauses, Sql};
use crate::row::Row;
use crate::{Error, Store};

/// The most rows of one kind that a page shows without paging.
const MOST: u32 = 500;

/// An image with what its page leads with.
#[derive(Clone, Debug)]
pub struct ImageDetail {
    /// What the list shows.
    pub image: ImageRow,
    /// What [`ImageRow::digest`] names: `manifest`, `config`, `index`, `repository`.
    pub digest_role: String,
    /// How the score came about, as the scorer wrote it (JSON); `{}` until scored.
    pub explanation: String,
    /// Labels of its configuration.
    pub labels: BTreeMap<String, String>,
    /// Layer digests, base first.
    pub layers: Vec<String>,
    /// How it is run, where its configuration was read.
    pub config: Option<domain::image::Config>,
    /// When its first finding falls due where it is exposed, and where it is not.
    pub due_exposed_at: Option<DateTime<Utc>>,
    /// See [`ImageDetail::due_exposed_at`].
    pub due_internal_at: Option<DateTime<Utc>>,
    /// How much each tab holds.
    pub counts: TabCounts,
}

/// How much each tab of an image holds.
#[derive(Clone, Copy, Debug, Default)]
pub struct TabCounts {
    /// Open vulnerability findings.
    pub findings: u64,
    /// Open findings of other classes.
    pub others: u64,
    /// Components.
    pub components: u64,
    /// Tag intervals.
    pub tags: u64,
    /// Containers in workloads.
    pub runs: u64,
    /// Scans.
    pub scans: u64,
    /// Documents.
    pub documents: u64,
}

/// One image.
///
/// # Errors
/// When the database does not answer.
pub async fn detail(store: &Store, viewer: &Viewer, id: ImageId) -> Result<Option<ImageDetail>, Error> {
    let mut clauses = Clauses::of(viewer);
    clauses.and("id = ?", [bulk::id(id)]);
    let mut sql = Sql::new(format!(
        "SELECT {COLUMNS}, digest_role, explanation, due_exposed_at, due_internal_at, \
         (SELECT labels FROM image_metadata WHERE image_id = images.id) AS labels, \
         (SELECT layers FROM image_metadata WHERE image_id = images.id) AS layers, \
         (SELECT config FROM image_metadata WHERE image_id = images.id) AS config, \
         (SELECT COUNT(*) FROM findings f WHERE f.image_id = images.id AND closed_at IS NULL AND class = 'vulnerability') AS finding_tab, \
         (SELECT COUNT(*) FROM findings f WHERE f.image_id = images.id AND closed_at IS NULL AND class <> 'vulnerability') AS other_tab, \
         (SELECT COUNT(DISTINCT component_id) FROM image_components c WHERE c.image_id = images.id) AS component_tab, \
         (SELECT COUNT(*) FROM image_tags t WHERE t.image_id = images.id) AS tag_tab, \
         (SELECT COUNT(*) FROM containers c WHERE c.image_id = images.id) AS run_tab, \
         (SELECT COUNT(*) FROM scans s WHERE s.image_id = images.id) AS scan_tab, \
         (SELECT COUNT(*) FROM documents d WHERE d.image_id = images.id) AS document_tab FROM images"
    ));
    sql.clauses(&clauses);
    sql.query(store).await?.first().map(read_detail).transpose()
}

fn read_detail(row: &Row) -> Result<ImageDetail, Error> {
    let parsed = |column: &str| -> Result<Option<String>, Error> { row.optional_text(column) };
    Ok(ImageDetail {
        image: read(row)?,
        digest_role: row.text("digest_role")?,
        explanation: row.text("explanation")?,
        labels: parsed("labels")?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
        layers: parsed("layers")?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
        config: parsed("config")?.and_then(|text| serde_json::from_str(&text).ok()),
        due_exposed_at: row.optional_time("due_exposed_at")?,
        due_internal_at: row.optional_time("due_internal_at")?,
        counts: TabCounts {
            findings: row.count("finding_tab")?,
            others: row.count("other_tab")?,
            components: row.count("component_tab")?,
            tags: row.count("tag_tab")?,
            runs: row.count("run_tab")?,
            scans: row.count("scan_tab")?,
            documents: row.count("document_tab")?,
        },
    })
}

/// A digest that leads to an image.
#[derive(Clone, Debug)]
pub struct DigestRow {
    /// The digest.
    pub digest: String,
    /// What it names.
    pub role: String,
}

/// Every digest that leads to an image.
///
/// # Errors
/// When the database does not answer.
pub async fn digests(store: &Store, _: &Viewer, id: ImageId) -> Result<Vec<DigestRow>, Error> {
    let sql = "SELECT digest, role FROM image_digests WHERE image_id = $1 ORDER BY role, digest LIMIT 50";
    let rows = store.query(sql, vec![bulk::id(id)]).await?;
    rows.iter().map(|row| Ok(DigestRow { digest: row.text("digest")?, role: row.text("role")? })).collect()
}

/// A time during which a tag led to an image.
#[derive(Clone, Debug)]
pub struct TagRow {
    /// Registry.
    pub registry: String,
    /// Repository.
    pub repository: String,
    /// Tag.
    pub tag: String,
    /// First observation.
    pub first_seen_at: DateTime<Utc>,
    /// Last observation.
    pub last_seen_at: DateTime<Utc>,
    /// When it was first seen to lead elsewhere, if it was.
    pub ended_at: Option<DateTime<Utc>>,
}

/// The tags of an image over time, latest first.
///
/// # Errors
/// When the database does not answer.
pub async fn tags(store: &Store, _: &Viewer, id: ImageId) -> Result<Vec<TagRow>, Error> {
    let sql = format!(
        "SELECT registry, repository, tag, first_seen_at, last_seen_at, ended_at FROM image_tags \
         WHERE image_id = $1 ORDER BY first_seen_at DESC, repository, tag LIMIT {MOST}"
    );
    let rows = store.query(&sql, vec![bulk::id(id)]).await?;
    rows.iter()
        .map(|row| {
            Ok(TagRow {
                registry: row.text("registry")?,
                repository: row.text("repository")?,
                tag: row.text("tag")?,
                first_seen_at: row.time("first_seen_at")?,
                last_seen_at: row.time("last_seen_at")?,
                ended_at: row.optional_time("ended_at")?,
            })
        })
        .collect()
}

/// One look of one tool at an image.
#[derive(Clone, Debug)]
pub struct ScanRow {
    /// The tool.
    pub tool: String,
    /// Its version.
    pub tool_version: Option<String>,
    /// When it looked.
    pub scanned_at: DateTime<Utc>,
    /// How old its vulnerability database was.
    pub database_at: Option<DateTime<Utc>>,
    /// The document that says so.
    pub document: DocumentId,
    /// The classes of findings it looked for, as stored.
    pub covers: String,
    /// Why it is not whole, if it is not.
    pub partial: Option<String>,
    /// Findings it reported.
    pub finding_count: u64,
    /// Whether a later scan of the same tool replaced it.
    pub superseded: bool,
}

/// The scans of an image, latest first.
///
/// # Errors
/// When the database does not answer.
pub async fn scans(store: &Store, _: &Viewer, id: ImageId) -> Result<Vec<ScanRow>, Error> {
    let sql = format!(
        "SELECT tool, tool_version, scanned_at, database_at, document_id, covers, partial, finding_count, superseded \
         FROM scans WHERE image_id = $1 ORDER BY scanned_at DESC, tool LIMIT {MOST}"
    );
    let rows = store.query(&sql, vec![bulk::id(id)]).await?;
    rows.iter()
        .map(|row| {
            Ok(ScanRow {
                tool: row.text("tool")?,
                tool_version: row.optional_text("tool_version")?,
                scanned_at: row.time("scanned_at")?,
                database_at: row.optional_time("database_at")?,
                document: row.id("document_id")?,
                covers: row.text("covers")?,
                partial: row.optional_text("partial")?,
                finding_count: row.count("finding_count")?,
                superseded: row.boolean("superseded")?,
            })
        })
        .collect()
}

/// A container that uses an image.
#[derive(Clone, Debug)]
pub struct RunRow {
    /// The workload.
    pub workload: WorkloadId,
    /// Its cluster; may be empty.
    pub cluster: String,
    /// Its namespace.
    pub namespace: String,
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Who owns it.
    pub owner: Option<String>,
    /// From where it can be reached.
    pub reach: String,
    /// Its score.
    pub score: Option<f64>,
    /// The container's name.
    pub container: String,
    /// The image as the specification writes it.
    pub image: String,
    /// Running instances.
    pub running: u64,
    /// The first stage of the gap that the container fails.
    pub gap_stage: String,
}

/// Where an image runs, worst workload first.
///
/// # Errors
/// When the database does not answer.
pub async fn runs(store: &Store, _: &Viewer, id: ImageId) -> Result<Vec<RunRow>, Error> {
    let sql = format!(
        "SELECT w.id, w.cluster, w.namespace, w.kind, w.name, w.owner, w.reach, w.score, c.name AS container, \
         c.image, c.running, c.gap_stage FROM containers c JOIN workloads w ON w.id = c.workload_id \
         WHERE c.image_id = $1 AND w.retired_at IS NULL ORDER BY COALESCE(w.score, -1) DESC, w.id, c.position LIMIT {MOST}"
    );
    let rows = store.query(&sql, vec![bulk::id(id)]).await?;
    rows.iter()
        .map(|row| {
            Ok(RunRow {
                workload: row.id("id")?,
                cluster: row.text("cluster")?,
                namespace: row.text("namespace")?,
                kind: row.text("kind")?,
                name: row.text("name")?,
                owner: row.optional_text("owner")?,
                reach: row.text("reach")?,
                score: row.optional_real("score")?,
                container: row.text("container")?,
                image: row.text("image")?,
                running: row.count("running")?,
                gap_stage: row.text("gap_stage")?,
            })
        })
        .collect()
}

/// A document about an image.
#[derive(Clone, Debug)]
pub struct DocumentRow {
    /// Its id.
    pub id: DocumentId,
    /// Its name.
    pub name: String,
    /// Its kind, if recognised.
    pub kind: Option<String>,
    /// The tool that made it.
    pub tool: Option<String>,
    /// What became of it.
    pub state: String,
    /// Warnings.
    pub warning_count: u64,
    /// The moment it speaks for.
    pub as_of: DateTime<Utc>,
    /// When it last arrived.
    pub received_at: DateTime<Utc>,
}

/// The documents about an image, latest first.
///
/// # Errors
/// When the database does not answer.
pub async fn documents(store: &Store, _: &Viewer, id: ImageId) -> Result<Vec<DocumentRow>, Error> {
    let sql = format!(
        "SELECT id, name, kind, tool, state, warning_count, as_of, last_received_at FROM documents \
         WHERE image_id = $1 ORDER BY last_received_at DESC, id LIMIT {MOST}"
    );
    let rows = store.query(&sql, vec![bulk::id(id)]).await?;
    rows.iter()
        .map(|row| {
            Ok(DocumentRow {
                id: row.id("id")?,
                name: row.text("name")?,
                kind: row.optional_text("kind")?,
                tool: row.optional_text("tool")?,
                state: row.text("state")?,
                warning_count: row.count("warning_count")?,
                as_of: row.time("as_of")?,
                received_at: row.time("last_received_at")?,
            })
        })
        .collect()
}
