//! Shares of a hazard in hundredths of a percent that add up to exactly 100 %.

use serde::Serialize;

use crate::apportion::apportion;
use crate::hazard::Nano;

/// 100 % in basis points.
const WHOLE: u16 = 10_000;

/// Hundredths of a percent; shown as `12.34 %`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct BasisPoints(pub u16);

impl std::fmt::Display for BasisPoints {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{:02} %", self.0 / 100, self.0 % 100)
    }
}

/// The share of each hazard in their sum, by largest remainder: exactly 100 % together, a tie going to the
/// one that stands first. All nought when there is no hazard.
///
/// For a workload pass its fix units followed by the other parts of Λ′ ([`crate::slices::Parts`]).
#[must_use]
pub fn shares(hazards: &[Nano]) -> Vec<BasisPoints> {
    let weights: Vec<i128> = hazards.iter().map(|hazard| i128::from(hazard.0)).collect();
    let shares = apportion(i128::from(WHOLE), &weights);
    shares.into_iter().map(|share| BasisPoints(u16::try_from(share).unwrap_or(WHOLE))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_the_whole() {
        for (hazards, expected) in [
            (vec![1, 1, 1], vec![3334, 3333, 3333]),
            (vec![1, 0, 3], vec![2500, 0, 7500]),
            (vec![0, 0], vec![0, 0]),
            (vec![i64::MAX, i64::MAX], vec![5000, 5000]),
        ] {
            let hazards: Vec<Nano> = hazards.into_iter().map(Nano).collect();
            let found: Vec<u16> = shares(&hazards).into_iter().map(|share| share.0).collect();
            assert_eq!(found, expected, "{hazards:?}");
        }
        assert_eq!(BasisPoints(1234).to_string(), "12.34 %");
    }
}
