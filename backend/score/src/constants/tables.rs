//! The tables of the constants file, each named as its section there. Refuses to hold behaviour beyond
//! looking a number up.

use domain::cvss::AttackVector;
use domain::exposure::Reach;
use domain::severity::Severity;
use domain::workload::Criticality;
use serde::Deserialize;

/// Limits on hazards.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HazardLimits {
    /// No probability counts for more.
    pub probability_cap: f64,
}

/// Likelihood floors by tier of exploitation.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threat {
    /// Known to be exploited.
    pub exploited: f64,
    /// In an attack framework.
    pub weaponised: f64,
    /// An exploit is public.
    pub public: f64,
    /// Likelihood before EPSS knows.
    pub cold: Cold,
}

/// Likelihood of fresh or unscored vulnerabilities by SSVC cell.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cold {
    /// Age in days below which the table applies beside EPSS.
    pub days: f64,
    /// Automatable, total impact.
    pub automatable_total: f64,
    /// Automatable, partial impact.
    pub automatable_partial: f64,
    /// Not automatable, total impact.
    pub manual_total: f64,
    /// Not automatable, partial impact.
    pub manual_partial: f64,
    /// Nothing known.
    pub unknown: f64,
}

/// A share from 0 to 1 for each reach.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareByReach {
    /// [`Reach::Internet`].
    pub internet: f64,
    /// [`Reach::Restricted`].
    pub restricted: f64,
    /// [`Reach::Internal`].
    pub internal: f64,
    /// [`Reach::Isolated`].
    pub isolated: f64,
    /// [`Reach::Unknown`].
    pub unknown: f64,
}

impl ShareByReach {
    /// The share at a reach.
    #[must_use]
    pub fn at(&self, reach: Reach) -> f64 {
        match reach {
            Reach::Internet => self.internet,
            Reach::Restricted => self.restricted,
            Reach::Internal => self.internal,
            Reach::Isolated => self.isolated,
            Reach::Unknown => self.unknown,
        }
    }
}

/// Attack vector by reach.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReachTable {
    /// Vulnerabilities attacked over the network.
    pub network: ShareByReach,
    /// From the same segment.
    pub adjacent: ShareByReach,
    /// With local or physical access.
    pub local: ShareByReach,
    /// Local, in a workload that runs other people's code.
    pub local_foreign_code: f64,
}

impl ReachTable {
    /// The row of an attack vector.
    #[must_use]
    pub fn row(&self, vector: AttackVector) -> &ShareByReach {
        match vector {
            AttackVector::Network => &self.network,
            AttackVector::Adjacent => &self.adjacent,
            AttackVector::Local => &self.local,
        }
    }
}

/// In-use factors.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InUseFactors {
    /// Seen loaded or executed.
    pub loaded: f64,
    /// Nobody watched.
    pub no_sensor: f64,
    /// Watched for long enough and never seen.
    pub not_loaded: f64,
    /// Days a sensor must have watched.
    pub sensor_days: f64,
}

/// A number for each severity.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BySeverity {
    /// [`Severity::Critical`].
    pub critical: f64,
    /// [`Severity::High`].
    pub high: f64,
    /// [`Severity::Medium`].
    pub medium: f64,
    /// [`Severity::Low`].
    pub low: f64,
    /// [`Severity::Unknown`].
    pub unknown: f64,
}

impl BySeverity {
    /// The number of a severity.
    #[must_use]
    pub fn of(&self, severity: Severity) -> f64 {
        match severity {
            Severity::Critical => self.critical,
            Severity::High => self.high,
            Severity::Medium => self.medium,
            Severity::Low => self.low,
            Severity::Unknown => self.unknown,
        }
    }
}

/// The chance that an open alert is a compromise, by its severity.
pub type Alert = BySeverity;

/// Weights of criticality.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CriticalityWeights {
    /// Non-production.
    pub low: f64,
    /// The default.
    pub standard: f64,
    /// Business critical; the reference that scores are relative to.
    pub critical: f64,
}

impl CriticalityWeights {
    /// The weight of a criticality.
    #[must_use]
    pub fn of(&self, criticality: Criticality) -> f64 {
        match criticality {
            Criticality::Low => self.low,
            Criticality::Standard => self.standard,
            Criticality::Critical => self.critical,
        }
    }
}

/// Terms of escape ease.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Escape {
    /// A privileged container.
    pub privileged: f64,
    /// The container runtime's socket or the node's root directory, writable.
    pub host_control: f64,
    /// `CAP_SYS_ADMIN` or `CAP_SYS_MODULE`.
    pub kernel_capability: f64,
    /// The node's processes together with `CAP_SYS_PTRACE`.
    pub process_trace: f64,
    /// The node's network.
    pub host_network: f64,
    /// Root without a seccomp profile.
    pub root_without_seccomp: f64,
    /// Every container.
    pub default: f64,
}

/// What barriers leave of a kernel flaw.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sandbox {
    /// No barrier.
    pub default: f64,
    /// The restricted profile.
    pub restricted: f64,
    /// The restricted profile in its own user namespace.
    pub user_namespace: f64,
    /// A second kernel.
    pub second_kernel: f64,
    /// Lower-case words in the names of runtime classes with a second kernel.
    pub second_kernel_runtimes: Vec<String>,
}

/// Kernels that nobody described.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kernel {
    /// Chance of an unpatched escape flaw.
    pub unknown: f64,
}

/// Failed checks by severity, and the surfaces that count by themselves.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Configuration {
    /// A critical check.
    pub critical: f64,
    /// A high one.
    pub high: f64,
    /// A medium one.
    pub medium: f64,
    /// A low one.
    pub low: f64,
    /// One without severity.
    pub unknown: f64,
    /// A reachable administration surface without authentication.
    pub open_administration: f64,
}

impl Configuration {
    /// The checks by severity.
    #[must_use]
    pub fn by_severity(&self) -> BySeverity {
        BySeverity {
            critical: self.critical,
            high: self.high,
            medium: self.medium,
            low: self.low,
            unknown: self.unknown,
        }
    }
}

/// Credentials and malicious code.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    /// A credential that was tried and works.
    pub verified: f64,
    /// A credential that nobody tried.
    pub unverified: f64,
    /// Malicious code.
    pub malware: f64,
}

/// How an ageing scan gives way to the prior.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Staleness {
    /// Steps by rising age.
    pub steps: Vec<StalenessStep>,
    /// Share after the last step.
    pub beyond: f64,
}

/// One step of ageing.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StalenessStep {
    /// Last day of the step.
    pub days: f64,
    /// Share of the prior.
    pub share: f64,
}

/// What unscanned images count for.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriorRules {
    /// Percentile of the scanned images of a stratum.
    pub percentile: u8,
    /// Fewer scanned images than this say nothing.
    pub minimum_images: usize,
    /// Probabilities for strata that say nothing.
    pub floor: ShareByReach,
}

/// The scales of the scores.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// Highest score of a finding, an image or a workload.
    pub top: f64,
    /// Points on that scale that are ten times the risk.
    pub points_per_decade: f64,
    /// Highest exposure score.
    pub exposure_top: f64,
    /// Points of the exposure score that are ten times the risk.
    pub exposure_points_per_decade: f64,
}

/// Lowest exposure score of each band above low.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bands {
    /// From here moderate.
    pub moderate: u32,
    /// From here high.
    pub high: u32,
    /// From here severe.
    pub severe: u32,
}
