//! Nodes: kernel, runtime, account and region of each. Refuses to go on without them: what runs where is not known then.

use domain::source::{Completeness, Permission};

use super::client::Ask;
use super::resource::Resource;
use super::service::{Probe, Service, lists};
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
    ask.gather(&[NODES], sink).await
}
