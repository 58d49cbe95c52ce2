//! Kubernetes clusters as Azure describes them: version, who reaches the control plane, how they are set up, and their
//! node pools, all in the one list. Refuses what runs inside: that is told by the cluster itself, to whoever asks there.

mod clusters;
mod pools;
#[cfg(test)]
mod tests;
mod wire;

use domain::observation::Observation;
use domain::source::{Completeness, Permission};

use super::ask::Ask;
use super::service::{Places, Service, lists};
use crate::{Failure, Sink};
use wire::Cluster;

const VERSION: &str = "2025-05-01";
const ACTION: &str = "Microsoft.ContainerService/managedClusters/read";

/// Kubernetes clusters.
pub(in crate::azure) const SERVICE: Service = Service {
    name: "aks",
    places: Places::Located,
    permissions: &[Permission {
        action: ACTION,
        why: "to find clusters with their version and node pools, how they are set up, and who reaches their control plane",
    }],
    collect: |ask, sink| Box::pin(collect(ask, sink)),
    probes: &[lists!(
        "Microsoft.ContainerService/managedClusters/read",
        "Microsoft.ContainerService/managedClusters",
        VERSION
    )],
};

async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let path = ask.below("Microsoft.ContainerService/managedClusters");
    let listed: Vec<Cluster> = ask.list(ACTION, &path, VERSION).await?;
    for cluster in listed.iter().filter(|cluster| ask.is_here(&cluster.location)) {
        sink.observe(Observation::Cluster(clusters::cluster(&ask.place, cluster))).await?;
    }
    Ok(Completeness::Complete)
}
