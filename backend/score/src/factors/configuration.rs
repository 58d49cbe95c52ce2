//! Configuration: the hazard of a failed check, of what a pod leaves lying about, and of an administration
//! surface that anyone may use. Policy; a check counts once a workload, however many tools or containers
//! fail it. Refuses what eases escape: that counts there.

use domain::severity::Severity;
use domain::workload::{ContainerSecurity, Isolation};

use crate::constants::Constants;
use crate::hazard::Nano;

/// The hazard of one failed check.
#[must_use]
pub fn check_hazard(severity: Severity, constants: &Constants) -> Nano {
    constants.hazard_of(constants.configuration.by_severity().of(severity))
}

/// A setting of a pod that gives whoever is inside more than the container needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PodCheck {
    /// The token of a service account of its own is mounted, and with it that account's rights on the cluster.
    TokenMounted,
    /// Secrets stand in environment variables, where every process and crash report finds them.
    SecretsInEnvironment,
    /// The root file system can be written to, so that tools can be brought along.
    WritableRoot,
}

impl PodCheck {
    /// How much it counts.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self {
            Self::TokenMounted => Severity::Medium,
            Self::SecretsInEnvironment | Self::WritableRoot => Severity::Low,
        }
    }

    /// A few words for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::TokenMounted => "its service account's token is mounted",
            Self::SecretsInEnvironment => "secrets stand in environment variables",
            Self::WritableRoot => "its root file system can be written to",
        }
    }
}

/// The checks a pod fails, each once, worst first. What is not stated counts as the orchestrator's default.
#[must_use]
pub fn pod_checks(isolation: &Isolation, containers: &[ContainerSecurity]) -> Vec<PodCheck> {
    let any = |test: fn(&ContainerSecurity) -> bool| containers.iter().any(test);
    let token = isolation.service_account.is_some() && isolation.token_mounted != Some(false);
    [
        (token, PodCheck::TokenMounted),
        (any(|security| !security.secret_variables.is_empty()), PodCheck::SecretsInEnvironment),
        (any(|security| security.read_only_root != Some(true)), PodCheck::WritableRoot),
    ]
    .into_iter()
    .filter_map(|(fails, check)| fails.then_some(check))
    .collect()
}

/// The hazard of a reachable administration surface without authentication.
#[must_use]
pub fn open_administration_hazard(constants: &Constants) -> Nano {
    constants.hazard_of(constants.configuration.open_administration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pod_fails_each_check_once() {
        let hardened = ContainerSecurity { read_only_root: Some(true), ..ContainerSecurity::default() };
        let careless =
            ContainerSecurity { secret_variables: vec!["TOKEN".to_owned()], ..ContainerSecurity::default() };
        let own = Isolation { service_account: Some("deployer".to_owned()), ..Isolation::default() };
        let unmounted = Isolation { token_mounted: Some(false), ..own.clone() };
        let none = Isolation::default();
        for (isolation, containers, expected) in [
            (&none, vec![hardened.clone()], vec![]),
            (&unmounted, vec![hardened.clone()], vec![]),
            (&own, vec![hardened.clone()], vec![PodCheck::TokenMounted]),
            (
                &none,
                vec![careless.clone(), careless.clone(), hardened],
                vec![PodCheck::SecretsInEnvironment, PodCheck::WritableRoot],
            ),
        ] {
            assert_eq!(pod_checks(isolation, &containers), expected);
        }
    }

    #[test]
    fn by_severity() {
        let constants = Constants::embedded().unwrap();
        for (severity, expected) in [
            (Severity::Critical, 51_293_294),
            (Severity::High, 20_202_707),
            (Severity::Medium, 5_012_542),
            (Severity::Low, 1_000_500),
            (Severity::Unknown, 20_202_707),
        ] {
            assert_eq!(check_hazard(severity, &constants), Nano(expected), "{severity}");
        }
        assert_eq!(open_administration_hazard(&constants), Nano(356_674_944));
    }
}
