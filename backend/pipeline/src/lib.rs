//! Conducts the arrows between the rooms: documents in, observations saved, what they touched judged.
//! Refuses SQL, parsing and arithmetic: each has its room.

mod cause;
mod error;
pub mod ingest;
mod judge;
pub mod sync;
mod work;

pub use error::Error;
pub use ingest::{Changes, Counts, Inspection, Outcome, TargetName, Touched, inspect, inspect_long};
pub use judge::{Cause, Judge};
pub use store::save::detections::Keep;
pub use work::{Pipeline, TOGETHER};

/// What the operator decided, as far as the pipeline obeys it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Largest document after decompression, in bytes.
    pub max_document_bytes: u64,
    /// A scan older than this many days counts as stale.
    pub stale_after_days: u32,
    /// Hours after which a sensor that is not heard watches no more.
    pub silent_after_hours: u32,
    /// Prefixes of approved registries; empty turns the check off.
    pub sanctioned_registries: Vec<String>,
    /// Name of the deadline table.
    pub deadlines: String,
    /// Whose signatures count.
    pub trust: policy::trust::Trust,
    /// What is kept of runtime events, and for how long.
    pub runtime: Keep,
}
