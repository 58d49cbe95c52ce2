//! What the specification of a workload's pods is held against: every fact once, with the benchmark that speaks of it
//! and its number there. The rules prove what runs against a benchmark; what admission would let in is another matter.
//!
//! Refuses to take for met what nobody told, and an opinion where no benchmark has one.

mod rules;
#[cfg(test)]
mod tests;

use domain::workload::{ContainerSecurity, Isolation, PodSpecified};

/// A workload as far as the specification of its pods goes.
#[derive(Clone, Copy, Debug)]
pub struct Pods<'w> {
    /// Namespace.
    pub namespace: &'w str,
    /// Controller kind: `Deployment`, `Job`.
    pub kind: &'w str,
    /// What the pod shares with its node.
    pub isolation: &'w Isolation,
    /// What else was read of it.
    pub specified: &'w PodSpecified,
    /// Its containers, those among them too that run first and end.
    pub containers: &'w [Container<'w>],
}

/// One container of them.
#[derive(Clone, Copy, Debug)]
pub struct Container<'w> {
    /// Name in the pod.
    pub name: &'w str,
    /// Image as written in the specification.
    pub image: &'w str,
    /// Whether it runs before the others and ends.
    pub init: bool,
    /// Whether its image runs as root unless told otherwise, where its configuration was read.
    pub image_root: Option<bool>,
    /// What it may do.
    pub security: &'w ContainerSecurity,
}

/// One thing that a specification says.
#[derive(Clone, Copy)]
pub struct Control {
    /// What people call it.
    pub title: &'static str,
    /// The benchmarks that speak of it, with its number there: `CIS Kubernetes 5.2.2`. Empty where none does.
    pub by: &'static str,
    rule: fn(&Pods<'_>) -> Option<Found>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Whether it is as the benchmarks want it; of no meaning where none speaks of it.
    pub safe: bool,
    /// How it is, in words for people.
    pub value: String,
}

impl Control {
    /// How it is with these pods; nothing where it was not told.
    #[must_use]
    pub fn of(&self, pods: &Pods<'_>) -> Option<Found> {
        (self.rule)(pods)
    }
}

impl std::fmt::Debug for Control {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Control").field("title", &self.title).field("by", &self.by).finish()
    }
}

const fn control(title: &'static str, by: &'static str, rule: fn(&Pods<'_>) -> Option<Found>) -> Control {
    Control { title, by, rule }
}

/// Every control, in the order shown: those of CIS Kubernetes by number, then what Pod Security adds, then the others.
pub const CONTROLS: &[Control] = &[
    control("Service account", "CIS Kubernetes 5.1.5", rules::service_account),
    control("Token of the service account", "CIS Kubernetes 5.1.6", rules::token),
    control("Privileged containers", "CIS Kubernetes 5.2.2", rules::privileged),
    control("Processes of the node", "CIS Kubernetes 5.2.3", rules::host_processes),
    control("Inter-process communication of the node", "CIS Kubernetes 5.2.4", rules::host_ipc),
    control("Network of the node", "CIS Kubernetes 5.2.5", rules::host_network),
    control("Gaining privileges", "CIS Kubernetes 5.2.6", rules::escalation),
    control("Running as root", "CIS Kubernetes 5.2.7", rules::root),
    control("Raw network packets", "CIS Kubernetes 5.2.8", rules::raw_packets),
    control("Capabilities", "CIS Kubernetes 5.2.9", rules::capabilities),
    control("Processes of a Windows node", "CIS Kubernetes 5.2.10", rules::host_process),
    control("Paths of the node", "CIS Kubernetes 5.2.11", rules::host_paths),
    control("Ports of the node", "CIS Kubernetes 5.2.12", rules::host_ports),
    control("Secrets in variables", "CIS Kubernetes 5.4.1", rules::secrets),
    control("Seccomp profile", "CIS Kubernetes 5.6.2", rules::seccomp),
    control("Security context", "CIS Kubernetes 5.6.3", rules::context),
    control("Default namespace", "CIS Kubernetes 5.6.4", rules::namespace),
    control("AppArmor profile", "Pod Security baseline", rules::apparmor),
    control("SELinux options", "Pod Security baseline", rules::selinux),
    control("How /proc is mounted", "Pod Security baseline", rules::proc_mount),
    control("Kernel parameters", "Pod Security baseline", rules::sysctls),
    control("System directories of the node", "CIS Docker 5.6", rules::system_paths),
    control("Socket of the container runtime", "CIS Docker 5.32", rules::runtime_socket),
    control("Root file system", "CIS Docker 5.13", rules::writable_root),
    control("Memory limit", "CIS Docker 5.11", rules::memory_limit),
    control("Share of the processors", "CIS Docker 5.12", rules::cpu),
    control("Memory asked for", "", rules::memory_request),
    control("Readiness probe", "Kubescape C-0018", rules::readiness),
    control("Liveness probe", "Kubescape C-0056", rules::liveness),
    control("Pull of the tag latest", "Kubescape C-0075", rules::latest),
    control("Processes of other containers", "", rules::shared_processes),
];
