//! The ledger's arithmetic: entries with a cause whose sum is exactly the change of the exposure, in
//! millionths of a critical-asset equivalent ([`crate::Loss::micro`]).
//!
//! Refuses a change without an entry: what no cause explains is said to be unexplained.

use serde::{Deserialize, Serialize};

use crate::apportion::apportion;

/// Why the exposure changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// New likelihoods or exploits, from the same model.
    Intel,
    /// Another version of the likelihood model: not a change of posture.
    IntelModel,
    /// Other images, or other findings in them.
    Image,
    /// Another reach, privilege, configuration or criticality.
    Exposure,
    /// A new workload.
    NewWorkload,
    /// A workload that is gone.
    RetiredWorkload,
    /// Scanned for the first time, scanned again, or not scanned for too long.
    Coverage,
    /// A VEX statement.
    Vex,
    /// A runtime alert, or its disposition.
    Alert,
    /// Another kernel or container runtime on a node, or another placement.
    Node,
    /// Other constants or priors: not a change of posture.
    Constants,
    /// Nothing that was recorded.
    Unexplained,
}

impl Cause {
    /// Every cause.
    pub const ALL: [Self; 12] = [
        Self::Intel,
        Self::IntelModel,
        Self::Image,
        Self::Exposure,
        Self::NewWorkload,
        Self::RetiredWorkload,
        Self::Coverage,
        Self::Vex,
        Self::Alert,
        Self::Node,
        Self::Constants,
        Self::Unexplained,
    ];

    /// The word in storage and in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Intel => "intel",
            Self::IntelModel => "intel_model",
            Self::Image => "image",
            Self::Exposure => "exposure",
            Self::NewWorkload => "new_workload",
            Self::RetiredWorkload => "retired_workload",
            Self::Coverage => "coverage",
            Self::Vex => "vex",
            Self::Alert => "alert",
            Self::Node => "node",
            Self::Constants => "constants",
            Self::Unexplained => "unexplained",
        }
    }

    /// The cause of a stored word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.as_str() == word)
    }

    /// Whether the change says something about the estate, not about the way it is measured.
    #[must_use]
    pub fn is_posture(self) -> bool {
        !matches!(self, Self::IntelModel | Self::Constants)
    }
}

/// One line of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Why.
    pub cause: Cause,
    /// By how many millionths the exposure changed.
    pub micro: i64,
}

/// The entries of events applied one after the other, each given with the exposure after it.
#[must_use]
pub fn in_sequence(before: i64, after_each: &[(Cause, i64)]) -> Vec<Entry> {
    let mut from = before;
    let entry = |&(cause, to): &(Cause, i64)| {
        let micro = to.saturating_sub(from);
        from = to;
        Entry { cause, micro }
    };
    after_each.iter().map(entry).collect()
}

/// The entries of events applied together, each given with an estimate of what it did alone. Estimates
/// stand, and what is left between their sum and the true change (events that reinforce or hide each other)
/// is shared out over them in proportion to their size.
///
/// Where no estimate differs from nought the change goes to the first cause; where there is no cause it is
/// [`Cause::Unexplained`], and no change needs no entry.
#[must_use]
pub fn reconcile(before: i64, after: i64, estimates: &[(Cause, i64)]) -> Vec<Entry> {
    let change = i128::from(after) - i128::from(before);
    let left = change - estimates.iter().map(|(_, estimate)| i128::from(*estimate)).sum::<i128>();
    if estimates.is_empty() {
        let unexplained = Entry { cause: Cause::Unexplained, micro: narrow(change) };
        return if change == 0 { Vec::new() } else { vec![unexplained] };
    }
    let sizes: Vec<i128> = estimates.iter().map(|(_, estimate)| i128::from(*estimate).abs()).collect();
    let mut shares = apportion(left, &sizes);
    if sizes.iter().all(|size| *size == 0) {
        shares[0] = left;
    }
    let entries = estimates.iter().zip(shares);
    entries
        .map(|(&(cause, estimate), share)| Entry { cause, micro: narrow(i128::from(estimate) + share) })
        .collect()
}

fn narrow(micro: i128) -> i64 {
    i64::try_from(micro).unwrap_or(if micro < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_telescopes() {
        let entries = in_sequence(100, &[(Cause::Intel, 130), (Cause::Image, 90), (Cause::Vex, 90)]);
        assert_eq!(entries.iter().map(|entry| entry.micro).collect::<Vec<_>>(), [30, -40, 0]);
    }

    #[test]
    fn estimates_are_made_to_add_up() {
        let image = |micro| (Cause::Image, micro);
        for (before, after, estimates, expected) in [
            (100, 150, vec![(Cause::Intel, 30), image(20)], vec![(Cause::Intel, 30), image(20)]),
            (100, 160, vec![(Cause::Intel, 30), image(-20)], vec![(Cause::Intel, 60), image(0)]),
            (100, 103, vec![(Cause::Intel, 0), image(0)], vec![(Cause::Intel, 3), image(0)]),
            (100, 97, vec![], vec![(Cause::Unexplained, -3)]),
            (100, 100, vec![], vec![]),
        ] {
            let found: Vec<_> =
                reconcile(before, after, &estimates).iter().map(|entry| (entry.cause, entry.micro)).collect();
            assert_eq!(found, expected, "{before} to {after} by {estimates:?}");
            assert!(found.is_empty() || found.iter().map(|(_, micro)| micro).sum::<i64>() == after - before);
        }
    }

    #[test]
    fn words_lead_back() {
        for cause in Cause::ALL {
            assert_eq!(Cause::from_word(cause.as_str()), Some(cause));
        }
        assert_eq!(Cause::from_word("weather"), None);
        assert!(!Cause::IntelModel.is_posture());
    }
}
