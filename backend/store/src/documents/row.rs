//! One document, without its bytes and warnings. Refuses to know how lists are sorted.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::id::{DocumentId, ImageId};

use crate::Error;
use crate::row::Row as Cells;

/// The columns of a [`Row`], from [`FROM`].
pub(super) const COLUMNS: &str = "d.id, d.digest, d.name, d.source, d.image_reference, d.cluster, d.as_of, \
    d.received_at, d.last_received_at, d.times_received, d.size, d.state, d.kind, d.format_version, d.tool, \
    d.tool_version, d.target, d.image_id, i.name AS image_name, d.stated_at, d.counts, d.changes, \
    d.warning_count, d.error, d.processed_at";
/// The tables of a [`Row`].
pub(super) const FROM: &str = "documents d LEFT JOIN images i ON i.id = d.image_id";

/// A document.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its id.
    pub id: DocumentId,
    /// SHA-256 of its bytes as they arrived.
    pub digest: String,
    /// File name or address.
    pub name: String,
    /// How it came: `upload`, `command-line`, `demo`, or a connector's kind.
    pub source: String,
    /// The image that its sender named.
    pub image_reference: Option<String>,
    /// The cluster that its sender named.
    pub cluster: Option<String>,
    /// The moment it speaks for, where it states none.
    pub as_of: DateTime<Utc>,
    /// When it first arrived.
    pub received_at: DateTime<Utc>,
    /// When it last arrived.
    pub last_received_at: DateTime<Utc>,
    /// How often.
    pub times_received: i64,
    /// Bytes as they arrived.
    pub size: i64,
    /// [`super::WAITING`], [`super::PROCESSED`], [`super::UNRESOLVED`] or [`super::FAILED`].
    pub state: String,
    /// The format it was recognised as.
    pub kind: Option<String>,
    /// The version of our reading of that format.
    pub format_version: Option<i64>,
    /// The tool that made it.
    pub tool: Option<String>,
    /// The tool's version.
    pub tool_version: Option<String>,
    /// What it speaks of, in its own words.
    pub target: Option<String>,
    /// The image it was attached to.
    pub image_id: Option<ImageId>,
    /// That image's name.
    pub image_name: Option<String>,
    /// The moment the document itself states.
    pub stated_at: Option<DateTime<Utc>>,
    /// What it holds, by word: `findings`, `components`.
    pub counts: BTreeMap<String, i64>,
    /// What reading it changed, by word: `added`, `closed`.
    pub changes: BTreeMap<String, i64>,
    /// How many warnings reading it gave.
    pub warning_count: i64,
    /// Why it could not be read.
    pub error: Option<String>,
    /// When it was last read.
    pub processed_at: Option<DateTime<Utc>>,
}

impl Row {
    /// Reads [`COLUMNS`].
    pub(super) fn read(cells: &Cells) -> Result<Self, Error> {
        Ok(Self {
            id: cells.id("id")?,
            digest: cells.text("digest")?,
            name: cells.text("name")?,
            source: cells.text("source")?,
            image_reference: stated(cells.text("image_reference")?),
            cluster: stated(cells.text("cluster")?),
            as_of: cells.time("as_of")?,
            received_at: cells.time("received_at")?,
            last_received_at: cells.time("last_received_at")?,
            times_received: cells.integer("times_received")?,
            size: cells.integer("size")?,
            state: cells.text("state")?,
            kind: cells.optional_text("kind")?,
            format_version: cells.optional_integer("format_version")?,
            tool: cells.optional_text("tool")?,
            tool_version: cells.optional_text("tool_version")?,
            target: cells.optional_text("target")?,
            image_id: cells.optional_id("image_id")?,
            image_name: cells.optional_text("image_name")?,
            stated_at: cells.optional_time("stated_at")?,
            counts: cells.json("counts")?,
            changes: cells.json("changes")?,
            warning_count: cells.integer("warning_count")?,
            error: cells.optional_text("error")?,
            processed_at: cells.optional_time("processed_at")?,
        })
    }

    /// One of the counts; absent words count nothing.
    #[must_use]
    pub fn count(&self, word: &str) -> i64 {
        self.counts.get(word).copied().unwrap_or(0)
    }

    /// One of the changes; absent words changed nothing.
    #[must_use]
    pub fn change(&self, word: &str) -> i64 {
        self.changes.get(word).copied().unwrap_or(0)
    }
}

fn stated(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}
