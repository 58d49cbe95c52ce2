//! Clusters and their control plane. Refuses an end of support, which no list of versions tells, and kinds of logs,
//! which are settings of another provider.

use domain::cluster::Cluster as Observed;

use super::wire::{Cluster, Properties};
use crate::azure::place::{Place, location};

/// A cluster as the manager describes it.
pub(super) fn cluster(place: &Place, told: &Cluster) -> Observed {
    let properties = &told.properties;
    let public = is_public(properties);
    let access = properties.api_server_access_profile.as_ref();
    let networks = access.map(|access| access.authorized_ip_ranges.as_slice()).unwrap_or_default();
    let running = properties.current_kubernetes_version.clone();
    Observed {
        name: place.named("aks", &told.name, &told.location),
        kind: "aks".to_owned(),
        account: Some(place.account.clone()),
        region: Some(location(&told.location)),
        version: running.or_else(|| properties.kubernetes_version.clone()),
        support_ends_at: None,
        public_endpoint: Some(public),
        allowed_networks: networks.iter().filter(|_| public).cloned().collect(),
        logging: None,
        node_groups: None,
        created_at: None,
    }
}

/// A control plane is public unless it was made private: then even its public name leads inside.
fn is_public(properties: &Properties) -> bool {
    let access = properties.api_server_access_profile.as_ref();
    let private = access.is_some_and(|access| access.enable_private_cluster == Some(true));
    let closed = properties.public_network_access.as_deref() == Some("Disabled");
    !private && !closed
}
