//! Clusters: the list, and one with how it is set up. Refuses to call what was not told safe.

mod detail;
mod line;
mod list;
#[cfg(test)]
mod tests;

pub(crate) use detail::show;
pub(crate) use line::Line;
pub(crate) use list::{export, list};
