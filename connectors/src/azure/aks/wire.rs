//! A cluster as the manager writes it, only the fields that are used. Refuses to interpret; every field may be
//! absent.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::azure::wire::{Resource, nullable};

pub(super) type Cluster = Resource<Properties>;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Properties {
    pub(super) provisioning_state: Option<String>,
    pub(super) power_state: Option<Power>,
    pub(super) kubernetes_version: Option<String>,
    pub(super) current_kubernetes_version: Option<String>,
    pub(super) public_network_access: Option<String>,
    pub(super) api_server_access_profile: Option<Access>,
    pub(super) agent_pool_profiles: Option<Vec<Pool>>,
    pub(super) disable_local_accounts: Option<bool>,
    pub(super) support_plan: Option<String>,
    pub(super) auto_upgrade_profile: Option<AutoUpgrade>,
    pub(super) network_profile: Option<Network>,
    pub(super) aad_profile: Option<Directory>,
    #[serde(deserialize_with = "nullable")]
    pub(super) security_profile: Security,
    #[serde(deserialize_with = "nullable")]
    pub(super) addon_profiles: BTreeMap<String, Switch>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Power {
    /// `Running`, `Stopped`.
    pub(super) code: Option<String>,
}

/// What users of a cluster are given.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Credentials {
    #[serde(deserialize_with = "nullable")]
    pub(super) kubeconfigs: Vec<File>,
}

/// A kubeconfig, which may hold keys.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct File {
    /// In base64.
    #[serde(deserialize_with = "nullable")]
    pub(super) value: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Access {
    #[serde(rename = "authorizedIPRanges", deserialize_with = "nullable")]
    pub(super) authorized_ip_ranges: Vec<String>,
    pub(super) enable_private_cluster: Option<bool>,
    pub(super) disable_run_command: Option<bool>,
}

/// Machines of one kind.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Pool {
    pub(super) name: String,
    pub(super) count: Option<u32>,
    pub(super) min_count: Option<u32>,
    pub(super) max_count: Option<u32>,
    pub(super) enable_auto_scaling: Option<bool>,
    #[serde(deserialize_with = "nullable")]
    pub(super) vm_size: String,
    pub(super) orchestrator_version: Option<String>,
    pub(super) current_orchestrator_version: Option<String>,
    #[serde(rename = "osSKU")]
    pub(super) os_sku: Option<String>,
    pub(super) node_image_version: Option<String>,
    #[serde(deserialize_with = "nullable")]
    pub(super) availability_zones: Vec<String>,
    /// `OCIContainer`, `KataMshvVmIsolation`.
    pub(super) workload_runtime: Option<String>,
    /// `System`, `User`.
    pub(super) mode: Option<String>,
    #[serde(rename = "enableNodePublicIP")]
    pub(super) enable_node_public_ip: Option<bool>,
    pub(super) enable_encryption_at_host: Option<bool>,
    #[serde(rename = "enableFIPS")]
    pub(super) enable_fips: Option<bool>,
    #[serde(deserialize_with = "nullable")]
    pub(super) provisioning_state: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct AutoUpgrade {
    pub(super) upgrade_channel: Option<String>,
    #[serde(rename = "nodeOSUpgradeChannel")]
    pub(super) node_os_upgrade_channel: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Network {
    /// `azure`, `calico`, `cilium`, `none`.
    pub(super) network_policy: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Directory {
    #[serde(rename = "enableAzureRBAC")]
    pub(super) enable_azure_rbac: Option<bool>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Security {
    pub(super) workload_identity: Option<Switch>,
    pub(super) azure_key_vault_kms: Option<Switch>,
    pub(super) image_cleaner: Option<Switch>,
    pub(super) defender: Option<Defender>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Defender {
    pub(super) security_monitoring: Option<Switch>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Switch {
    pub(super) enabled: Option<bool>,
}
