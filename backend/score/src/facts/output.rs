//! Scored facts, as they are printed. Refuses to round: numbers are as computed.

use std::collections::BTreeMap;

use serde::Serialize;

use super::check;
use super::wire::{Facts, ImageInput, WorkloadInput};
use crate::constants::Constants;
use crate::error::Error;
use crate::estate::{Estate, NodeFacts};
use crate::factors::escape;
use crate::hazard::{ByReach, Nano};
use crate::image::{self, ImageHazard};
use crate::workload::WorkloadFacts;

/// The scores of a facts file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Output {
    /// E, in critical-asset equivalents.
    pub exposure: f64,
    /// The exposure score, 0 to 1000.
    pub ces: f64,
    /// Workloads by id.
    pub workloads: BTreeMap<String, WorkloadOutput>,
    /// Images by id.
    pub images: BTreeMap<String, ImageOutput>,
}

/// A scored workload.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorkloadOutput {
    /// Λ, in nano-units.
    pub hazard: Nano,
    /// Λ′, in nano-units.
    pub total_hazard: Nano,
    /// L, in critical-asset equivalents.
    pub loss: f64,
    /// 0 to 100.
    pub score: f64,
}

/// A scored image.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImageOutput {
    /// Λ at each reach, in nano-units.
    pub hazard: ByReach,
    /// 0 to 100; of an image that does not run, as on a standard workload reached from inside.
    pub score: f64,
}

impl Facts {
    /// Checks and scores the facts.
    ///
    /// # Errors
    /// [`Error::Facts`] with every problem.
    pub fn score(&self, constants: &Constants) -> Result<Output, Error> {
        let estate = self.estate(constants)?;
        let (exposure, scale) = (estate.exposure().as_f64(), &constants.scale);
        let workloads = self.workloads.keys().zip(estate.scores()).map(|(id, score)| {
            let (hazard, total_hazard) = (score.hazard(), score.total_hazard());
            let output = WorkloadOutput { hazard, total_hazard, loss: score.loss, score: score.score };
            (id.clone(), output)
        });
        let images = self.images.keys().zip(estate.images.iter().zip(estate.image_scores()));
        let images =
            images.map(|(id, (image, score))| (id.clone(), ImageOutput { hazard: image.total(), score }));
        Ok(Output {
            exposure,
            ces: scale.exposure_score(exposure, self.baseline),
            workloads: workloads.collect(),
            images: images.collect(),
        })
    }

    /// Checks the facts and makes the estate they describe, everything in the order of its ids.
    ///
    /// # Errors
    /// [`Error::Facts`] with every problem.
    pub fn estate(&self, constants: &Constants) -> Result<Estate, Error> {
        let problems = check::problems(self);
        if !problems.is_empty() {
            return Err(Error::Facts(problems));
        }
        let prior = image::prior(|reach| self.priors.at(reach), constants);
        let images = self.images.values().map(|image| image.hazard(prior, constants)).collect();
        let places = Places { images: places(&self.images), nodes: places(&self.nodes) };
        let workloads = self.workloads.values().map(|workload| workload.facts(&places)).collect();
        let nodes = self.nodes.values().map(|node| NodeFacts { kernel: node.kernel }).collect();
        Estate::new(images, workloads, nodes, constants)
    }
}

/// The numbers of ids in the lists of the estate.
struct Places<'a> {
    images: BTreeMap<&'a str, usize>,
    nodes: BTreeMap<&'a str, usize>,
}

fn places<T>(map: &BTreeMap<String, T>) -> BTreeMap<&str, usize> {
    map.keys().enumerate().map(|(place, id)| (id.as_str(), place)).collect()
}

impl ImageInput {
    fn hazard(&self, prior: ByReach, constants: &Constants) -> ImageHazard {
        let Some(age_days) = self.scan_age_days else {
            return ImageHazard::unscanned(prior);
        };
        let findings: Vec<_> =
            self.findings.iter().map(|input| (input.unit.as_str(), input.finding())).collect();
        let known = image::known(findings.iter().map(|(unit, finding)| (*unit, finding)), constants);
        ImageHazard::scanned(known, prior, age_days, constants)
    }
}

impl WorkloadInput {
    fn facts(&self, places: &Places<'_>) -> WorkloadFacts {
        let numbers = |ids: &[String], places: &BTreeMap<&str, usize>| {
            ids.iter().filter_map(|id| places.get(id.as_str()).copied()).collect()
        };
        WorkloadFacts {
            images: numbers(&self.images, &places.images),
            reach: self.reach,
            nodes: numbers(&self.nodes, &places.nodes),
            configuration: Nano(self.config_hazard),
            secret: Nano::ZERO,
            alert: Nano(self.alert_hazard),
            gap: Nano::ZERO,
            escape: escape::ease(&self.escape),
            sandbox: self.sandbox,
            criticality: self.criticality,
        }
    }
}
