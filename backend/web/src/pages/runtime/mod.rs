//! What sensors saw at run time: the list of detections, each with its evidence and what was decided of it, and which nodes
//! are watched. Refuses to call silence safe: where nobody watches is a list of its own.

mod decision;
mod detail;
mod line;
mod list;
mod nodes;
#[cfg(test)]
mod tests;

pub(crate) use decision::{Decided, decide};
pub(crate) use detail::{find, show};
pub(crate) use line::Line;
pub(crate) use list::{SPEC, export, filter_of, list};
pub(crate) use nodes::{SPEC as COVERAGE, asked_of, export as export_nodes, list as nodes};
