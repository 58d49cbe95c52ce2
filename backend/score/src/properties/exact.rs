//! Sums are exact, orders and names do not matter, and a recount of what changed equals a full one.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::estates::{CONSTANTS, chosen, chosen_finding, config, estate, estate_and_choices, score};
use crate::estate::{Estate, NodeFacts};
use crate::facts::Facts;
use crate::hazard::{ByReach, Nano};
use crate::image::ImageHazard;
use crate::loss::Loss;
use crate::what_if::Changes;
use crate::workload::WorkloadScore;

/// Under other names, in the opposite order.
fn renamed(id: &str) -> String {
    let (prefix, number) = id.split_at(1);
    format!("{prefix}{:03}", 999 - number.parse::<u32>().unwrap())
}

fn turn<T: Clone>(map: &BTreeMap<String, T>, change: impl Fn(&mut T)) -> BTreeMap<String, T> {
    let turned = map.iter().map(|(id, value)| {
        let mut value = value.clone();
        change(&mut value);
        (renamed(id), value)
    });
    turned.collect()
}

/// The same estate under other names, every list turned round and named twice where that may not matter.
fn turned(facts: &Facts) -> Facts {
    Facts {
        images: turn(&facts.images, |image| image.findings.reverse()),
        workloads: turn(&facts.workloads, |workload| {
            for list in [&mut workload.images, &mut workload.nodes] {
                *list = list.iter().rev().chain(list.iter()).map(|id| renamed(id)).collect();
            }
            workload.escape.reverse();
        }),
        nodes: turn(&facts.nodes, |_| {}),
        ..facts.clone()
    }
}

fn rebuilt(estate: &Estate, changes: &Changes) -> Estate {
    fn apply<T: Clone>(list: &[T], changes: &BTreeMap<usize, T>) -> Vec<T> {
        list.iter().enumerate().map(|(number, item)| changes.get(&number).unwrap_or(item).clone()).collect()
    }
    Estate::new(
        apply(&estate.images, &changes.images),
        apply(&estate.workloads, &changes.workloads),
        apply(&estate.nodes, &changes.nodes),
        &CONSTANTS,
    )
    .unwrap()
}

/// Random changes of an estate's images, workloads and nodes.
fn changes(estate: &Estate, seeds: &[(u8, usize, i64, f64)]) -> Changes {
    let mut changes = Changes::default();
    for &(kind, number, hazard, probability) in seeds {
        let (image, workload, node) =
            (number % estate.images.len(), number % estate.workloads.len(), number % estate.nodes.len());
        let facts = changes.workloads.get(&workload).unwrap_or(&estate.workloads[workload]).clone();
        match kind {
            0 => {
                let known = ByReach::from_fn(|reach| Nano(hazard / (1 + reach as i64)));
                changes.images.insert(image, ImageHazard { known, ..estate.images[image] });
            }
            1 => {
                let nodes = vec![node, 0, node];
                let changed = crate::workload::WorkloadFacts { escape: probability, nodes, ..facts };
                changes.workloads.insert(workload, changed);
            }
            2 => {
                let images = vec![image];
                let alert = Nano(hazard);
                changes.workloads.insert(workload, crate::workload::WorkloadFacts { images, alert, ..facts });
            }
            _ => {
                changes.nodes.insert(node, NodeFacts { kernel: probability });
            }
        }
    }
    changes
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn losses_add_up_to_the_exposure(facts in estate()) {
        let estate = facts.estate(&CONSTANTS).unwrap();
        let sum: Loss = estate.scores().iter().map(WorkloadScore::exact_loss).sum();
        prop_assert_eq!(sum, estate.exposure());
        prop_assert_eq!(estate.slices().total(), estate.exposure());
        prop_assert_eq!(estate.slices().micro().iter().sum::<i64>(), estate.exposure().micro());
        let printed: f64 = score(&facts).workloads.values().map(|workload| workload.loss).sum();
        prop_assert!((printed - estate.exposure().as_f64()).abs() < 1e-12);
    }

    #[test]
    fn parts_add_up_to_the_hazard(facts in estate()) {
        let estate = facts.estate(&CONSTANTS).unwrap();
        for (score, workload) in estate.scores().iter().zip(&estate.workloads) {
            let images: Nano =
                workload.images.iter().map(|&image| estate.images[image].total().at(workload.reach)).sum();
            prop_assert_eq!(score.hazard(), images + workload.configuration + workload.alert);
            prop_assert_eq!(score.parts.to_array().into_iter().sum::<Nano>(), score.total_hazard());
        }
    }

    #[test]
    fn neither_order_nor_names_matter(facts in estate()) {
        let (straight, turned) = (score(&facts), score(&turned(&facts)));
        prop_assert_eq!(straight.exposure.to_bits(), turned.exposure.to_bits());
        for (id, workload) in &straight.workloads {
            prop_assert_eq!(workload, &turned.workloads[&renamed(id)]);
        }
        for (id, image) in &straight.images {
            prop_assert_eq!(image, &turned.images[&renamed(id)]);
        }
    }

    #[test]
    fn what_if_equals_a_full_recount(
        facts in estate(),
        seeds in proptest::collection::vec((0..4_u8, 0..100_usize, 0..3_000_000_000_i64, 0.0..=1.0), 0..5),
    ) {
        let estate = facts.estate(&CONSTANTS).unwrap();
        let changes = changes(&estate, &seeds);
        let (answer, rebuilt) = (estate.what_if(&changes).unwrap(), rebuilt(&estate, &changes));
        prop_assert_eq!(answer.exposure, rebuilt.exposure());
        prop_assert_eq!(answer.change, rebuilt.exposure() - estate.exposure());
        let mut scores = estate.scores().to_vec();
        for (number, score) in answer.workloads {
            scores[number] = score;
        }
        prop_assert_eq!(&scores[..], rebuilt.scores());
    }

    #[test]
    fn a_unit_gone_equals_its_findings_fixed((facts, [at, which, _]) in estate_and_choices()) {
        let mut fixed = facts.clone();
        let image = chosen(&mut fixed.images, &at);
        prop_assume!(!image.findings.is_empty() && image.scan_age_days.is_some());
        let unit = image.findings[which.index(image.findings.len())].unit.clone();
        let (gone, left) = image.findings.drain(..).partition(|finding| finding.unit == unit);
        image.findings = left;
        let gone: Vec<crate::facts::FindingInput> = gone;
        let gone: Vec<_> = gone.iter().map(crate::facts::FindingInput::finding).collect();
        let removal = [(at.index(facts.images.len()), crate::unit::hazard(&gone, &CONSTANTS))];
        let estate = facts.estate(&CONSTANTS).unwrap();
        let answer = estate.without_units(&removal).unwrap();
        prop_assert_eq!(answer.exposure, fixed.estate(&CONSTANTS).unwrap().exposure());
        let direct = estate.direct_gain(&removal).unwrap();
        prop_assert!(direct >= Loss::ZERO && direct <= Loss::ZERO - answer.change);
    }

    #[test]
    fn an_image_named_by_no_workload_costs_nothing((facts, [which, ..]) in estate_and_choices()) {
        let mut more = facts.clone();
        let Some(finding) = chosen_finding(&mut more, &which).cloned() else { return Ok(()) };
        more.images.insert("latent".to_owned(), crate::facts::ImageInput {
            scan_age_days: Some(0.0),
            findings: vec![finding],
        });
        prop_assert_eq!(score(&more).exposure.to_bits(), score(&facts).exposure.to_bits());
    }
}
