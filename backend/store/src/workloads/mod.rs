//! Workloads: the list, and one workload with its containers, nodes and neighbours.
//! Refuses retired workloads unless they are asked for.

mod detail;
mod list;

pub use detail::{
    ContainerRow, Hazards, Neighbour, NodeRow, WorkloadDetail, containers, detail, neighbours, nodes,
};
pub use list::{Facets, Filter, SORTS, WorkloadRow, facets, list};
