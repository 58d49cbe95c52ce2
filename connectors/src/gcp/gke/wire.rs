//! Clusters as Kubernetes Engine's API writes them, only the fields that are used. Refuses to interpret; every field
//! may be absent. The API leaves out what has its usual value: a flag, a number, a word or a list that is absent is
//! off, none or empty. A message that is absent says nothing, and is an `Option` where that matters.

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
    /// The address of the control plane, without a scheme.
    pub(super) endpoint: String,
    pub(super) current_master_version: String,
    pub(super) release_channel: Option<ReleaseChannel>,
    pub(super) private_cluster_config: Option<PrivateCluster>,
    pub(super) master_authorized_networks_config: AuthorizedNetworks,
    pub(super) control_plane_endpoints_config: Endpoints,
    /// `logging.googleapis.com/kubernetes`, or `none`.
    pub(super) logging_service: String,
    pub(super) logging_config: Option<LoggingConfig>,
    pub(super) locations: Vec<String>,
    pub(super) node_pools: Vec<NodePool>,
    pub(super) autopilot: Option<Switch>,
    pub(super) network_config: Option<NetworkConfig>,
    pub(super) network_policy: Option<NetworkPolicy>,
    pub(super) legacy_abac: Option<Switch>,
    pub(super) master_auth: Option<MasterAuth>,
    pub(super) workload_identity_config: Option<WorkloadIdentity>,
    pub(super) database_encryption: Option<DatabaseEncryption>,
    pub(super) binary_authorization: Option<BinaryAuthorization>,
    pub(super) shielded_nodes: Option<Switch>,
    pub(super) security_posture_config: Option<SecurityPosture>,
    pub(super) addons_config: AddonsConfig,
}

/// What is on or off; an absent flag of a message that is there is off.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Switch {
    pub(super) enabled: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct NetworkConfig {
    /// `LEGACY_DATAPATH`, `ADVANCED_DATAPATH`.
    pub(super) datapath_provider: String,
    pub(super) enable_intra_node_visibility: bool,
    pub(super) default_enable_private_nodes: Option<bool>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NetworkPolicy {
    /// `CALICO`.
    pub(super) provider: String,
    pub(super) enabled: bool,
}

/// Of credentials only whether there are any, and who signs the control plane's certificate.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct MasterAuth {
    pub(super) username: String,
    pub(super) client_certificate_config: ClientCertificate,
    /// PEM in base64.
    pub(super) cluster_ca_certificate: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ClientCertificate {
    pub(super) issue_client_certificate: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WorkloadIdentity {
    pub(super) workload_pool: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DatabaseEncryption {
    /// `ENCRYPTED`, `DECRYPTED`.
    pub(super) state: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct BinaryAuthorization {
    pub(super) enabled: bool,
    /// `DISABLED`, `PROJECT_SINGLETON_POLICY_ENFORCE`.
    pub(super) evaluation_mode: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct SecurityPosture {
    /// `DISABLED`, `BASIC`, `ENTERPRISE`.
    pub(super) mode: String,
    /// `VULNERABILITY_DISABLED`, `VULNERABILITY_BASIC`, `VULNERABILITY_ENTERPRISE`.
    pub(super) vulnerability_mode: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct AddonsConfig {
    pub(super) kubernetes_dashboard: Option<Dashboard>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Dashboard {
    pub(super) disabled: bool,
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
    pub(super) enable_private_nodes: bool,
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
    /// A name, without a scheme.
    pub(super) endpoint: String,
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

/// Machines of one kind.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct NodePool {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) locations: Vec<String>,
    pub(super) config: NodeConfig,
    pub(super) autoscaling: Autoscaling,
    pub(super) management: Option<Management>,
    /// `RUNNING`, `ERROR`, `RUNNING_WITH_ERROR`.
    pub(super) status: String,
    pub(super) status_message: String,
    pub(super) conditions: Vec<Condition>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct NodeConfig {
    pub(super) machine_type: String,
    pub(super) image_type: String,
    pub(super) service_account: String,
    pub(super) spot: bool,
    pub(super) preemptible: bool,
    pub(super) sandbox_config: Option<Sandbox>,
    pub(super) workload_metadata_config: Option<Metadata>,
    pub(super) shielded_instance_config: Option<Shielded>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sandbox {
    /// `GVISOR`.
    #[serde(rename = "type")]
    pub(super) kind: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Metadata {
    /// `GKE_METADATA`, `GCE_METADATA`.
    pub(super) mode: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Shielded {
    pub(super) enable_secure_boot: bool,
    pub(super) enable_integrity_monitoring: bool,
}

/// Bounds of each zone, or of all together.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Autoscaling {
    pub(super) enabled: bool,
    pub(super) min_node_count: u32,
    pub(super) max_node_count: u32,
    pub(super) total_min_node_count: u32,
    pub(super) total_max_node_count: u32,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Management {
    pub(super) auto_upgrade: bool,
    pub(super) auto_repair: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Condition {
    pub(super) code: String,
    pub(super) canonical_code: String,
    pub(super) message: String,
}

/// When support of a cluster's version ends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Support {
    pub(super) end_of_standard_support_timestamp: String,
    pub(super) end_of_extended_support_timestamp: String,
}
