//! Detections as pages and the API show them, and which nodes a sensor watches. Refuses to write: that is in
//! [`crate::save::detections`].

pub(crate) mod coverage;
mod detail;
mod list;

pub use coverage::{COVERAGE_SORTS, Coverage, CoverageFilter, CoverageRow, Watch, coverage, watched};
pub use detail::{DecisionRow, EventRow, HourRow, decisions, detail, events, hours, resolve};
pub use list::{DetectionRow, Facets, Filter, SORTS, Shown, Summary, facets, list, summary};
