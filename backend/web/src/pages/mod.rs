//! One file a page: its struct, its handler, its decisions. Templates of the same name only show.

mod asked;
pub(crate) mod clouds;
pub(crate) mod clusters;
pub(crate) mod documents;
mod explanation;
pub(crate) mod findings;
mod handbook;
pub(crate) mod help;
pub(crate) mod images;
pub(crate) mod listing;
pub(crate) mod overview;
mod posture;
pub(crate) mod runtime;
pub(crate) mod search;
pub(crate) mod sources;
pub(crate) mod vulnerabilities;
pub(crate) mod words;
pub(crate) mod workloads;

/// What stands where a score has no stored reasons.
pub(crate) const NOT_EXPLAINED: &str = "This score was stored without its reasons.";
