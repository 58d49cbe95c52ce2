//! An image: five integers, one a reach, shared by every workload that runs it. The hazard is that of its
//! known units, but never below a floor: the prior for an image nobody scanned, a share of it for an old
//! scan, nothing for a fresh one.
//!
//! Refuses to take "not scanned" for "clean": an unscanned image counts as the prior, whatever else is said.

use std::collections::BTreeMap;

use domain::exposure::Reach;

use crate::constants::Constants;
use crate::factors::staleness;
use crate::finding::Finding;
use crate::hazard::{ByReach, Nano};

/// The hazard of an image, what is known kept apart from what is assumed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImageHazard {
    /// Sum of the known fix units.
    pub known: ByReach,
    /// The least the image counts for.
    pub floor: ByReach,
}

impl ImageHazard {
    /// A scanned image: known units, the prior of its stratum, and the days since it was last matched
    /// against a current vulnerability database.
    #[must_use]
    pub fn scanned(known: ByReach, prior: ByReach, age_days: f64, constants: &Constants) -> Self {
        Self { known, floor: prior.share(staleness::share(age_days, constants)) }
    }

    /// An image that nobody scanned, or that cannot be pulled.
    #[must_use]
    pub fn unscanned(prior: ByReach) -> Self {
        Self { known: ByReach::ZERO, floor: prior }
    }

    /// Λ of the image at each reach.
    #[must_use]
    pub fn total(&self) -> ByReach {
        self.known.max(self.floor)
    }

    /// What the floor adds to the known hazard: the unseen part.
    #[must_use]
    pub fn gap(&self) -> ByReach {
        self.floor.above(self.known)
    }

    /// The image with a known fix unit removed.
    #[must_use]
    pub fn without(&self, unit: ByReach) -> Self {
        Self { known: self.known.above(unit), floor: self.floor }
    }

    /// The image score over the workloads that run it, each as reach and weight of criticality: the worst
    /// of c·(1 − e^−Λ)/3. An image that does not run is latent: it counts as on a standard workload that is
    /// reached from inside.
    #[must_use]
    pub fn score(&self, running: impl IntoIterator<Item = (Reach, f64)>, constants: &Constants) -> f64 {
        let total = self.total();
        let share = |(reach, criticality): (Reach, f64)| {
            total.at(reach).probability() * criticality / constants.criticality.critical
        };
        let worst = running.into_iter().map(share).reduce(f64::max);
        let latent = || share((Reach::Internal, constants.criticality.standard));
        constants.scale.score(worst.unwrap_or_else(latent))
    }
}

/// The known hazard of an image: its findings grouped into fix units, the largest within each, the sum over
/// them.
#[must_use]
pub fn known<'a, Unit: Ord>(
    findings: impl IntoIterator<Item = (Unit, &'a Finding)>,
    constants: &Constants,
) -> ByReach {
    let mut units = BTreeMap::<Unit, ByReach>::new();
    for (unit, finding) in findings {
        let hazard = units.entry(unit).or_default();
        *hazard = hazard.max(finding.hazard(constants));
    }
    units.into_values().sum()
}

/// The hazard of a prior given as a probability.
#[must_use]
pub fn prior(probability: impl Fn(Reach) -> f64, constants: &Constants) -> ByReach {
    ByReach::from_fn(|reach| -> Nano { constants.hazard_of(probability(reach)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_and_assumed() {
        let constants = Constants::embedded().unwrap();
        let known = ByReach::new([10, 20, 30, 40, 500].map(Nano));
        let prior = ByReach::new([100; 5].map(Nano));
        for (image, total, gap) in [
            (ImageHazard::scanned(known, prior, 1.0, &constants), [10, 20, 30, 40, 500], [0; 5]),
            (ImageHazard::scanned(known, prior, 10.0, &constants), [25, 25, 30, 40, 500], [15, 5, 0, 0, 0]),
            (
                ImageHazard::scanned(known, prior, 99.0, &constants),
                [100, 100, 100, 100, 500],
                [90, 80, 70, 60, 0],
            ),
            (ImageHazard::unscanned(prior), [100; 5], [100; 5]),
        ] {
            assert_eq!(image.total().to_array(), total.map(Nano));
            assert_eq!(image.gap().to_array(), gap.map(Nano));
        }
    }

    #[test]
    fn an_image_scores_where_it_runs_worst() {
        let constants = Constants::embedded().unwrap();
        let known = prior(|reach| if reach == Reach::Internet { 0.5 } else { 0.05 }, &constants);
        let image = ImageHazard { known, floor: ByReach::ZERO };
        for (running, expected) in [
            (vec![], 0.05 / 3.0),
            (vec![(Reach::Isolated, 3.0)], 0.05),
            (vec![(Reach::Internet, 1.0), (Reach::Isolated, 3.0)], 0.5 / 3.0),
        ] {
            let score = image.score(running, &constants);
            assert!((score - constants.scale.score(expected)).abs() < 1e-6, "{score} for {expected}");
        }
    }
}
