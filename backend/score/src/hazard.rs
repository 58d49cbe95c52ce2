//! Hazards in nano-units. A probability q becomes λ = −ln(1 − q), so that "at least one of them" is a sum;
//! as integers the sums are exact, in any order, and an incremental change equals a full recount bit for bit.
//!
//! Refuses infinite hazards: q is capped, sums saturate.

use std::iter::Sum;
use std::ops::{Add, Sub};

use domain::exposure::Reach;
use serde::{Deserialize, Serialize};

/// Nano-units in one unit of hazard.
const UNIT: f64 = 1e9;

/// A hazard in units of 1e-9; never negative when made from probabilities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Nano(pub i64);

impl Nano {
    /// No hazard.
    pub const ZERO: Self = Self(0);

    /// The hazard of a probability, which counts for no more than `cap`; what is not a number or below 0
    /// counts for 0. A tie between two integers goes to the even one, as IEEE 754 rounds.
    #[must_use]
    pub fn from_probability(probability: f64, cap: f64) -> Self {
        let hazard = -(-probability.clamp(0.0, cap)).ln_1p();
        Self((hazard * UNIT).round_ties_even() as i64)
    }

    /// The probability of at least one event: 1 − e^−λ.
    #[must_use]
    pub fn probability(self) -> f64 {
        -(-(self.0 as f64 / UNIT)).exp_m1()
    }

    /// A share of the hazard, rounded as in [`Nano::from_probability`].
    #[must_use]
    pub fn share(self, share: f64) -> Self {
        Self((self.0 as f64 * share).round_ties_even() as i64)
    }

    /// The difference, never below nought.
    #[must_use]
    pub fn above(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0).max(0))
    }
}

impl Add for Nano {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Nano {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Nano {
    fn sum<I: Iterator<Item = Self>>(hazards: I) -> Self {
        hazards.fold(Self::ZERO, Add::add)
    }
}

/// One hazard for each reach that the workload may have; kept in the order of [`Reach::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ByReach([Nano; 5]);

/// The place of a reach in [`Reach::ALL`].
const fn place(reach: Reach) -> usize {
    match reach {
        Reach::Internet => 0,
        Reach::Restricted => 1,
        Reach::Internal => 2,
        Reach::Isolated => 3,
        Reach::Unknown => 4,
    }
}

impl ByReach {
    /// No hazard anywhere.
    pub const ZERO: Self = Self([Nano::ZERO; 5]);

    /// The hazards in the order of [`Reach::ALL`], as stored.
    #[must_use]
    pub const fn new(hazards: [Nano; 5]) -> Self {
        Self(hazards)
    }

    /// A hazard computed for each reach.
    #[must_use]
    pub fn from_fn(hazard: impl FnMut(Reach) -> Nano) -> Self {
        Self(Reach::ALL.map(hazard))
    }

    /// The hazards in the order of [`Reach::ALL`].
    #[must_use]
    pub const fn to_array(self) -> [Nano; 5] {
        self.0
    }

    /// The hazard at one reach.
    #[must_use]
    pub const fn at(self, reach: Reach) -> Nano {
        self.0[place(reach)]
    }

    /// The larger at each reach.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        self.with(other, Ord::max)
    }

    /// The difference at each reach, never below nought.
    #[must_use]
    pub fn above(self, other: Self) -> Self {
        self.with(other, Nano::above)
    }

    /// A share at each reach.
    #[must_use]
    pub fn share(self, share: f64) -> Self {
        Self(self.0.map(|hazard| hazard.share(share)))
    }

    fn with(self, other: Self, join: impl Fn(Nano, Nano) -> Nano) -> Self {
        Self::from_fn(|reach| join(self.at(reach), other.at(reach)))
    }
}

impl Add for ByReach {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.with(other, Add::add)
    }
}

impl Sum for ByReach {
    fn sum<I: Iterator<Item = Self>>(hazards: I) -> Self {
        hazards.fold(Self::ZERO, Add::add)
    }
}

impl Serialize for ByReach {
    /// An object with the five words: `{"internet": 1, …}`.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Reach::ALL.map(|reach| (reach.as_str(), self.at(reach))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_become_hazards() {
        for (probability, expected) in [
            (0.0, 0),
            (0.5, 693_147_181),
            (0.95, 2_995_732_274),
            (0.999, 6_907_755_279),
            (1.0, 6_907_755_279),
            (-1.0, 0),
            (f64::NAN, 0),
            (1e-9, 1),
        ] {
            assert_eq!(Nano::from_probability(probability, 0.999), Nano(expected), "{probability}");
        }
        assert!((Nano(693_147_181).probability() - 0.5).abs() < 1e-9);
    }

    #[test]
    fn sums_saturate() {
        assert_eq!(Nano(i64::MAX) + Nano(1), Nano(i64::MAX));
        assert_eq!(Nano(3).above(Nano(5)), Nano::ZERO);
        assert_eq!(Nano(5).share(0.5), Nano(2));
    }

    #[test]
    fn keeps_the_order_of_all() {
        let hazards = ByReach::new([1, 2, 3, 4, 5].map(Nano));
        assert_eq!(Reach::ALL.map(|reach| hazards.at(reach)), hazards.to_array());
        assert_eq!(hazards.at(Reach::Unknown), Nano(5));
    }
}
