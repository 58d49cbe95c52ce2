//! Documents as pages and the API show them, and uploads on their way in: the raw bytes first, chunk by
//! chunk, in state [`WAITING`]. What a document says is saved elsewhere, by whoever reads it.
//!
//! Refuses to interpret bytes, and to show an upload that has not arrived whole.

pub(crate) mod chunks;
mod detail;
mod list;
pub(crate) mod receive;
mod row;

pub use detail::{Detail, JournalLine, chunk, find, of_ids};
pub use list::{Facets, Filter, facets, list};
pub use receive::{Named, Received, Upload, name_image, request_replay};
pub use row::Row;

/// Stored, and not read yet.
pub const WAITING: &str = "waiting";
/// Read, and what it says is saved.
pub const PROCESSED: &str = "processed";
/// Read, but the image it speaks of is not known.
pub const UNRESOLVED: &str = "unresolved";
/// Not readable; the error says why.
pub const FAILED: &str = "failed";
/// Bytes still come in; no reader sees it.
pub(crate) const RECEIVING: &str = "receiving";

#[cfg(test)]
mod tests;
