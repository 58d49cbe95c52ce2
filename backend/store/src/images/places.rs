//! Where an image lies, how the repositories there are set up, and which tools watch it. Refuses to read a
//! setting that was not told as off: absent is absent.

use chrono::{DateTime, Utc};
use domain::id::{ImageId, ObjectId};
use domain::scope::Viewer;

use crate::bulk;
use crate::connection::Conn;
use crate::row::Row;
use crate::{Error, Store};

/// The most rows that a page shows without paging.
const MOST: u32 = 200;

/// A repository in which an image lies, or lay.
#[derive(Clone, Debug)]
pub struct PlaceRow {
    /// Registry host.
    pub registry: String,
    /// Repository below it.
    pub repository: String,
    /// Media type of its manifest there.
    pub media_type: Option<String>,
    /// Size there, in bytes.
    pub size: Option<u64>,
    /// When it was pushed.
    pub pushed_at: Option<DateTime<Utc>>,
    /// When it was last pulled, if the registry says so.
    pub pulled_at: Option<DateTime<Utc>>,
    /// When a complete look no longer found it there.
    pub removed_at: Option<DateTime<Utc>>,
    /// The repository's own id; absent where no registry described it.
    pub repository_id: Option<ObjectId>,
    /// How the repository is set up; absent where no registry described it.
    pub settings: Option<RepositorySettings>,
}

/// How a repository is set up; what the registry did not say is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepositorySettings {
    /// Whether anyone may pull from it without login.
    pub public: Option<bool>,
    /// Whether a tag can no longer be moved.
    pub tags_immutable: Option<bool>,
    /// How its content is encrypted, in the vendor's word.
    pub encryption: Option<String>,
    /// Whether the registry scans what is pushed.
    pub scan_on_push: Option<bool>,
    /// What the registry's own scanning is set to, in the vendor's words.
    pub scanning: Option<String>,
}

/// The repositories in which an image lies, present ones first.
///
/// # Errors
/// When the database does not answer.
pub async fn places(store: &Store, _: &Viewer, id: ImageId) -> Result<Vec<PlaceRow>, Error> {
    let sql = format!(
        "SELECT l.registry, l.repository, l.media_type, l.size, l.pushed_at, l.pulled_at, l.removed_at, \
         r.id AS repository_id, r.public, r.tags_immutable, r.encryption, r.scan_on_push, r.scanning \
         FROM image_locations l LEFT JOIN repositories r ON r.registry = l.registry AND r.name = l.repository \
         WHERE l.image_id = $1 ORDER BY COALESCE(l.removed_at, 0), l.registry, l.repository, l.id LIMIT {MOST}"
    );
    store.query(&sql, vec![bulk::id(id)]).await?.iter().map(place).collect()
}

fn place(row: &Row) -> Result<PlaceRow, Error> {
    let settings = RepositorySettings {
        public: row.optional_boolean("public")?,
        tags_immutable: row.optional_boolean("tags_immutable")?,
        encryption: row.optional_text("encryption")?,
        scan_on_push: row.optional_boolean("scan_on_push")?,
        scanning: row.optional_text("scanning")?,
    };
    let repository_id = row.optional_id("repository_id")?;
    Ok(PlaceRow {
        registry: row.text("registry")?,
        repository: row.text("repository")?,
        media_type: row.optional_text("media_type")?,
        size: row.optional_integer("size")?.and_then(|size| u64::try_from(size).ok()),
        pushed_at: row.optional_time("pushed_at")?,
        pulled_at: row.optional_time("pulled_at")?,
        removed_at: row.optional_time("removed_at")?,
        settings: repository_id.is_some().then_some(settings),
        repository_id,
    })
}

/// A tool's word on whether it watches an image.
#[derive(Clone, Debug)]
pub struct CoverageRow {
    /// The tool.
    pub tool: String,
    /// Registry and repository in which it looks at the image; may be empty.
    pub place: String,
    /// Whether it watches the image now; absent where it was not told.
    pub watched: Option<bool>,
    /// Why, in the tool's own word; may be empty.
    pub reason: String,
    /// When it last looked.
    pub last_scanned_at: Option<DateTime<Utc>>,
    /// How many running containers of the image it counts.
    pub in_use_count: Option<u64>,
    /// When it last saw the image running.
    pub in_use_last_at: Option<DateTime<Utc>>,
    /// Since when it says so.
    pub since: DateTime<Utc>,
}

/// What tools say of whether they watch an image, and where it runs.
///
/// # Errors
/// When the database does not answer.
pub async fn coverage(store: &Store, _: &Viewer, id: ImageId) -> Result<Vec<CoverageRow>, Error> {
    let sql = format!(
        "SELECT tool, registry, repository, watched, reason, last_scanned_at, in_use_count, in_use_last_at, \
         last_changed_at FROM coverage WHERE image_id = $1 ORDER BY tool, registry, repository, id LIMIT {MOST}"
    );
    store.query(&sql, vec![bulk::id(id)]).await?.iter().map(word).collect()
}

fn word(row: &Row) -> Result<CoverageRow, Error> {
    let parts = [row.text("registry")?, row.text("repository")?];
    Ok(CoverageRow {
        tool: row.text("tool")?,
        place: parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join("/"),
        watched: row.optional_boolean("watched")?,
        reason: row.text("reason")?,
        last_scanned_at: row.optional_time("last_scanned_at")?,
        in_use_count: row.optional_integer("in_use_count")?.and_then(|count| u64::try_from(count).ok()),
        in_use_last_at: row.optional_time("in_use_last_at")?,
        since: row.time("last_changed_at")?,
    })
}
