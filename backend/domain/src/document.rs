//! What is said about a document besides its bytes: where it came from and what its sender added.
//! Refuses to interpret the bytes: that is for `formats`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::reference::ImageReference;

/// The kind of a document that is an archive, and the source of those that lay in one.
pub const ARCHIVE: &str = "archive";

/// What accompanies a document on its way in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// File name or address, for people; in an archive, the path after the name of the archive.
    pub name: String,
    /// How it came: `upload`, `command-line`, `demo`, [`ARCHIVE`], or a connector's kind.
    pub source: String,
    /// The image it speaks of, for documents that name none.
    pub image: Option<ImageReference>,
    /// The cluster it speaks of, for documents that name none.
    pub cluster: Option<String>,
    /// The moment it speaks for, where it states none; usually the time of receipt.
    pub as_of: DateTime<Utc>,
}

/// Something worth telling about a document that was read all the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Warning {
    /// Where: a JSON path, a line, an element.
    pub at: String,
    /// What, and what was done about it, in one sentence.
    pub message: String,
}
