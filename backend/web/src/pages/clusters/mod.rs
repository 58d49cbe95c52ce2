//! Clusters: the list. Refuses to call what was not told safe.

mod list;
#[cfg(test)]
mod tests;

pub(crate) use list::{Line, export, list};
