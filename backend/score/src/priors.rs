//! Priors: what an image that nobody scanned counts for, by stratum (base-system family and class of
//! registry). The percentile of the scanned images of its stratum, exact on integers (nearest rank), frozen
//! by the caller and stamped with its day; a floor where a stratum says too little.
//!
//! Refuses a prior of nothing: where the percentile is nought the floor counts, because unknown is worse
//! than average and never zero.

use std::collections::BTreeMap;

use domain::exposure::Reach;

use crate::constants::Constants;
use crate::hazard::{ByReach, Nano};
use crate::image;

/// The priors of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priors<Stratum> {
    strata: BTreeMap<Stratum, ByReach>,
    floor: ByReach,
}

impl<Stratum: Ord> Priors<Stratum> {
    /// Freezes the priors from the known hazards of scanned images, in any order.
    #[must_use]
    pub fn freeze(scanned: impl IntoIterator<Item = (Stratum, ByReach)>, constants: &Constants) -> Self {
        let mut samples = BTreeMap::<Stratum, Vec<ByReach>>::new();
        for (stratum, hazard) in scanned {
            samples.entry(stratum).or_default().push(hazard);
        }
        let rules = &constants.prior;
        let floor = image::prior(|reach| rules.floor.at(reach), constants);
        let strata = samples
            .into_iter()
            .filter(|(_, images)| images.len() >= rules.minimum_images)
            .map(|(stratum, images)| (stratum, prior_of(&images, rules.percentile, floor)))
            .collect();
        Self { strata, floor }
    }

    /// The prior of a stratum.
    #[must_use]
    pub fn of(&self, stratum: &Stratum) -> ByReach {
        self.strata.get(stratum).copied().unwrap_or(self.floor)
    }

    /// The prior of every stratum that says enough; all others have the [`Priors::floor`].
    pub fn strata(&self) -> impl Iterator<Item = (&Stratum, ByReach)> {
        self.strata.iter().map(|(stratum, prior)| (stratum, *prior))
    }

    /// The prior of strata that say too little.
    #[must_use]
    pub fn floor(&self) -> ByReach {
        self.floor
    }
}

fn prior_of(images: &[ByReach], percentile: u8, floor: ByReach) -> ByReach {
    ByReach::from_fn(|reach: Reach| {
        let at_reach = images.iter().map(|image| image.at(reach)).collect();
        match nearest_rank(at_reach, percentile) {
            Nano::ZERO => floor.at(reach),
            prior => prior,
        }
    })
}

/// The nearest-rank percentile: the smallest value that at least that share of the values does not exceed;
/// nought of no values.
#[must_use]
pub fn nearest_rank(mut hazards: Vec<Nano>, percentile: u8) -> Nano {
    let rank = (hazards.len() * usize::from(percentile)).div_ceil(100).max(1);
    hazards.sort_unstable();
    hazards.get(rank - 1).copied().unwrap_or(Nano::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks() {
        for (values, percentile, expected) in [
            (vec![], 80, 0),
            (vec![7], 80, 7),
            (vec![5, 4, 3, 2, 1], 80, 4),
            (vec![1, 2, 3, 4, 5, 6], 80, 5),
            (vec![1, 2, 3, 4, 5], 100, 5),
            (vec![1, 2, 3, 4, 5], 1, 1),
        ] {
            let found = nearest_rank(values.iter().copied().map(Nano).collect(), percentile);
            assert_eq!(found, Nano(expected), "{percentile} of {values:?}");
        }
    }

    #[test]
    fn small_strata_and_clean_ones_have_the_floor() {
        let constants = Constants::embedded().unwrap();
        let image = |hazard| ByReach::new([0_i64, 1, 2, 3, 4].map(|place| Nano(place * hazard)));
        let scanned = (1..=30).map(|n| ("debian", image(n))).chain((1..=29).map(|n| ("alpine", image(n))));
        let priors = Priors::freeze(scanned, &constants);
        let floor = [510_825_624, 162_518_929, 51_293_294, 20_202_707, 223_143_551].map(Nano);
        assert_eq!(priors.floor().to_array(), floor);
        assert_eq!(priors.of(&"alpine").to_array(), floor);
        assert_eq!(priors.of(&"debian").to_array(), [floor[0], Nano(24), Nano(48), Nano(72), Nano(96)]);
        assert_eq!(priors.strata().map(|(name, _)| *name).collect::<Vec<_>>(), ["debian"]);
    }
}
