//! Workloads: what runs containers and is deployed as one (a Deployment, a StatefulSet, a bare Pod, an
//! ECS service). Refuses to be a pod: replicas of one controller are one workload.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::digest::Digest;
use crate::image::DigestRole;
use crate::port::ContainerPort;
use crate::reference::ImageReference;

/// A workload as one document describes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workload {
    /// Cluster, if the document says so; otherwise the submission's.
    pub cluster: Option<String>,
    /// Account it runs in, where the source knows it; otherwise its nodes'.
    pub account: Option<Account>,
    /// Region it runs in, where the source knows it.
    pub region: Option<String>,
    /// Namespace, or what groups workloads where there are none.
    pub namespace: String,
    /// Controller kind: `Deployment`, `DaemonSet`, `Pod`.
    pub kind: String,
    /// Name of the controller.
    pub name: String,
    /// Labels of its pods, for selectors and ownership.
    pub labels: BTreeMap<String, String>,
    /// Owner or team, from the usual labels and annotations.
    pub owner: Option<String>,
    /// Environment it belongs to, from labels, annotations or tags, as they write it: `prod`, `Staging`.
    pub environment: Option<String>,
    /// How much depends on it, if a label or annotation says so.
    pub criticality: Option<Criticality>,
    /// Replicas wanted, if a controller states them.
    pub replicas: Option<u32>,
    /// Names of the nodes it was seen on.
    pub nodes: Vec<String>,
    /// Containers; in the middle of a rollout a name stands once for each digest that runs.
    pub containers: Vec<Container>,
    /// Isolation and privilege of the whole pod.
    pub isolation: Isolation,
    /// Whether this description shows what runs (pods) or only what was asked for (a controller).
    pub observed_running: bool,
}

impl Workload {
    /// The same without where its containers were seen.
    #[must_use]
    pub fn without_instances(&self) -> Self {
        let mut bare = self.clone();
        bare.containers.iter_mut().for_each(|container| container.instances = Vec::new());
        bare
    }
}

/// How much depends on a workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Criticality {
    /// Non-production.
    Low,
    /// The default; as a stated value it is no gap.
    Standard,
    /// Business critical.
    Critical,
}

impl Criticality {
    /// The word in storage.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Standard => "standard",
            Self::Critical => "critical",
        }
    }

    /// The criticality of a stored word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Low, Self::Standard, Self::Critical].into_iter().find(|known| known.as_str() == word)
    }
}

/// One container of a workload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Container {
    /// Name in the pod.
    pub name: String,
    /// Image as written in the specification.
    pub image: String,
    /// The reference, if the text is one.
    pub reference: Option<ImageReference>,
    /// Digest that runs, as the runtime resolved it, with what it names (a bare `sha256:` image id is a
    /// config digest); absent when the image was never pulled.
    pub digest: Option<(DigestRole, Digest)>,
    /// How many instances run now.
    pub running: u32,
    /// Whether it runs before the others and ends.
    pub init: bool,
    /// What it may do.
    pub security: ContainerSecurity,
    /// Where it was seen, by pod; none where the source does not tell. They change with every restart, and are no part of
    /// what a workload is described as.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instances: Vec<Instance>,
}

/// A container in one pod or task.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Instance {
    /// Name of the pod or task.
    pub pod: String,
    /// The key of the runtime's id ([`container_key`]); absent until the runtime has made it.
    pub id: Option<String>,
}

/// Letters of a container's id by which it is known whoever prints it.
const KEY: usize = 12;

/// The key of a container's id: its first twelve hexadecimal digits, without the runtime's name, `containerd://`, before
/// them. Nothing for what is no such id.
#[must_use]
pub fn container_key(id: &str) -> Option<String> {
    let bare = id.rsplit_once("://").map_or(id, |(_, bare)| bare);
    let is_id = bare.len() >= KEY && bare.bytes().all(|byte| byte.is_ascii_hexdigit());
    bare.get(..KEY).filter(|_| is_id).map(str::to_ascii_lowercase)
}

/// The security context that decides how easily a container is left. `None` means not stated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerSecurity {
    /// Runs privileged.
    pub privileged: bool,
    /// May gain privileges; absent means the orchestrator's default, which allows it.
    pub allow_privilege_escalation: Option<bool>,
    /// Must not run as root.
    pub run_as_non_root: Option<bool>,
    /// User id.
    pub run_as_user: Option<i64>,
    /// Root file system is read-only.
    pub read_only_root: Option<bool>,
    /// Capabilities added.
    pub capabilities_added: Vec<String>,
    /// Capabilities dropped.
    pub capabilities_dropped: Vec<String>,
    /// Seccomp profile type: `RuntimeDefault`, `Unconfined`.
    pub seccomp: Option<String>,
    /// Ports opened on the node.
    pub host_ports: Vec<u16>,
    /// Writable host paths mounted.
    pub host_paths: Vec<String>,
    /// Names of environment variables filled from secrets.
    pub secret_variables: Vec<String>,
    /// What takes its logs away, in the orchestrator's word; `none` where nothing was set up to. Absent where
    /// the orchestrator does not tell: others collect logs from the node.
    pub log_driver: Option<String>,
    /// Ports that it says it listens at; none where nobody said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<ContainerPort>,
    /// What else the specification of a pod says of it; absent where none was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specified: Option<Specified>,
}

/// What only the specification of a pod says of a container. It was read: what is empty here was not set there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Specified {
    /// Whether it, or its pod, has a security context that says anything.
    pub context: bool,
    /// Whether it was put into the running pod for somebody who looks for a fault.
    pub ephemeral: bool,
    /// Runs as a process of a Windows node.
    pub host_process: bool,
    /// Host paths mounted to be read and not written.
    pub read_host_paths: Vec<String>,
    /// AppArmor profile type: `RuntimeDefault`, `Unconfined`.
    pub apparmor: Option<String>,
    /// How `/proc` is mounted: `Default`, `Unmasked`.
    pub proc_mount: Option<String>,
    /// SELinux options that may free it, each with its name: `type=spc_t`.
    pub selinux: Vec<String>,
    /// When its image is pulled: `Always`, `IfNotPresent`.
    pub pull_policy: Option<String>,
    /// Resources of which it asks for some: `cpu`, `memory`.
    pub requests: Vec<String>,
    /// Resources of which it gets no more.
    pub limits: Vec<String>,
    /// How it is seen to be well: `liveness`, `readiness`, `startup`.
    pub probes: Vec<String>,
}

/// Isolation of a pod from its node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Isolation {
    /// Shares the node's network.
    pub host_network: bool,
    /// Sees the node's processes.
    pub host_pid: bool,
    /// Shares the node's inter-process communication.
    pub host_ipc: bool,
    /// Has its own user namespace.
    pub user_namespace: bool,
    /// Runtime class: `gvisor`, `kata`.
    pub runtime_class: Option<String>,
    /// Service account, if it is not the default one.
    pub service_account: Option<String>,
    /// Whether the service account's token is mounted; absent means the default, which mounts it.
    pub token_mounted: Option<bool>,
    /// What else the specification of a pod says of it; absent where none was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod: Option<PodSpecified>,
}

/// What only the specification of a pod says of it as a whole. It was read: what is empty here was not set there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PodSpecified {
    /// Whether its containers see each other's processes.
    pub shares_processes: bool,
    /// Names of kernel parameters that it sets.
    pub sysctls: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::{ContainerSecurity, Isolation, PodSpecified, Specified, container_key};

    #[test]
    fn containers_are_known_by_the_beginning_of_their_ids() {
        let whole = "0123456789AB".repeat(5);
        for (id, expected) in [
            (format!("containerd://{whole}"), Some("0123456789ab")),
            (whole, Some("0123456789ab")),
            ("0123456789ab".to_owned(), Some("0123456789ab")),
            ("0123456789a".to_owned(), None),
            ("0123456789abcdef-265927825".to_owned(), None),
            ("docker://".to_owned(), None),
            ("host".to_owned(), None),
            ("éééééé".to_owned(), None),
        ] {
            assert_eq!(container_key(&id).as_deref(), expected, "{id}");
        }
    }

    #[test]
    fn what_was_kept_before_a_pods_specification_was_read_is_still_read() {
        let (security, isolation) = (ContainerSecurity::default(), Isolation::default());
        let kept = (serde_json::to_string(&security).unwrap(), serde_json::to_string(&isolation).unwrap());
        assert!(!kept.0.contains("specified") && !kept.1.contains("\"pod\""), "{kept:?}");
        assert_eq!(serde_json::from_str::<ContainerSecurity>(&kept.0).unwrap(), security);
        assert_eq!(serde_json::from_str::<Isolation>(&kept.1).unwrap(), isolation);
    }

    #[test]
    fn what_was_read_and_not_set_is_not_unread() {
        let security =
            ContainerSecurity { specified: Some(Specified::default()), ..ContainerSecurity::default() };
        let isolation = Isolation { pod: Some(PodSpecified::default()), ..Isolation::default() };
        let text = serde_json::to_string(&security).unwrap();
        assert_eq!(serde_json::from_str::<ContainerSecurity>(&text).unwrap(), security);
        let text = serde_json::to_string(&isolation).unwrap();
        assert_eq!(serde_json::from_str::<Isolation>(&text).unwrap(), isolation);
    }
}
