//! Workloads: the list, and one workload with what runs in it and beside it. Refuses a page a pod.

mod detail;
mod list;
mod pods;
mod tabs;
#[cfg(test)]
mod tests;

pub(crate) use detail::{export_findings, show};
pub(crate) use list::{Line, SPEC, export, filter_of, list};
