//! Nodes: the kernel that containers share. Refuses to guess a kernel that was not stated.

use serde::{Deserialize, Serialize};

use crate::account::Account;

/// A machine that runs containers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Cluster, if the document says so; otherwise the submission's.
    pub cluster: Option<String>,
    /// Name in the cluster.
    pub name: String,
    /// Account it is billed to, read from its provider id.
    pub account: Option<Account>,
    /// Region, from its topology label.
    pub region: Option<String>,
    /// Distribution for people: `Bottlerocket OS 1.20.0`.
    pub os_image: Option<String>,
    /// Kernel release: `6.1.0-28-cloud-amd64`.
    pub kernel: Option<String>,
    /// Runtime with version: `containerd://1.7.2`.
    pub runtime: Option<String>,
    /// Kubelet version.
    pub kubelet: Option<String>,
    /// Whether it has an address on the internet.
    pub public_address: bool,
    /// Images it holds, as the kubelet lists them: references that share one digest.
    pub images: Vec<Vec<String>>,
}
