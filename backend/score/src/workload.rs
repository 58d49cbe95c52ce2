//! A workload: its own hazard from images, configuration and alerts, what its escape would mean for its
//! neighbours, and the loss and score once the neighbours' part is known.

use domain::exposure::Reach;

use crate::constants::Constants;
use crate::hazard::Nano;
use crate::image::ImageHazard;
use crate::loss::Loss;
use crate::slices::Parts;

/// What a workload's hazard depends on. Images and nodes are numbers in the lists of the estate; one that
/// is named twice counts once.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkloadFacts {
    /// The images its containers run.
    pub images: Vec<usize>,
    /// From where its payload can be reached.
    pub reach: Reach,
    /// The nodes it runs on; on none, nothing is shared.
    pub nodes: Vec<usize>,
    /// Hazard of failed checks, each once.
    pub configuration: Nano,
    /// Hazard of credentials and malware in its images.
    pub secret: Nano,
    /// Hazard of open runtime alerts.
    pub alert: Nano,
    /// Hazard assumed for containers whose image is not known at all, normally a prior each.
    pub gap: Nano,
    /// Escape ease e, 0 to 1 ([`crate::factors::escape::ease`]).
    pub escape: f64,
    /// Sandbox factor s, 0 to 1 ([`crate::factors::sandbox::Barrier::factor`]).
    pub sandbox: f64,
    /// Weight of criticality ([`crate::factors::criticality::weight`]).
    pub criticality: f64,
}

impl WorkloadFacts {
    /// The facts with images and nodes sorted and each named once.
    pub(crate) fn normalised(mut self) -> Self {
        for list in [&mut self.images, &mut self.nodes] {
            list.sort_unstable();
            list.dedup();
        }
        self
    }

    /// The parts of its own hazard, the shared kernel still nought.
    pub(crate) fn own_parts<'a>(&self, images: impl Iterator<Item = &'a ImageHazard> + Clone) -> Parts {
        Parts {
            known: images.clone().map(|image| image.known.at(self.reach)).sum(),
            configuration: self.configuration + self.secret,
            shared_kernel: Nano::ZERO,
            runtime: self.alert,
            gap: self.gap + images.map(|image| image.gap().at(self.reach)).sum(),
        }
    }

    /// h = −ln(1 − ρ·ε): the hazard that it is taken and then left for a node whose kernel and runtime have
    /// an escape flaw with probability `kernel`; ε = 1 − (1−e)(1−κ·s). The cap on probabilities holds here
    /// too, so that a certain escape stays finite.
    #[must_use]
    pub fn spill(&self, own: Nano, kernel: f64, constants: &Constants) -> Nano {
        let ease = 1.0 - (1.0 - self.escape) * (1.0 - kernel * self.sandbox);
        constants.hazard_of(own.probability() * ease)
    }

    /// The loss and score under the parts of Λ′.
    #[must_use]
    pub fn score(&self, parts: Parts, constants: &Constants) -> WorkloadScore {
        let loss = self.criticality * parts.total().probability();
        WorkloadScore { parts, loss, score: constants.scale.score(loss / constants.criticality.critical) }
    }
}

/// A scored workload.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WorkloadScore {
    /// The parts of its hazard; Λ is their [`Parts::own`], Λ′ their [`Parts::total`].
    pub parts: Parts,
    /// L = c·(1 − e^−Λ′), in critical-asset equivalents.
    pub loss: f64,
    /// 100 + 25·log10(L/3), from 0 to 100.
    pub score: f64,
}

impl WorkloadScore {
    /// Λ in nano-units.
    #[must_use]
    pub fn hazard(&self) -> Nano {
        self.parts.own()
    }

    /// Λ′ in nano-units.
    #[must_use]
    pub fn total_hazard(&self) -> Nano {
        self.parts.total()
    }

    /// The loss as the exact amount that sums are made of.
    #[must_use]
    pub fn exact_loss(&self) -> Loss {
        Loss::from_f64(self.loss)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> WorkloadFacts {
        WorkloadFacts {
            images: vec![0],
            reach: Reach::Internet,
            nodes: Vec::new(),
            configuration: Nano(1),
            secret: Nano(2),
            alert: Nano(4),
            gap: Nano(8),
            escape: 0.9,
            sandbox: 0.5,
            criticality: 1.0,
        }
    }

    #[test]
    fn parts_are_kept_apart() {
        let image = ImageHazard {
            known: crate::ByReach::new([100; 5].map(Nano)),
            floor: crate::ByReach::new([116; 5].map(Nano)),
        };
        let parts = facts().own_parts([&image].into_iter());
        assert_eq!(parts.to_array(), [100, 3, 0, 4, 24].map(Nano));
        assert_eq!(parts.own(), Nano(131));
    }

    #[test]
    fn spill_joins_escape_and_kernel() {
        let constants = Constants::embedded().unwrap();
        let taken = Nano::from_probability(0.5, 0.999);
        for (escape, sandbox, kernel, expected) in [
            (0.0, 1.0, 0.0, 0.0),
            (0.9, 1.0, 0.0, 0.45),
            (0.0, 0.5, 0.4, 0.1),
            (0.5, 1.0, 0.5, 0.375),
            (1.0, 1.0, 1.0, 0.5),
        ] {
            let spill = WorkloadFacts { escape, sandbox, ..facts() }.spill(taken, kernel, &constants);
            assert!((spill.probability() - expected).abs() < 1e-8, "{spill:?} for {expected}");
        }
    }

    #[test]
    fn scores_are_logarithmic() {
        let constants = Constants::embedded().unwrap();
        let score = |criticality, probability| {
            let known = Nano::from_probability(probability, 0.999);
            let facts = WorkloadFacts { criticality, ..facts() };
            facts.score(Parts { known, ..Parts::default() }, &constants).score
        };
        for (criticality, probability, expected) in
            [(3.0, 0.1, 75.0), (3.0, 0.01, 50.0), (1.0, 0.95, 87.5), (0.3, 0.0, 0.0)]
        {
            assert!((score(criticality, probability) - expected).abs() < 0.05, "{criticality} {probability}");
        }
    }
}
