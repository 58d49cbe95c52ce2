//! The estate: all images, workloads and nodes by number, scored together, because workloads on one node
//! share its kernel. Keeps the indexes that [`crate::what_if`] needs to recount only what a change touches.
//!
//! Refuses numbers that do not exist, and averages: the exposure is a sum, so harmless additions cannot
//! lower it.

use crate::constants::{Constants, Scale};
use crate::error::Error;
use crate::hazard::Nano;
use crate::image::ImageHazard;
use crate::loss::Loss;
use crate::slices::{Parts, Slices};
use crate::workload::{WorkloadFacts, WorkloadScore};

/// What a node's part depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NodeFacts {
    /// κ: the chance that its kernel or container runtime has an unpatched escape flaw ([`kernel`]).
    pub kernel: f64,
}

/// A scored estate.
#[derive(Clone, Debug)]
pub struct Estate {
    pub(crate) constants: Constants,
    pub(crate) images: Vec<ImageHazard>,
    pub(crate) workloads: Vec<WorkloadFacts>,
    pub(crate) nodes: Vec<NodeFacts>,
    /// Workloads by image.
    pub(crate) runs: Vec<Vec<usize>>,
    /// Workloads by node.
    pub(crate) residents: Vec<Vec<usize>>,
    /// h of each workload on each of its nodes, in the order of its node list.
    pub(crate) spills: Vec<Vec<Nano>>,
    /// H of each node: the sum of its residents' h.
    pub(crate) node_hazards: Vec<Nano>,
    scores: Vec<WorkloadScore>,
    slices: Slices,
    exposure: Loss,
}

impl Estate {
    /// Scores an estate. Results keep the order of `workloads`; their sums do not depend on any order.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] when a workload names an image or node that is not in the lists.
    pub fn new(
        images: Vec<ImageHazard>,
        workloads: Vec<WorkloadFacts>,
        nodes: Vec<NodeFacts>,
        constants: &Constants,
    ) -> Result<Self, Error> {
        let workloads: Vec<_> = workloads.into_iter().map(WorkloadFacts::normalised).collect();
        let mut runs = vec![Vec::new(); images.len()];
        let mut residents = vec![Vec::new(); nodes.len()];
        for (number, workload) in workloads.iter().enumerate() {
            check_numbers(&format!("workload {number}"), workload, images.len(), nodes.len())?;
            workload.images.iter().for_each(|&image| runs[image].push(number));
            workload.nodes.iter().for_each(|&node| residents[node].push(number));
        }
        let mut estate = Self {
            constants: constants.clone(),
            images,
            workloads,
            nodes,
            runs,
            residents,
            spills: Vec::new(),
            node_hazards: Vec::new(),
            scores: Vec::new(),
            slices: Slices::default(),
            exposure: Loss::ZERO,
        };
        estate.evaluate();
        Ok(estate)
    }

    fn evaluate(&mut self) {
        let own: Vec<Parts> = self.workloads.iter().map(|workload| self.own_parts(workload)).collect();
        let mut node_hazards = vec![Nano::ZERO; self.nodes.len()];
        let mut spills = Vec::with_capacity(self.workloads.len());
        for (workload, parts) in self.workloads.iter().zip(&own) {
            let spill: Vec<Nano> = workload
                .nodes
                .iter()
                .map(|&node| workload.spill(parts.own(), self.nodes[node].kernel, &self.constants))
                .collect();
            for (&node, &hazard) in workload.nodes.iter().zip(&spill) {
                node_hazards[node] = node_hazards[node] + hazard;
            }
            spills.push(spill);
        }
        let scores = self.workloads.iter().zip(own).zip(&spills).map(|((workload, parts), spill)| {
            let shared_kernel = coupling(workload, spill, |node| node_hazards[node]);
            workload.score(Parts { shared_kernel, ..parts }, &self.constants)
        });
        self.scores = scores.collect();
        self.spills = spills;
        self.node_hazards = node_hazards;
        self.exposure = self.scores.iter().map(WorkloadScore::exact_loss).sum();
        self.slices = self.scores.iter().map(|score| Slices::of(score.exact_loss(), &score.parts)).sum();
    }

    fn own_parts(&self, workload: &WorkloadFacts) -> Parts {
        workload.own_parts(workload.images.iter().map(|&image| &self.images[image]))
    }

    /// The scores, in the order in which the workloads were given.
    #[must_use]
    pub fn scores(&self) -> &[WorkloadScore] {
        &self.scores
    }

    /// E: the sum of all losses, exactly.
    #[must_use]
    pub fn exposure(&self) -> Loss {
        self.exposure
    }

    /// E by source, exactly.
    #[must_use]
    pub fn slices(&self) -> Slices {
        self.slices
    }

    /// H of a node: what its residents together could do to it.
    #[must_use]
    pub fn node_hazard(&self, node: usize) -> Option<Nano> {
        self.node_hazards.get(node).copied()
    }

    /// The image scores, in the order in which the images were given.
    #[must_use]
    pub fn image_scores(&self) -> Vec<f64> {
        let running = |&number: &usize| {
            let workload = &self.workloads[number];
            (workload.reach, workload.criticality)
        };
        let images = self.images.iter().zip(&self.runs);
        images.map(|(image, runs)| image.score(runs.iter().map(running), &self.constants)).collect()
    }

    /// Σ of the weights of criticality: what is at stake, and the baseline when it is declared.
    #[must_use]
    pub fn at_stake(&self) -> f64 {
        self.workloads.iter().map(|workload| Loss::from_f64(workload.criticality)).sum::<Loss>().as_f64()
    }
}

/// Refuses a workload that names what does not exist.
pub(crate) fn check_numbers(
    owner: &str,
    workload: &WorkloadFacts,
    images: usize,
    nodes: usize,
) -> Result<(), Error> {
    for (what, numbers, known) in [("image", &workload.images, images), ("node", &workload.nodes, nodes)] {
        if let Some(&index) = numbers.iter().find(|&&number| number >= known) {
            return Err(Error::OutOfRange { owner: owner.to_owned(), what, index, known });
        }
    }
    Ok(())
}

/// What neighbours add: the largest, over its nodes, of the others' spill.
pub(crate) fn coupling(
    workload: &WorkloadFacts,
    spills: &[Nano],
    node_hazard: impl Fn(usize) -> Nano,
) -> Nano {
    let others = workload.nodes.iter().zip(spills).map(|(&node, &own)| node_hazard(node).above(own));
    others.max().unwrap_or(Nano::ZERO)
}

/// κ of a node: the noisy-or of the likelihoods of its unpatched escape-class flaws, or the prior of an
/// unknown kernel where nobody could tell (`None`).
#[must_use]
pub fn kernel(flaws: Option<&[f64]>, constants: &Constants) -> f64 {
    flaws.map_or(constants.kernel.unknown, crate::factors::escape::ease)
}

impl Scale {
    /// CES: 1000 + 250·log10(E/baseline), from 0 to 1000; 0 for no exposure. 1000 is all of the baseline,
    /// 750 a tenth of it.
    #[must_use]
    pub fn exposure_score(&self, exposure: f64, baseline: f64) -> f64 {
        if exposure <= 0.0 {
            return 0.0;
        }
        let decades = (exposure / baseline).log10();
        (self.exposure_top + self.exposure_points_per_decade * decades).clamp(0.0, self.exposure_top)
    }
}

/// E / Σc: the exposure by what is at stake, which compares scopes of different size; 0 where nothing is.
#[must_use]
pub fn intensity(exposure: f64, at_stake: f64) -> f64 {
    if at_stake > 0.0 { exposure / at_stake } else { 0.0 }
}

/// A range of the exposure score with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// Below moderate.
    Low,
    /// From 400.
    Moderate,
    /// From 600.
    High,
    /// From 800.
    Severe,
}

impl Band {
    /// The band of an exposure score, judged as it is shown: rounded to a whole number.
    #[must_use]
    pub fn of_exposure(score: f64, constants: &Constants) -> Self {
        let shown = score.round();
        let bands = &constants.bands;
        match shown {
            shown if shown >= f64::from(bands.severe) => Self::Severe,
            shown if shown >= f64::from(bands.high) => Self::High,
            shown if shown >= f64::from(bands.moderate) => Self::Moderate,
            _ => Self::Low,
        }
    }

    /// The band of a finding, image or workload score, by the same bands on their smaller scale; judged as
    /// shown, with one decimal.
    #[must_use]
    pub fn of_score(score: f64, constants: &Constants) -> Self {
        let scale = &constants.scale;
        let shown = (score * 10.0).round() / 10.0;
        Self::of_exposure(shown * scale.exposure_top / scale.top, constants)
    }

    /// The word in style sheets and in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Moderate => "moderate",
            Self::High => "high",
            Self::Severe => "severe",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::exposure::Reach;

    fn workload(nodes: Vec<usize>, alert: i64) -> WorkloadFacts {
        WorkloadFacts {
            images: Vec::new(),
            reach: Reach::Internal,
            nodes,
            configuration: Nano::ZERO,
            secret: Nano::ZERO,
            alert: Nano(alert),
            gap: Nano::ZERO,
            escape: 1.0,
            sandbox: 1.0,
            criticality: 1.0,
        }
    }

    #[test]
    fn neighbours_count_on_the_worst_node() {
        let constants = Constants::embedded().unwrap();
        let nodes = vec![NodeFacts { kernel: 0.0 }; 2];
        // With escape certain, each spills all of its own hazard.
        let workloads = vec![workload(vec![0, 1], 1), workload(vec![0], 10), workload(vec![1, 1], 100)];
        let estate = Estate::new(Vec::new(), workloads, nodes, &constants).unwrap();
        let shared: Vec<i64> = estate.scores().iter().map(|score| score.parts.shared_kernel.0).collect();
        assert_eq!(shared, [100, 1, 1]);
        assert_eq!((estate.node_hazard(0), estate.node_hazard(1)), (Some(Nano(11)), Some(Nano(101))));
        assert_eq!(estate.node_hazard(2), None);
        assert!((estate.at_stake() - 3.0).abs() < f64::EPSILON);
    }

    #[test]
    fn numbers_must_exist() {
        let constants = Constants::embedded().unwrap();
        let error = Estate::new(Vec::new(), vec![workload(vec![3], 0)], Vec::new(), &constants).unwrap_err();
        let sentence = "workload 0 refers to node number 3, but there are only 0: pass every one it uses";
        assert_eq!(error.to_string(), sentence);
        let estate = Estate::new(Vec::new(), Vec::new(), Vec::new(), &constants).unwrap();
        assert!(matches!(estate.without_units(&[(0, Default::default())]), Err(Error::OutOfRange { .. })));
    }

    #[test]
    fn exposure_scores_and_bands() {
        let constants = Constants::embedded().unwrap();
        for (exposure, score, band) in [
            (0.0, 0.0, Band::Low),
            (1e-9, 0.0, Band::Low),
            (0.4, 400.0, Band::Moderate),
            (1.0, 500.0, Band::Moderate),
            (10.0, 750.0, Band::High),
            (100.0, 1000.0, Band::Severe),
            (500.0, 1000.0, Band::Severe),
        ] {
            let found = constants.scale.exposure_score(exposure, 100.0);
            assert!((found - score).abs() < 1.0, "{exposure}: {found}");
            assert_eq!(Band::of_exposure(found, &constants), band, "{exposure}");
        }
        for (score, band) in
            [(39.94, Band::Low), (39.95, Band::Moderate), (60.0, Band::High), (80.0, Band::Severe)]
        {
            assert_eq!(Band::of_score(score, &constants), band, "{score}");
        }
        assert_eq!(Band::of_exposure(599.5, &constants).as_str(), "high");
        assert!((intensity(3.0, 12.0) - 0.25).abs() < f64::EPSILON && intensity(1.0, 0.0) == 0.0);
    }

    #[test]
    fn a_kernel_is_as_weak_as_its_flaws_together() {
        let constants = Constants::embedded().unwrap();
        for (flaws, expected) in [(None, 0.05), (Some(&[][..]), 0.0), (Some(&[0.5, 0.5][..]), 0.75)] {
            assert!((kernel(flaws, &constants) - expected).abs() < 1e-12, "{flaws:?}");
        }
    }
}
