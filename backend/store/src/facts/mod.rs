//! What the score needs to know, read set-based inside the transaction that will write the scores, so that
//! both speak of the same moment. Refuses to judge: rows go out as stored.

mod estate;
mod findings;

pub use estate::{
    ContainerFact, ExposureFact, ImageFact, NodeFact, WorkloadFact, exposures, images, nodes, workloads,
};
pub use findings::{ComponentFact, FindingFact, VulnerabilityFact, findings, image_ids};
