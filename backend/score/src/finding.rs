//! A known vulnerability on an image: q = threat · reach · in-use · impact, and its hazard at each reach.
//! Kernel vulnerabilities matched by header packages are no findings here: the caller leaves them to the
//! node.
//!
//! Refuses to score what a trusted VEX statement says is not affected.

use domain::cvss::AttackVector;
use domain::exposure::Reach;

use crate::constants::{Constants, Scale};
use crate::factors::in_use::InUse;
use crate::factors::reach;
use crate::factors::threat::{self, Tier};
use crate::hazard::ByReach;

/// The facts that a finding's hazard depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finding {
    /// EPSS probability of the pinned model version.
    pub epss: Option<f64>,
    /// Cold-start likelihood, where the table applies ([`threat::cold`]).
    pub cold: Option<f64>,
    /// What is known about exploits.
    pub tier: Tier,
    /// From where an attacker must act.
    pub attack_vector: AttackVector,
    /// Whether the code was seen in use.
    pub in_use: InUse,
    /// Technical impact, 0 to 1 ([`crate::factors::impact::factor`]).
    pub impact: f64,
    /// A runtime alert names the vulnerable package: the threat is certain.
    pub alerted: bool,
    /// A trusted VEX statement that holds for this image says `not_affected`.
    pub not_affected: bool,
}

/// The four factors of a finding at one reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Factors {
    /// Likelihood of exploitation somewhere within 30 days.
    pub threat: f64,
    /// Share of attackers who can get at it.
    pub reach: f64,
    /// Whether the code is used.
    pub in_use: f64,
    /// How much an exploit takes.
    pub impact: f64,
}

impl Factors {
    /// Their product, the q of the finding before the cap.
    #[must_use]
    pub fn product(&self) -> f64 {
        self.threat * self.reach * self.in_use * self.impact
    }

    /// The finding score on a workload of a criticality: 100 + 25·log10(q·c/3), from 0 to 100.
    #[must_use]
    pub fn score(&self, criticality: f64, constants: &Constants) -> f64 {
        constants.scale.score(self.product() * criticality / constants.criticality.critical)
    }
}

impl Scale {
    /// The score of a share of everything at stake: 0 to 100, where 25 points are ten times the risk.
    #[must_use]
    pub fn score(&self, share: f64) -> f64 {
        (self.top + self.points_per_decade * share.log10()).clamp(0.0, self.top)
    }
}

impl Finding {
    /// The factors on a workload with this reach.
    #[must_use]
    pub fn factors(&self, reach: Reach, constants: &Constants) -> Factors {
        let threat = threat::likelihood(self.epss, self.cold, self.tier, constants);
        Factors {
            threat: if self.alerted { 1.0 } else { threat },
            reach: reach::factor(self.attack_vector, reach, constants),
            in_use: self.in_use.factor(constants),
            impact: self.impact,
        }
    }

    /// The hazard at each reach; none when not affected.
    #[must_use]
    pub fn hazard(&self, constants: &Constants) -> ByReach {
        if self.not_affected {
            return ByReach::ZERO;
        }
        ByReach::from_fn(|reach| constants.hazard_of(self.factors(reach, constants).product()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hazard::Nano;

    fn finding() -> Finding {
        Finding {
            epss: Some(0.5),
            cold: None,
            tier: Tier::None,
            attack_vector: AttackVector::Network,
            in_use: InUse::NoSensor,
            impact: 1.0,
            alerted: false,
            not_affected: false,
        }
    }

    #[test]
    fn hazards_by_reach() {
        let constants = Constants::embedded().unwrap();
        let cases = [
            (finding(), [693_147_181, 162_518_929, 51_293_294, 15_113_638, 287_682_072]),
            (
                Finding { alerted: true, ..finding() },
                [6_907_755_279, 356_674_944, 105_360_516, 30_459_207, 693_147_181],
            ),
            (Finding { not_affected: true, alerted: true, ..finding() }, [0; 5]),
            (Finding { attack_vector: AttackVector::Local, ..finding() }, [25_317_808; 5]),
        ];
        for (finding, expected) in cases {
            assert_eq!(finding.hazard(&constants).to_array(), expected.map(Nano), "{finding:?}");
        }
    }

    #[test]
    fn scores_of_the_specification() {
        let constants = Constants::embedded().unwrap();
        let exploited = Finding { tier: Tier::Exploited, ..finding() };
        // The median of EPSS v5, with high confidentiality and integrity impact.
        let median = Finding { epss: Some(0.0073), impact: 0.881, ..finding() };
        for (finding, reach, criticality, expected) in [
            (exploited, Reach::Internet, 3.0, 99.0),
            (exploited, Reach::Internet, 1.0, 88.0),
            (exploited, Reach::Internal, 1.0, 63.0),
            (median, Reach::Internet, 1.0, 33.0),
            (median, Reach::Internal, 1.0, 8.0),
        ] {
            let score = finding.factors(reach, &constants).score(criticality, &constants);
            assert!((score.round() - expected).abs() < f64::EPSILON, "{score} instead of {expected}");
        }
    }
}
