//! The five slices of the exposure: where it comes from. Each workload's loss is shared out in proportion to
//! the parts of its hazard, exactly, so that the slices of every scope add up to its exposure.

use crate::apportion::apportion;
use crate::hazard::Nano;
use crate::loss::Loss;

/// A source of exposure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slice {
    /// Known vulnerabilities in images.
    Known,
    /// Configuration, credentials and malware.
    Configuration,
    /// Neighbours that could escape onto the same node.
    SharedKernel,
    /// Open alerts of runtime sensors.
    Runtime,
    /// What nobody looked at: unscanned images and old scans.
    Gap,
}

impl Slice {
    /// Every slice, in the order in which pages show them.
    pub const ALL: [Self; 5] =
        [Self::Known, Self::Configuration, Self::SharedKernel, Self::Runtime, Self::Gap];

    /// The word in storage and in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Configuration => "configuration",
            Self::SharedKernel => "shared_kernel",
            Self::Runtime => "runtime",
            Self::Gap => "gap",
        }
    }

    /// The name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Known => "Known vulnerabilities",
            Self::Configuration => "Configuration and secrets",
            Self::SharedKernel => "Shared kernel",
            Self::Runtime => "Runtime evidence",
            Self::Gap => "Unseen",
        }
    }

    fn place(self) -> usize {
        match self {
            Self::Known => 0,
            Self::Configuration => 1,
            Self::SharedKernel => 2,
            Self::Runtime => 3,
            Self::Gap => 4,
        }
    }
}

/// The parts of a workload's hazard Λ′, apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Known vulnerabilities of its images.
    pub known: Nano,
    /// Failed checks, credentials, malware.
    pub configuration: Nano,
    /// What its neighbours add.
    pub shared_kernel: Nano,
    /// Open alerts.
    pub runtime: Nano,
    /// What the floors of its images add to the known.
    pub gap: Nano,
}

impl Parts {
    /// Λ: its own hazard, without its neighbours.
    #[must_use]
    pub fn own(&self) -> Nano {
        self.known + self.configuration + self.runtime + self.gap
    }

    /// Λ′: with its neighbours.
    #[must_use]
    pub fn total(&self) -> Nano {
        self.own() + self.shared_kernel
    }

    /// The parts in the order of [`Slice::ALL`].
    #[must_use]
    pub fn to_array(&self) -> [Nano; 5] {
        [self.known, self.configuration, self.shared_kernel, self.runtime, self.gap]
    }

    /// The part of one slice.
    #[must_use]
    pub fn of(&self, slice: Slice) -> Nano {
        self.to_array()[slice.place()]
    }
}

/// An exposure by slice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slices([Loss; 5]);

impl Slices {
    /// Shares a workload's loss out over the parts of its hazard.
    #[must_use]
    pub fn of(loss: Loss, parts: &Parts) -> Self {
        Self(loss.split(parts.to_array().map(|part| part.0)))
    }

    /// One slice.
    #[must_use]
    pub fn at(&self, slice: Slice) -> Loss {
        self.0[slice.place()]
    }

    /// All of them: the exposure.
    #[must_use]
    pub fn total(&self) -> Loss {
        self.0.into_iter().sum()
    }

    /// The slices in millionths, in the order of [`Slice::ALL`]; they add up exactly to the millionths of
    /// the exposure.
    #[must_use]
    pub fn micro(&self) -> [i64; 5] {
        let shares = apportion(i128::from(self.total().micro()), &self.0.map(Loss::weight));
        std::array::from_fn(|place| i64::try_from(shares[place]).unwrap_or(i64::MAX))
    }
}

impl std::iter::Sum for Slices {
    fn sum<I: Iterator<Item = Self>>(slices: I) -> Self {
        slices.fold(Self::default(), |sum, slices| {
            Self(std::array::from_fn(|place| sum.0[place] + slices.0[place]))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_add_up() {
        let parts = Parts { known: Nano(1), configuration: Nano(1), gap: Nano(1), ..Parts::default() };
        let loss = Loss::from_f64(0.1);
        let slices: Slices = [Slices::of(loss, &parts), Slices::of(loss, &parts)].into_iter().sum();
        assert_eq!(slices.total(), loss + loss);
        assert_eq!(slices.at(Slice::Runtime), Loss::ZERO);
        assert_eq!(slices.micro(), [66_667, 66_667, 0, 0, 66_666]);
        assert_eq!(Slice::ALL.map(|slice| parts.of(slice)), parts.to_array());
    }
}
