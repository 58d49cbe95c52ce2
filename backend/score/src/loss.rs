//! Expected loss in critical-asset equivalents, as an exact fixed-point number: the sum over workloads is
//! the same in every order, and the exposure of a scope is the sum of its parts to the last bit.
//!
//! Refuses to round while adding; rounding happens once, in [`Loss::as_f64`] or [`Loss::micro`].

use std::iter::Sum;
use std::ops::{Add, Sub};

use crate::apportion::apportion;

/// Binary digits behind the point: the loss of one nano-hazard on a minor workload is still exact, and
/// 137 thousand million critical-asset equivalents fit before sums saturate.
const FRACTION_BITS: i32 = 90;

/// An amount of loss, or a difference of two; a multiple of 2⁻⁹⁰.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Loss(i128);

impl Loss {
    /// No loss.
    pub const ZERO: Self = Self(0);

    /// The nearest amount.
    #[must_use]
    pub fn from_f64(loss: f64) -> Self {
        Self((loss * 2_f64.powi(FRACTION_BITS)).round_ties_even() as i128)
    }

    /// The amount of a [`Loss::weight`].
    #[must_use]
    pub fn from_weight(weight: i128) -> Self {
        Self(weight)
    }

    /// The nearest floating-point number.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 2_f64.powi(FRACTION_BITS)
    }

    /// Millionths of a critical-asset equivalent, rounded: the unit of the ledger.
    #[must_use]
    pub fn micro(self) -> i64 {
        (self.as_f64() * 1e6).round_ties_even() as i64
    }

    /// Shares the loss out in proportion to the weights; the shares add up to it exactly, unless no weight
    /// is above 0: then all are nought.
    #[must_use]
    pub fn split<const N: usize>(self, weights: [i64; N]) -> [Self; N] {
        let shares = apportion(self.0, &weights.map(i128::from));
        std::array::from_fn(|index| Self(shares[index]))
    }

    /// The amount as an integer, to serve as a weight in [`apportion`].
    #[must_use]
    pub fn weight(self) -> i128 {
        self.0
    }
}

impl Add for Loss {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Loss {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Loss {
    fn sum<I: Iterator<Item = Self>>(losses: I) -> Self {
        losses.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_losses_are_kept_whole() {
        for loss in [0.0, 3e-10, 0.1, 2.999_999_999_999, 60_000.0] {
            assert_eq!(Loss::from_f64(loss).as_f64().to_bits(), loss.to_bits(), "{loss}");
        }
        assert_eq!(Loss::from_f64(1.234_567_8).micro(), 1_234_568);
    }

    #[test]
    fn splits_add_up() {
        let loss = Loss::from_f64(2.0 / 3.0);
        let shares = loss.split([1, 1, 1, 0, i64::MAX]);
        assert_eq!(shares.into_iter().sum::<Loss>(), loss);
        assert_eq!(shares[3], Loss::ZERO);
    }
}
