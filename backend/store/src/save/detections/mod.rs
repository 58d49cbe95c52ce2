//! Detections on their way in: what is kept of each, which events were seen before, where they happened, what people decide
//! of them, and what is forgotten. Refuses to fold: which events are one detection is decided by who calls.

mod decide;
mod hours;
mod moves;
mod places;
mod retention;
mod rows;
mod seen;

pub use decide::{Decision, decide, images_of, judged, unjudged};
pub use hours::{Sample, Sensor, count_hours, hear, keep_samples};
pub use moves::{move_to, unattached};
pub use places::{
    HostRow, Place, hosts_named, image_of_digests, placed_on, workload_of_containers, workloads_like,
};
pub use retention::{Forgotten, Keep, forget};
pub(crate) use rows::read_place;
pub use rows::{Detection, SaidPlace, of_ids, put};
pub use seen::{Seen, remember, seen};

#[cfg(test)]
mod tests;

/// What stands in `disposition` of one that nobody has put away.
pub const OPEN: &str = "open";
/// The same where its sensor, or the sensor's users, put it away.
pub const ARCHIVED: &str = "archived";
/// What people may decide.
pub const DECISIONS: [&str; 3] = ["true", "benign", "duplicate"];
