//! What the score needs to know, read set-based inside the transaction that will write the scores, so that
//! both speak of the same moment. Refuses to judge: rows go out as stored.

mod alerts;
mod estate;
mod executed;
mod findings;
mod routes;
mod scanned;
mod used;

pub use alerts::{AlertFact, NamingFact, alerts, naming};
pub use estate::{
    ClusterFact, ContainerFact, ImageFact, NodeFact, PORTION, RunnerFact, WorkloadFact, clusters,
    clusters_with, images, images_in, nodes, runners, workload_ids, workloads,
};
pub use executed::{ExecutedFact, PlacedFact, executed, placed};
pub use findings::{ComponentFact, FindingFact, VulnerabilityFact, finding_counts, findings, image_ids};
pub use routes::{ExposureFact, PolicyFact, exposures, network_policies};
pub use scanned::{ScannedFact, scanned, scanned_count};
pub use used::{UseFact, UseWordFact, unused_in, use_words, watched};
