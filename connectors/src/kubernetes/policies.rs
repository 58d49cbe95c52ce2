//! Whom network policies let in to pods. Refuses to say whether the cluster's network enforces them: its API does not
//! tell.

use domain::source::{Completeness, Permission};

use super::client::Ask;
use super::resource::Resource;
use super::service::{Probe, Service, lists};
use crate::{Failure, Sink};

pub(super) const NETWORK_POLICIES: Resource = Resource::of(
    "networkpolicies.networking.k8s.io: list",
    &["apis/networking.k8s.io/v1"],
    "networkpolicies",
);

/// Network policies.
pub(super) const SERVICE: Service = Service {
    name: "policies",
    places: (),
    permissions: &[Permission {
        action: NETWORK_POLICIES.action,
        why: "to see which pods are shut off, and whom they let in",
    }],
    collect: |ask, sink| Box::pin(collect(ask, sink)),
    probes: &[lists!(NETWORK_POLICIES)],
};

async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    Ok(match ask.gather(&[NETWORK_POLICIES], sink).await? {
        Completeness::Complete => Completeness::Complete,
        Completeness::Partial(reason) => Completeness::Partial(format!(
            "{reason}; who reaches what is told without the policies that were not seen"
        )),
    })
}
