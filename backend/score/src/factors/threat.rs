//! Threat: how likely a vulnerability is exploited somewhere within 30 days. The largest of EPSS (of one
//! pinned model version), the floor of its exploitation tier, and the cold-start table while EPSS cannot
//! know yet. SSVC's "proof of concept" has no floor: ranked by it, results were worse than by chance.
//!
//! Refuses to let age raise the likelihood; lateness belongs to deadlines.

use serde::{Deserialize, Serialize};

use crate::constants::Constants;

/// What is known about exploits, worst first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Used by attackers: KEV, the vendor says so, SSVC active.
    Exploited,
    /// In an attack framework: Metasploit, Nuclei.
    Weaponised,
    /// A public exploit in a curated catalogue.
    Public,
    /// Nothing known.
    #[default]
    None,
}

impl Tier {
    /// The word in storage and in facts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exploited => "exploited",
            Self::Weaponised => "weaponised",
            Self::Public => "public",
            Self::None => "none",
        }
    }

    /// The least likelihood of the tier.
    #[must_use]
    pub fn floor(self, constants: &Constants) -> f64 {
        match self {
            Self::Exploited => constants.threat.exploited,
            Self::Weaponised => constants.threat.weaponised,
            Self::Public => constants.threat.public,
            Self::None => 0.0,
        }
    }
}

/// The likelihood: the largest of what is given. Nothing given is 0, so a caller without EPSS passes
/// [`cold`].
#[must_use]
pub fn likelihood(epss: Option<f64>, cold: Option<f64>, tier: Tier, constants: &Constants) -> f64 {
    tier.floor(constants).max(epss.unwrap_or(0.0)).max(cold.unwrap_or(0.0))
}

/// The cold-start likelihood by SSVC's two questions, or nothing where it does not apply: with EPSS, only
/// while the vulnerability is younger than the limit (an unknown age is not young).
///
/// Where automatable is unknown it counts as yes (FedRAMP); where the impact is unknown, or both are, the
/// cell `unknown` applies.
#[must_use]
pub fn cold(
    has_epss: bool,
    age_days: Option<f64>,
    automatable: Option<bool>,
    total_impact: Option<bool>,
    constants: &Constants,
) -> Option<f64> {
    let table = &constants.threat.cold;
    let young = age_days.is_some_and(|days| days < table.days);
    (!has_epss || young).then_some(match (automatable, total_impact) {
        (_, None) => table.unknown,
        (None | Some(true), Some(true)) => table.automatable_total,
        (None | Some(true), Some(false)) => table.automatable_partial,
        (Some(false), Some(true)) => table.manual_total,
        (Some(false), Some(false)) => table.manual_partial,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_counts() {
        let constants = Constants::embedded().unwrap();
        for (epss, cold, tier, expected) in [
            (None, None, Tier::None, 0.0),
            (Some(0.0073), None, Tier::None, 0.0073),
            (Some(0.0073), None, Tier::Public, 0.02),
            (Some(0.0073), Some(0.07), Tier::Public, 0.07),
            (Some(0.3), Some(0.07), Tier::Weaponised, 0.3),
            (None, Some(0.02), Tier::Weaponised, 0.10),
            (Some(0.97), None, Tier::Exploited, 0.97),
            (Some(0.2), None, Tier::Exploited, 0.95),
        ] {
            let found = likelihood(epss, cold, tier, &constants);
            assert!((found - expected).abs() < f64::EPSILON, "{epss:?} {cold:?} {tier:?}: {found}");
        }
    }

    #[test]
    fn the_cold_table_applies_while_epss_cannot_know() {
        let constants = Constants::embedded().unwrap();
        for (has_epss, age, automatable, total, expected) in [
            (false, Some(400.0), Some(true), Some(true), Some(0.07)),
            (false, None, None, Some(true), Some(0.07)),
            (false, None, None, None, Some(0.02)),
            (true, Some(44.0), Some(false), Some(true), Some(0.02)),
            (true, Some(44.0), Some(true), Some(false), Some(0.02)),
            (true, Some(0.0), Some(false), Some(false), Some(0.005)),
            (true, Some(45.0), Some(true), Some(true), None),
            (true, None, Some(true), Some(true), None),
        ] {
            assert_eq!(cold(has_epss, age, automatable, total, &constants), expected, "{has_epss} {age:?}");
        }
    }
}
