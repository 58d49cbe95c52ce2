//! Clusters as their provider describes them: what the nodes inside cannot tell. Refuses to guess: what
//! the provider did not say is `None`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::setting::Setting;

/// A managed cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cluster {
    /// Name by which its workloads and nodes call it.
    pub name: String,
    /// The provider's product: `eks`, `ecs`, `aks`, `gke`.
    pub kind: String,
    /// Account it belongs to.
    pub account: Option<Account>,
    /// Region it is in.
    pub region: Option<String>,
    /// Version of its control plane.
    pub version: Option<String>,
    /// When the provider ends its support for that version.
    pub support_ends_at: Option<DateTime<Utc>>,
    /// Whether its control plane answers on the internet.
    pub public_endpoint: Option<bool>,
    /// Networks allowed to reach a public control plane; empty when not said.
    pub allowed_networks: Vec<String>,
    /// Kinds of control plane logs that are kept; absent when not said, empty when none.
    pub logging: Option<Vec<String>>,
    /// The channel by which its version is raised, in the provider's word: `REGULAR`, `patch`; `none` where it follows
    /// none.
    pub channel: Option<String>,
    /// Who keeps its machines, in the provider's word: `Autopilot`, `Automatic`, `Standard`.
    pub managed: Option<String>,
    /// Whether its machines have no public address.
    pub private_nodes: Option<bool>,
    /// What enforces network policies: `calico`, `cilium`; `none` where nothing does.
    pub network_policy: Option<String>,
    /// Whether workloads have identities of their own in the provider's directory.
    pub workload_identity: Option<bool>,
    /// Ways in that pass by the provider's directory, a phrase each: `local accounts`; absent when not said, empty when
    /// there is none.
    pub legacy_access: Option<Vec<String>>,
    /// With whose key secrets are encrypted besides the disk they are on; `none` where they are not.
    pub secrets_encryption: Option<String>,
    /// What this product alone can be set to.
    #[serde(default)]
    pub settings: Vec<Setting>,
    /// The groups of machines it runs on; absent when not said, empty when it has none.
    pub node_groups: Option<Vec<NodeGroup>>,
    /// When it was made.
    pub created_at: Option<DateTime<Utc>>,
}

/// Machines of one kind that a provider keeps for a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeGroup {
    /// Its name in the cluster.
    pub name: String,
    /// The kind of machine image: `AL2023_x86_64_STANDARD`.
    pub image: Option<String>,
    /// The release of that image: `1.34.1-20261101`.
    pub release: Option<String>,
    /// Version of Kubernetes on its nodes, which may be behind the control plane's.
    pub version: Option<String>,
    /// Types of its machines.
    pub machines: Vec<String>,
    /// The fewest machines it may have.
    pub least: Option<u32>,
    /// The machines it should have now.
    pub wanted: Option<u32>,
    /// The most machines it may have.
    pub most: Option<u32>,
    /// The zones they are in; empty when not said.
    #[serde(default)]
    pub zones: Vec<String>,
    /// What keeps containers from the kernel of their machine, in the provider's word: `gVisor`, `Kata`; `none` where
    /// nothing does.
    pub sandbox: Option<String>,
    /// What this product alone can be set to.
    #[serde(default)]
    pub settings: Vec<Setting>,
    /// What the provider says is wrong with it.
    pub issues: Vec<String>,
}
