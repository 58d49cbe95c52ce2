//! Sandbox: what is left of a kernel flaw behind a barrier, 1 where there is none. Policy. A barrier counts
//! when every container of the workload is behind it; a user namespace counts on top of the restricted
//! profile, not instead of it.

use domain::workload::{ContainerSecurity, Isolation};

use crate::constants::Constants;

/// The strongest barrier around a workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Barrier {
    /// None.
    None,
    /// Non-root, every capability dropped, seccomp, no privilege escalation.
    Restricted,
    /// The same, in its own user namespace.
    UserNamespace,
    /// A second kernel: gVisor, Kata, a micro virtual machine.
    SecondKernel,
}

impl Barrier {
    /// The barrier of a workload.
    #[must_use]
    pub fn of(isolation: &Isolation, containers: &[ContainerSecurity], constants: &Constants) -> Self {
        let runtime = isolation.runtime_class.as_deref().unwrap_or_default().to_lowercase();
        if constants.sandbox.second_kernel_runtimes.iter().any(|word| runtime.contains(word)) {
            return Self::SecondKernel;
        }
        match !containers.is_empty() && containers.iter().all(restricted) {
            true if isolation.user_namespace => Self::UserNamespace,
            true => Self::Restricted,
            false => Self::None,
        }
    }

    /// The factor.
    #[must_use]
    pub fn factor(self, constants: &Constants) -> f64 {
        let sandbox = &constants.sandbox;
        match self {
            Self::None => sandbox.default,
            Self::Restricted => sandbox.restricted,
            Self::UserNamespace => sandbox.user_namespace,
            Self::SecondKernel => sandbox.second_kernel,
        }
    }
}

/// Whether a container keeps the restricted profile; what is not stated is not kept.
fn restricted(security: &ContainerSecurity) -> bool {
    !security.privileged
        && security.allow_privilege_escalation == Some(false)
        && security.run_as_non_root == Some(true)
        && security.capabilities_dropped.iter().any(|dropped| dropped.eq_ignore_ascii_case("ALL"))
        && security.seccomp.as_deref().is_some_and(|profile| profile != "Unconfined")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn barriers() {
        let constants = Constants::embedded().unwrap();
        let strict = ContainerSecurity {
            allow_privilege_escalation: Some(false),
            run_as_non_root: Some(true),
            capabilities_dropped: vec!["ALL".to_owned()],
            seccomp: Some("RuntimeDefault".to_owned()),
            ..ContainerSecurity::default()
        };
        let lax = ContainerSecurity::default();
        let none = Isolation::default();
        let own = Isolation { user_namespace: true, ..Isolation::default() };
        let kata = Isolation { runtime_class: Some("Kata-QEMU".to_owned()), ..Isolation::default() };
        for (isolation, containers, expected, factor) in [
            (&none, vec![], Barrier::None, 1.0),
            (&none, vec![strict.clone()], Barrier::Restricted, 0.5),
            (&none, vec![strict.clone(), lax.clone()], Barrier::None, 1.0),
            (&own, vec![strict.clone()], Barrier::UserNamespace, 0.3),
            (&own, vec![lax.clone()], Barrier::None, 1.0),
            (&kata, vec![lax], Barrier::SecondKernel, 0.05),
        ] {
            let found = Barrier::of(isolation, &containers, &constants);
            assert_eq!(found, expected, "{isolation:?} {containers:?}");
            assert!((found.factor(&constants) - factor).abs() < f64::EPSILON);
        }
    }
}
