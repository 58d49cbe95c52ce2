//! The reasons of a score, in numbers that add up exactly: points by factor, shares by unit, the
//! counterfactual. (The slices of the exposure are in [`crate::slices`], what a fix would do to the whole
//! estate in [`crate::what_if`].) Refuses to show a term that its sum does not need.

pub mod points;
pub mod shares;

pub use self::points::{Step, Tenths, Waterfall, finding, points_if_fixed, workload};
pub use self::shares::{BasisPoints, shares};
