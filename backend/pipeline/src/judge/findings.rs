//! From a stored finding to the finding the score knows, with the sentence that says why its threat is
//! what it is. Refuses to count what every tool has set aside, and header packages' kernel flaws: those
//! belong to the node.

use chrono::{DateTime, Utc};
use domain::cvss::{AttackVector, CvssReading};
use domain::severity::Severity;
use score::Constants;
use score::factors::in_use::InUse;
use score::factors::threat::{self, Tier};
use score::finding::Finding;
use serde::{Deserialize, Serialize};
use store::facts::{ComponentFact, FindingFact, UseFact, VulnerabilityFact};

/// Packages that carry the kernel's headers, not a kernel.
const KERNEL_SOURCES: [&str; 4] = ["linux", "kernel", "kernel-headers", "linux-headers"];

/// Where the likelihood of a threat comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Evidence {
    /// An open detection of a tool, by its rule, names it where the image runs.
    Alerted(String, String),
    /// Listed in KEV on a day.
    Exploited(Option<DateTime<Utc>>),
    /// EPSS says so.
    Epss(f64),
    /// A tool repeats EPSS where FIRST's own feed says nothing.
    Told(f64, String),
    /// A tool knows of an exploit, last on a day.
    Public(String, Option<DateTime<Utc>>),
    /// Too young or unknown to EPSS.
    Cold,
}

/// The finding as scored, and the evidence for its threat.
pub(super) fn scored(
    fact: &FindingFact,
    now: DateTime<Utc>,
    constants: &Constants,
) -> Option<(Finding, Evidence)> {
    let vulnerability = fact.vulnerability.as_ref()?;
    if fact.suppressed || fact.component.as_ref().is_some_and(is_kernel) {
        return None;
    }
    let age = vulnerability.published_at.map(|at| (now - at).num_seconds() as f64 / 86_400.0);
    let cold = threat::cold(
        vulnerability.epss.is_some(),
        age,
        vulnerability.automatable,
        vulnerability.total_impact,
        constants,
    );
    let tier = tier(vulnerability);
    let finding = Finding {
        epss: vulnerability.epss,
        cold,
        tier,
        attack_vector: vulnerability.attack_vector.unwrap_or(AttackVector::Network),
        in_use: match fact.in_use {
            Some(UseFact::Executed(_) | UseFact::Told { .. }) => InUse::Loaded,
            Some(UseFact::Never { .. }) => InUse::NotLoaded,
            None => InUse::NoSensor,
        },
        impact: impact(vulnerability, fact.severity, constants),
        alerted: fact.alerted.is_some(),
        not_affected: fact.vex_status.as_deref() == Some("not_affected"),
    };
    let evidence = match &fact.alerted {
        Some(alert) => Evidence::Alerted(alert.tool.clone(), alert.rule.clone()),
        None => evidence(vulnerability, tier, cold, constants),
    };
    Some((finding, evidence))
}

/// The catalogue of what is exploited speaks first, then a tool that knows of an exploit.
fn tier(vulnerability: &VulnerabilityFact) -> Tier {
    match (vulnerability.kev_added_at, &vulnerability.exploit_source) {
        (Some(_), _) => Tier::Exploited,
        (None, Some(_)) => Tier::Public,
        (None, None) => Tier::None,
    }
}

/// What the likelihood comes from: the largest of what is known.
fn evidence(
    vulnerability: &VulnerabilityFact,
    tier: Tier,
    cold: Option<f64>,
    constants: &Constants,
) -> Evidence {
    if tier == Tier::Exploited {
        return Evidence::Exploited(vulnerability.kev_added_at);
    }
    let (floor, cold) = (tier.floor(constants), cold.unwrap_or(0.0));
    match (vulnerability.epss, &vulnerability.epss_source, &vulnerability.exploit_source) {
        (Some(epss), source, _) if epss >= cold.max(floor) => match source {
            Some(tool) => Evidence::Told(epss, tool.clone()),
            None => Evidence::Epss(epss),
        },
        (_, _, Some(tool)) if floor >= cold => Evidence::Public(tool.clone(), vulnerability.exploit_seen_at),
        _ => Evidence::Cold,
    }
}

/// The impact its vector states, else what its severity stands for.
fn impact(vulnerability: &VulnerabilityFact, severity: Severity, constants: &Constants) -> f64 {
    let reading = vulnerability.impact.map(|impact| CvssReading {
        base: 0.0,
        attack_vector: AttackVector::Network,
        impact,
        automatable: false,
        total_impact: false,
    });
    score::factors::impact::factor(reading.as_ref(), severity, constants)
}

/// Whether a component is the kernel's headers.
pub(super) fn is_kernel(component: &ComponentFact) -> bool {
    let source = if component.source_name.is_empty() { &component.name } else { &component.source_name };
    KERNEL_SOURCES.contains(&source.as_str()) || source.starts_with("linux-") && source.ends_with("-headers")
}

/// The fix unit: source package and installed version.
pub(super) fn unit(component: &ComponentFact) -> (String, String) {
    let name = if component.source_name.is_empty() { &component.name } else { &component.source_name };
    let version =
        if component.source_version.is_empty() { &component.version } else { &component.source_version };
    (name.clone(), version.clone())
}
