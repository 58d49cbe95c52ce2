//! Kubernetes clusters as Azure describes them: version, who reaches the control plane, how they are set up, and their
//! node pools, all in the one list. Refuses what runs inside: that is told by the cluster itself, to whoever asks there.

mod clusters;
mod doors;
mod pools;
#[cfg(test)]
mod tests;
mod wire;

use domain::observation::Observation;
use domain::source::{Completeness, Permission};

use super::ask::Ask;
use super::service::{Places, Service, lists};
use crate::{Failure, Sink};
pub(crate) use doors::cloud;
#[cfg(feature = "test-support")]
pub(crate) use doors::cloud_with_key;
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
    for cluster in listed(ask).await? {
        sink.observe(Observation::Cluster(clusters::cluster(&ask.place, &cluster))).await?;
    }
    Ok(Completeness::Complete)
}

/// The clusters of the scope's location, which may be all of them.
///
/// # Errors
/// When they cannot be listed.
async fn listed(ask: &Ask<'_>) -> Result<Vec<Cluster>, Failure> {
    let path = ask.below("Microsoft.ContainerService/managedClusters");
    let mut listed: Vec<Cluster> = ask.list(ACTION, &path, VERSION).await?;
    listed.retain(|cluster| ask.is_here(&cluster.location));
    Ok(listed)
}
