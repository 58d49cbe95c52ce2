//! What if: the exposure after a change of images, workloads or nodes, recounting only what the change
//! touches. Integer hazards make the answer equal, bit for bit, to scoring the changed estate anew.
//!
//! Refuses to change the estate: the caller scores anew what came true.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Error;
use crate::estate::{Estate, NodeFacts, check_numbers, coupling};
use crate::hazard::{ByReach, Nano};
use crate::image::ImageHazard;
use crate::loss::Loss;
use crate::slices::Parts;
use crate::workload::{WorkloadFacts, WorkloadScore};

/// What would be different, by number in the lists of the estate.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Images with another hazard: rebuilt, patched, scanned.
    pub images: BTreeMap<usize, ImageHazard>,
    /// Workloads with other facts: another reach, no longer privileged.
    pub workloads: BTreeMap<usize, WorkloadFacts>,
    /// Nodes with another kernel.
    pub nodes: BTreeMap<usize, NodeFacts>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct WhatIf {
    /// E after the change.
    pub exposure: Loss,
    /// E after less E before: below nought when the change helps.
    pub change: Loss,
    /// The workloads whose score changes, with their scores after.
    pub workloads: Vec<(usize, WorkloadScore)>,
}

impl Estate {
    /// The exposure after a change.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] when the change names what is not in the estate.
    pub fn what_if(&self, changes: &Changes) -> Result<WhatIf, Error> {
        self.check_changes(changes)?;
        let trial = Trial::new(self, changes);
        let mut workloads = Vec::new();
        let mut change = Loss::ZERO;
        for number in trial.rescored() {
            let (before, after) = (self.scores()[number], trial.score(number));
            if before != after {
                change = change + (after.exact_loss() - before.exact_loss());
                workloads.push((number, after));
            }
        }
        Ok(WhatIf { exposure: self.exposure() + change, change, workloads })
    }

    /// The exposure after fix units are gone from images: the estimate behind "best next fixes".
    ///
    /// # Errors
    /// [`Error::OutOfRange`] when an image is not in the estate.
    pub fn without_units(&self, removals: &[(usize, ByReach)]) -> Result<WhatIf, Error> {
        let mut changes = Changes::default();
        for &(number, unit) in removals {
            let before = changes.images.get(&number).copied();
            let image = before.map_or_else(|| self.image(number), Ok)?;
            changes.images.insert(number, image.without(unit));
        }
        self.what_if(&changes)
    }

    /// What the removal of fix units saves in the workloads that run them, leaving out what their
    /// neighbours gain: never more than [`Estate::without_units`] finds, and cheap enough to rank every unit
    /// and put only the best to that test.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] when an image is not in the estate.
    pub fn direct_gain(&self, removals: &[(usize, ByReach)]) -> Result<Loss, Error> {
        let mut removed = BTreeMap::<usize, Nano>::new();
        for &(number, unit) in removals {
            let image = self.image(number)?;
            let saved = image.total().above(image.without(unit).total());
            for &workload in &self.runs[number] {
                let sum = removed.entry(workload).or_default();
                *sum = *sum + saved.at(self.workloads[workload].reach);
            }
        }
        let gain = |(number, hazard): (usize, Nano)| {
            let before = self.scores()[number];
            let left = before.total_hazard().above(hazard).probability();
            before.exact_loss() - Loss::from_f64(self.workloads[number].criticality * left)
        };
        Ok(removed.into_iter().map(gain).sum())
    }

    fn image(&self, index: usize) -> Result<ImageHazard, Error> {
        let known = self.images.len();
        let missing = || Error::OutOfRange { owner: "the change".to_owned(), what: "image", index, known };
        self.images.get(index).copied().ok_or_else(missing)
    }

    fn check_changes(&self, changes: &Changes) -> Result<(), Error> {
        for (what, last, known) in [
            ("image", changes.images.keys().next_back(), self.images.len()),
            ("workload", changes.workloads.keys().next_back(), self.workloads.len()),
            ("node", changes.nodes.keys().next_back(), self.nodes.len()),
        ] {
            if let Some(&index) = last.filter(|&&index| index >= known) {
                return Err(Error::OutOfRange { owner: "the change".to_owned(), what, index, known });
            }
        }
        for (number, workload) in &changes.workloads {
            let owner = format!("workload {number} of the change");
            check_numbers(&owner, workload, self.images.len(), self.nodes.len())?;
        }
        Ok(())
    }
}

/// A changed estate, of which only the differences are held.
struct Trial<'a> {
    estate: &'a Estate,
    changes: &'a Changes,
    /// Changed workloads with their lists in order.
    workloads: BTreeMap<usize, WorkloadFacts>,
    /// Own parts of the workloads whose own hazard may differ.
    own: BTreeMap<usize, Parts>,
    /// Spills of the workloads whose spill may differ.
    spills: BTreeMap<usize, Vec<Nano>>,
    /// What nodes gain or lose.
    moved: BTreeMap<usize, i64>,
}

impl<'a> Trial<'a> {
    fn new(estate: &'a Estate, changes: &'a Changes) -> Self {
        let workloads =
            changes.workloads.iter().map(|(&number, facts)| (number, facts.clone().normalised())).collect();
        let (own, spills, moved) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut trial = Self { estate, changes, workloads, own, spills, moved };
        let runners = changes.images.keys().flat_map(|&image| &estate.runs[image]);
        let changed: BTreeSet<usize> = changes.workloads.keys().chain(runners).copied().collect();
        for &number in &changed {
            let images = trial.facts(number).images.iter().map(|image| trial.image(*image));
            let parts = trial.facts(number).own_parts(images);
            trial.own.insert(number, parts);
        }
        let residents = changes.nodes.keys().flat_map(|&node| &estate.residents[node]);
        for number in residents.copied().chain(changed).collect::<BTreeSet<usize>>() {
            trial.spill(number);
        }
        trial
    }

    /// Recounts what a workload spills onto its nodes, and takes what it spilled before from them.
    fn spill(&mut self, number: usize) {
        let facts = self.facts(number);
        let own = self.own_parts(number).own();
        let spill = |node: &usize| facts.spill(own, self.node(*node).kernel, &self.estate.constants);
        let after: Vec<Nano> = facts.nodes.iter().map(spill).collect();
        let gained: Vec<(usize, i64)> =
            facts.nodes.iter().zip(&after).map(|(&node, hazard)| (node, hazard.0)).collect();
        let before = self.estate.workloads[number].nodes.iter().zip(&self.estate.spills[number]);
        for (node, hazard) in before.map(|(&node, hazard)| (node, -hazard.0)).chain(gained) {
            *self.moved.entry(node).or_default() += hazard;
        }
        self.spills.insert(number, after);
    }

    /// The workloads whose score may differ: those that changed, and the residents of nodes that did.
    fn rescored(&self) -> BTreeSet<usize> {
        let nodes = self.moved.iter().filter(|(_, moved)| **moved != 0).map(|(&node, _)| node);
        let residents = nodes.flat_map(|node| &self.estate.residents[node]);
        residents.chain(self.spills.keys()).copied().collect()
    }

    fn score(&self, number: usize) -> WorkloadScore {
        let facts = self.facts(number);
        let spills = self.spills.get(&number).unwrap_or(&self.estate.spills[number]);
        let node_hazard = |node: usize| {
            self.estate.node_hazards[node] + Nano(self.moved.get(&node).copied().unwrap_or_default())
        };
        let shared_kernel = coupling(facts, spills, node_hazard);
        facts.score(Parts { shared_kernel, ..self.own_parts(number) }, &self.estate.constants)
    }

    fn own_parts(&self, number: usize) -> Parts {
        self.own.get(&number).copied().unwrap_or(self.estate.scores()[number].parts)
    }

    fn facts(&self, number: usize) -> &WorkloadFacts {
        self.workloads.get(&number).unwrap_or(&self.estate.workloads[number])
    }

    fn image(&self, number: usize) -> &ImageHazard {
        self.changes.images.get(&number).unwrap_or(&self.estate.images[number])
    }

    fn node(&self, number: usize) -> &NodeFacts {
        self.changes.nodes.get(&number).unwrap_or(&self.estate.nodes[number])
    }
}
