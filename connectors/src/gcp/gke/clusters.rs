//! Clusters with how their control planes are reached. Refuses an end of support that Google does not state.

use chrono::{DateTime, Utc};
use domain::cluster::Cluster;

use super::wire::{self, AuthorizedNetworks, Support};
use super::{pools, settings};
use crate::gcp::place::{Place, moment};

/// Every network.
const EVERYWHERE: &str = "0.0.0.0/0";
/// What stands for the public addresses of everyone's machines in Google Cloud, as the console calls it.
const GOOGLE_CLOUD: &str = "Google Cloud public IP addresses";
/// What stands for no other network than that of the cluster.
const OWN: &str = "the cluster's own network";

/// A cluster as Kubernetes Engine describes it.
pub(super) fn cluster(place: &Place, told: &wire::Cluster, support: &Support) -> Cluster {
    let public = is_public(told);
    Cluster {
        name: place.cluster("gke", &told.name, &told.location),
        kind: "gke".to_owned(),
        account: Some(place.account.clone()),
        region: Some(told.location.clone()),
        version: Some(told.current_master_version.clone()).filter(|version| !version.is_empty()),
        support_ends_at: end(told, support),
        public_endpoint: Some(public),
        allowed_networks: if public { allowed(told) } else { Vec::new() },
        logging: logging(told),
        channel: settings::channel(told),
        managed: settings::managed(told),
        private_nodes: settings::private_nodes(told),
        network_policy: settings::network_policy(told),
        workload_identity: told
            .workload_identity_config
            .as_ref()
            .map(|config| !config.workload_pool.is_empty()),
        legacy_access: settings::legacy_access(told),
        secrets_encryption: settings::secrets(told),
        settings: settings::of(told),
        node_groups: pools::groups(told),
        created_at: moment(&told.create_time),
    }
}

/// Whether the control plane answers on the internet: at an address, or by its name.
fn is_public(told: &wire::Cluster) -> bool {
    is_at_address(told) || told.control_plane_endpoints_config.dns_endpoint_config.allow_external_traffic
}

/// Whether it has a public address.
pub(super) fn is_at_address(told: &wire::Cluster) -> bool {
    match &told.control_plane_endpoints_config.ip_endpoints_config {
        Some(config) => config.enabled != Some(false) && config.enable_public_endpoint,
        // Told the old way: public unless it was made private.
        None => !told.private_cluster_config.as_ref().is_some_and(|private| private.enable_private_endpoint),
    }
}

/// The networks that may reach its address.
pub(super) fn networks(told: &wire::Cluster) -> &AuthorizedNetworks {
    let endpoints = told.control_plane_endpoints_config.ip_endpoints_config.as_ref();
    let newer = endpoints.and_then(|config| config.authorized_networks_config.as_ref());
    newer.unwrap_or(&told.master_authorized_networks_config)
}

/// The networks that may reach it. Its name is reached from everywhere by whom its policies let in.
fn allowed(told: &wire::Cluster) -> Vec<String> {
    let endpoints = &told.control_plane_endpoints_config;
    let networks = networks(told);
    if !networks.enabled || endpoints.dns_endpoint_config.allow_external_traffic {
        return vec![EVERYWHERE.to_owned()];
    }
    let mut allowed: Vec<String> =
        networks.cidr_blocks.iter().map(|block| block.cidr_block.clone()).collect();
    if networks.gcp_public_cidrs_access_enabled {
        allowed.push(GOOGLE_CLOUD.to_owned());
    }
    // An empty list would say that nothing is known.
    if allowed.is_empty() {
        allowed.push(OWN.to_owned());
    }
    allowed
}

/// The end of support: only in the extended channel does it go on after the standard one.
fn end(told: &wire::Cluster, support: &Support) -> Option<DateTime<Utc>> {
    let standard = moment(&support.end_of_standard_support_timestamp);
    let channel = told.release_channel.as_ref().map(|channel| channel.channel.as_str());
    if channel == Some("EXTENDED") {
        moment(&support.end_of_extended_support_timestamp).or(standard)
    } else {
        standard
    }
}

/// The kinds of control plane and node logs that are kept, where they are told one by one.
fn logging(told: &wire::Cluster) -> Option<Vec<String>> {
    if told.logging_service == "none" {
        return Some(Vec::new());
    }
    let mut kinds = told.logging_config.as_ref()?.component_config.enable_components.clone();
    kinds.sort();
    kinds.dedup();
    Some(kinds)
}
