//! Escape: how easily an attacker inside a container gets onto its node (NIST SP 800-190, 4.4 and 4.5). The
//! terms that apply are joined by noisy-or; a flaw of the node's kernel is joined later, behind the sandbox.
//! Policy. What is not stated counts as the orchestrator's default, which is the unsafe one.

use domain::workload::{ContainerSecurity, Isolation};

use crate::constants::Constants;

/// Something that eases escape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Term {
    /// A privileged container.
    Privileged,
    /// The container runtime's socket or the node's root directory, writable.
    HostControl,
    /// `CAP_SYS_ADMIN` or `CAP_SYS_MODULE`.
    KernelCapability,
    /// The node's processes together with `CAP_SYS_PTRACE`.
    ProcessTrace,
    /// The node's network.
    HostNetwork,
    /// Root (or a user not stated) without a seccomp profile.
    RootWithoutSeccomp,
    /// What every container has.
    Default,
}

impl Term {
    /// The chance of escape by this way alone.
    #[must_use]
    pub fn probability(self, constants: &Constants) -> f64 {
        let escape = &constants.escape;
        match self {
            Self::Privileged => escape.privileged,
            Self::HostControl => escape.host_control,
            Self::KernelCapability => escape.kernel_capability,
            Self::ProcessTrace => escape.process_trace,
            Self::HostNetwork => escape.host_network,
            Self::RootWithoutSeccomp => escape.root_without_seccomp,
            Self::Default => escape.default,
        }
    }

    /// A few words for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Privileged => "privileged container",
            Self::HostControl => "controls the node through its socket or file system",
            Self::KernelCapability => "kernel administration capability",
            Self::ProcessTrace => "may trace the node's processes",
            Self::HostNetwork => "shares the node's network",
            Self::RootWithoutSeccomp => "root without a seccomp profile",
            Self::Default => "any container",
        }
    }
}

/// Directories that hold a runtime's socket, and the sockets.
const CONTROL_PATHS: [&str; 10] = [
    "/",
    "/run",
    "/run/containerd",
    "/run/containerd/containerd.sock",
    "/run/crio",
    "/run/crio/crio.sock",
    "/run/docker.sock",
    "/run/podman",
    "/run/podman/podman.sock",
    "/run/cri-dockerd.sock",
];

/// The terms that apply to a workload, each once however many containers have it, worst first.
#[must_use]
pub fn terms(isolation: &Isolation, containers: &[ContainerSecurity]) -> Vec<Term> {
    let any = |test: fn(&ContainerSecurity) -> bool| containers.iter().any(test);
    let traces = isolation.host_pid && any(|security| security.privileged || adds(security, "SYS_PTRACE"));
    [
        (any(|security| security.privileged), Term::Privileged),
        (any(controls_host), Term::HostControl),
        (any(|security| adds(security, "SYS_ADMIN") || adds(security, "SYS_MODULE")), Term::KernelCapability),
        (traces, Term::ProcessTrace),
        (isolation.host_network, Term::HostNetwork),
        (any(root_without_seccomp), Term::RootWithoutSeccomp),
        (true, Term::Default),
    ]
    .into_iter()
    .filter_map(|(applies, term)| applies.then_some(term))
    .collect()
}

/// Escape ease: the noisy-or of the terms' probabilities, 0 where there are none. The order of the terms
/// does not matter to the last bit.
#[must_use]
pub fn ease(probabilities: &[f64]) -> f64 {
    let mut spared: Vec<f64> = probabilities.iter().map(|probability| 1.0 - probability).collect();
    spared.sort_by(f64::total_cmp);
    1.0 - spared.iter().product::<f64>()
}

/// Whether a capability is added, under either spelling or by `ALL`.
fn adds(security: &ContainerSecurity, capability: &str) -> bool {
    security.capabilities_added.iter().any(|added| {
        let added = added.to_uppercase();
        let added = added.strip_prefix("CAP_").unwrap_or(&added);
        added == capability || added == "ALL"
    })
}

/// Whether a writable host path gives control of the node. `/var/run` is `/run` on every current system.
fn controls_host(security: &ContainerSecurity) -> bool {
    security.host_paths.iter().any(|path| {
        let path = path.trim_end_matches('/');
        let path = path.strip_prefix("/var").filter(|rest| rest.starts_with("/run")).unwrap_or(path);
        CONTROL_PATHS.contains(&if path.is_empty() { "/" } else { path })
    })
}

/// Whether a container may run as root while nothing filters its system calls.
fn root_without_seccomp(security: &ContainerSecurity) -> bool {
    let root = security.run_as_non_root != Some(true) && security.run_as_user.is_none_or(|user| user == 0);
    let filtered = security.seccomp.as_deref().is_some_and(|profile| profile != "Unconfined");
    root && !filtered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn safe() -> ContainerSecurity {
        ContainerSecurity {
            run_as_non_root: Some(true),
            seccomp: Some("RuntimeDefault".to_owned()),
            ..ContainerSecurity::default()
        }
    }

    #[test]
    fn terms_that_apply() {
        let path = |path: &str| ContainerSecurity { host_paths: vec![path.to_owned()], ..safe() };
        let capability =
            |name: &str| ContainerSecurity { capabilities_added: vec![name.to_owned()], ..safe() };
        let host_pid = Isolation { host_pid: true, ..Isolation::default() };
        let host_network = Isolation { host_network: true, ..Isolation::default() };
        let none = Isolation::default();
        for (isolation, security, expected) in [
            (&none, safe(), vec![]),
            (&none, ContainerSecurity::default(), vec![Term::RootWithoutSeccomp]),
            (&none, ContainerSecurity { run_as_user: Some(1000), ..ContainerSecurity::default() }, vec![]),
            (&none, ContainerSecurity { privileged: true, ..safe() }, vec![Term::Privileged]),
            (&none, path("/"), vec![Term::HostControl]),
            (&none, path("/var/run/docker.sock"), vec![Term::HostControl]),
            (&none, path("/run/containerd/"), vec![Term::HostControl]),
            (&none, path("/var/log"), vec![]),
            (&none, capability("CAP_SYS_ADMIN"), vec![Term::KernelCapability]),
            (&none, capability("sys_module"), vec![Term::KernelCapability]),
            (&none, capability("SYS_PTRACE"), vec![]),
            (&host_pid, capability("SYS_PTRACE"), vec![Term::ProcessTrace]),
            (&host_pid, capability("ALL"), vec![Term::KernelCapability, Term::ProcessTrace]),
            (&host_network, safe(), vec![Term::HostNetwork]),
        ] {
            let mut expected = expected;
            expected.push(Term::Default);
            assert_eq!(terms(isolation, &[safe(), security.clone()]), expected, "{isolation:?} {security:?}");
        }
    }

    #[test]
    fn ease_is_a_noisy_or() {
        let constants = Constants::embedded().unwrap();
        let all = [Term::Privileged, Term::KernelCapability, Term::Default];
        let probabilities = all.map(|term| term.probability(&constants));
        assert!((ease(&probabilities) - (1.0 - 0.1 * 0.3 * 0.995)).abs() < 1e-12);
        assert!(ease(&[]).abs() < f64::EPSILON);
        assert_eq!(ease(&[0.1, 0.7, 0.05]).to_bits(), ease(&[0.7, 0.05, 0.1]).to_bits());
    }
}
