//! The cluster itself where no cloud's source describes it, and its nodes: kernel, runtime, account and region of each.
//! Refuses to go on without them: what runs where is not known then.

use domain::cluster::Cluster;
use domain::observation::Observation;
use domain::source::{Completeness, Permission};

use super::client::Ask;
use super::resource::Resource;
use super::service::{Probe, Service, lists};
use super::{KIND, clusters};
use crate::missing::Missing;
use crate::{Failure, Sink};

const NODES: Resource = Resource::of("nodes: list", &["api/v1"], "nodes").above();

/// Nodes.
pub(super) const SERVICE: Service = Service {
    name: "nodes",
    places: (),
    permissions: &[Permission {
        action: NODES.action,
        why: "to see kernel, container runtime, kubelet and addresses of the machines below",
    }],
    collect: |ask, sink| Box::pin(collect(ask, sink)),
    probes: &[lists!(NODES)],
};

async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let nodes = ask.gather(&[NODES], sink).await?;
    let mut missing = Missing::default();
    let name = &ask.caller.scope.account;
    // The source of its cloud knows more of it.
    if !clusters::is_of_cloud(name) {
        let version = missing.without(ask.version().await)?.flatten();
        let cluster = Cluster { name: name.clone(), kind: KIND.to_owned(), version, ..Cluster::default() };
        sink.observe(Observation::Cluster(cluster)).await?;
    }
    Ok(nodes.and(missing.completeness()))
}
