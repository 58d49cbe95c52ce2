//! Clusters as Kubernetes Engine's API writes them, only the fields that are used. Refuses to interpret; every field
//! may be absent.

use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Clusters {
    pub(super) clusters: Vec<Cluster>,
    pub(super) missing_zones: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Cluster {
    pub(super) name: String,
    pub(super) location: String,
    pub(super) status: String,
    pub(super) create_time: String,
    pub(super) current_master_version: String,
    pub(super) release_channel: ReleaseChannel,
    pub(super) private_cluster_config: Option<PrivateCluster>,
    pub(super) master_authorized_networks_config: AuthorizedNetworks,
    pub(super) control_plane_endpoints_config: Endpoints,
    /// `logging.googleapis.com/kubernetes`, or `none`.
    pub(super) logging_service: String,
    pub(super) logging_config: Option<LoggingConfig>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReleaseChannel {
    /// `RAPID`, `REGULAR`, `STABLE`, `EXTENDED`.
    pub(super) channel: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PrivateCluster {
    pub(super) enable_private_endpoint: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct AuthorizedNetworks {
    pub(super) enabled: bool,
    pub(super) cidr_blocks: Vec<CidrBlock>,
    pub(super) gcp_public_cidrs_access_enabled: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CidrBlock {
    pub(super) cidr_block: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Endpoints {
    pub(super) ip_endpoints_config: Option<IpEndpoints>,
    pub(super) dns_endpoint_config: DnsEndpoint,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct IpEndpoints {
    pub(super) enabled: Option<bool>,
    pub(super) enable_public_endpoint: bool,
    pub(super) authorized_networks_config: Option<AuthorizedNetworks>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct DnsEndpoint {
    pub(super) allow_external_traffic: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct LoggingConfig {
    pub(super) component_config: Components,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Components {
    pub(super) enable_components: Vec<String>,
}

/// When support of a cluster's version ends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Support {
    pub(super) end_of_standard_support_timestamp: String,
    pub(super) end_of_extended_support_timestamp: String,
}
