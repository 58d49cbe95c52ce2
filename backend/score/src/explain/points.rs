//! Points by factor, in tenths, that lead exactly to the score shown. The running total is rounded after
//! each step, so no step carries another's rounding error, and what takes it below nought ends there: the
//! factors after it have nothing left to take.

use std::fmt;

use serde::Serialize;

use crate::constants::Constants;
use crate::finding::Factors;
use crate::hazard::Nano;
use crate::slices::Parts;

/// Points in tenths: 875 is shown as `87.5`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Tenths(pub i32);

impl Tenths {
    /// A score as it is shown, with one decimal.
    #[must_use]
    pub fn of(score: f64) -> Self {
        Self((score * 10.0).round() as i32)
    }
}

impl fmt::Display for Tenths {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "−" } else { "" };
        write!(formatter, "{sign}{}.{}", self.0.unsigned_abs() / 10, self.0.unsigned_abs() % 10)
    }
}

/// One step from the start to the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// `threat`, `reach`, `in_use`, `impact`, `criticality`; for workloads also `other_vulnerabilities`,
    /// `configuration`, `runtime`, `gap`, `shared_kernel`.
    pub name: &'static str,
    /// What the step adds (below nought: takes).
    pub points: Tenths,
    /// The total after it.
    pub total: Tenths,
}

/// Steps from a start to a score; start plus points is the score, exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Waterfall {
    /// Where it starts: 100 points, all of a critical workload; 0 where there is no vulnerability.
    pub start: Tenths,
    /// The steps in order.
    pub steps: Vec<Step>,
    /// The score shown.
    pub score: Tenths,
}

impl Waterfall {
    fn from(start: f64) -> Self {
        Self { start: Tenths::of(start), steps: Vec::new(), score: Tenths::of(start) }
    }

    fn to(&mut self, name: &'static str, score: f64) {
        let total = Tenths::of(score);
        self.steps.push(Step { name, points: Tenths(total.0 - self.score.0), total });
        self.score = total;
    }
}

/// The scorecard of a finding on a workload of a criticality: 100 points, from which each factor takes its
/// own (25·log10 of it), down to the finding score.
#[must_use]
pub fn finding(factors: &Factors, criticality: f64, constants: &Constants) -> Waterfall {
    let scale = &constants.scale;
    let mut waterfall = Waterfall::from(scale.top);
    let mut product = 1.0;
    for (name, factor) in [
        ("threat", factors.threat),
        ("reach", factors.reach),
        ("in_use", factors.in_use),
        ("impact", factors.impact),
        ("criticality", criticality / constants.criticality.critical),
    ] {
        product *= factor.min(1.0);
        waterfall.to(name, scale.score(product));
    }
    waterfall
}

/// The waterfall of a workload: the scorecard of its worst finding, then what its other vulnerabilities,
/// configuration and secrets, runtime alerts, the unseen and the shared kernel add, up to the workload score.
/// Without a finding it starts at 0.
#[must_use]
pub fn workload(
    worst: Option<&Factors>,
    parts: &Parts,
    criticality: f64,
    constants: &Constants,
) -> Waterfall {
    let mut waterfall =
        worst.map_or_else(|| Waterfall::from(0.0), |worst| finding(worst, criticality, constants));
    let mut hazard = Nano::ZERO;
    for (name, part) in [
        ("other_vulnerabilities", parts.known),
        ("configuration", parts.configuration),
        ("runtime", parts.runtime),
        ("gap", parts.gap),
        ("shared_kernel", parts.shared_kernel),
    ] {
        hazard = hazard + part;
        waterfall.to(name, workload_score(hazard, criticality, constants));
    }
    waterfall
}

/// The points a workload would lose, as shown, if a fix unit of this hazard were gone from it. What its
/// neighbours would lose is not in it.
#[must_use]
pub fn points_if_fixed(total: Nano, unit: Nano, criticality: f64, constants: &Constants) -> Tenths {
    let shown = |hazard| Tenths::of(workload_score(hazard, criticality, constants));
    Tenths(shown(total).0 - shown(total.above(unit)).0)
}

fn workload_score(hazard: Nano, criticality: f64, constants: &Constants) -> f64 {
    constants.scale.score(criticality * hazard.probability() / constants.criticality.critical)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(waterfall: &Waterfall) -> Vec<i32> {
        waterfall.steps.iter().map(|step| step.points.0).collect()
    }

    #[test]
    fn a_scorecard_names_its_points() {
        let constants = Constants::embedded().unwrap();
        let factors = |threat, reach| Factors { threat, reach, in_use: 1.0, impact: 1.0 };
        for (factors, criticality, expected, score) in [
            (factors(1.0, 1.0), 3.0, [0, 0, 0, 0, 0], "100.0"),
            (factors(0.95, 1.0), 3.0, [-6, 0, 0, 0, 0], "99.4"),
            (factors(0.95, 0.1), 1.0, [-6, -250, 0, 0, -119], "62.5"),
            (factors(0.0001, 0.1), 1.0, [-1000, 0, 0, 0, 0], "0.0"),
            (factors(0.001, 0.03), 1.0, [-750, -250, 0, 0, 0], "0.0"),
            (factors(0.0, 0.1), 1.0, [-1000, 0, 0, 0, 0], "0.0"),
        ] {
            let card = finding(&factors, criticality, &constants);
            assert_eq!(points(&card), expected, "{factors:?}");
            assert_eq!(card.score.to_string(), score);
        }
    }

    #[test]
    fn a_workload_goes_on_from_its_worst_finding() {
        let constants = Constants::embedded().unwrap();
        let worst = Factors { threat: 0.1, reach: 1.0, in_use: 1.0, impact: 1.0 };
        let unit = constants.hazard_of(0.1);
        let parts = Parts { known: unit + unit, gap: unit, ..Parts::default() };
        let waterfall = workload(Some(&worst), &parts, 3.0, &constants);
        assert_eq!(waterfall.start, Tenths(1000));
        assert_eq!(points(&waterfall), [-250, 0, 0, 0, 0, 70, 0, 0, 38, 0]);
        assert_eq!(waterfall.score, Tenths(858));

        let unseen = workload(None, &Parts { gap: unit, ..Parts::default() }, 3.0, &constants);
        assert_eq!((unseen.start, points(&unseen)), (Tenths(0), vec![0, 0, 0, 750, 0]));
        assert_eq!(points_if_fixed(parts.total(), unit, 3.0, &constants), Tenths(38));
        assert_eq!(Tenths(-119).to_string(), "−11.9");
    }
}
