//! Random estates of every shape, and what the tests ask of them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::cvss::AttackVector;
use domain::exposure::Reach;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::constants::Constants;
use crate::factors::in_use::InUse;
use crate::factors::threat::Tier;
use crate::facts::{Facts, FindingInput, ImageInput, NodeInput, Output, PriorsInput, Vex, WorkloadInput};

/// The constants that are part of the program.
pub(super) static CONSTANTS: LazyLock<Constants> = LazyLock::new(|| Constants::embedded().unwrap());

/// 256 cases, nothing written to disk.
pub(super) fn config() -> ProptestConfig {
    ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() }
}

fn probability() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), Just(1.0), 0.0..1.0, 0.0..0.01, Just(1e-10)]
}

fn reach() -> impl Strategy<Value = Reach> {
    proptest::sample::select(Reach::ALL.to_vec())
}

pub(super) fn finding() -> impl Strategy<Value = FindingInput> {
    let tiers = vec![Tier::Exploited, Tier::Weaponised, Tier::Public, Tier::None, Tier::None, Tier::None];
    let vectors = vec![AttackVector::Network, AttackVector::Adjacent, AttackVector::Local];
    let uses = vec![InUse::Loaded, InUse::NoSensor, InUse::NotLoaded];
    (
        0..4_u8,
        proptest::option::of(probability()),
        proptest::option::of(0.0..0.07),
        proptest::sample::select(tiers),
        proptest::sample::select(vectors),
        proptest::sample::select(uses),
        probability(),
        proptest::option::weighted(0.1, Just(Vex::NotAffected)),
    )
        .prop_map(|(unit, epss, cold, tier, attack_vector, in_use, impact, vex)| FindingInput {
            unit: format!("unit-{unit}"),
            epss,
            cold,
            tier,
            attack_vector,
            in_use,
            impact,
            vex,
        })
}

fn image() -> impl Strategy<Value = ImageInput> {
    let age = proptest::option::weighted(0.8, 0.0..40.0);
    (age, proptest::collection::vec(finding(), 0..4))
        .prop_map(|(scan_age_days, findings)| ImageInput { scan_age_days, findings })
}

/// A workload whose images and nodes are numbers still, to be placed by [`placed`].
pub(super) fn workload() -> impl Strategy<Value = WorkloadInput> {
    let numbers = || proptest::collection::vec((0..6_u8).prop_map(|number| number.to_string()), 0..4);
    (
        numbers(),
        reach(),
        numbers(),
        prop_oneof![Just(0), 0..3_000_000_000_i64],
        prop_oneof![Just(0), 0..1_000_000_000_i64],
        proptest::collection::vec(probability(), 0..4),
        probability(),
        proptest::sample::select(vec![0.3, 1.0, 3.0]),
    )
        .prop_map(|(images, reach, nodes, config_hazard, alert_hazard, escape, sandbox, criticality)| {
            WorkloadInput { images, reach, nodes, config_hazard, alert_hazard, escape, sandbox, criticality }
        })
}

/// The workload on images and nodes that exist, as many as there are.
pub(super) fn placed(mut workload: WorkloadInput, images: usize, nodes: usize) -> WorkloadInput {
    for (prefix, ids, count) in [("i", &mut workload.images, images), ("n", &mut workload.nodes, nodes)] {
        for id in ids {
            *id = format!("{prefix}{}", id.parse::<usize>().unwrap() % count);
        }
    }
    workload
}

fn named<T>(prefix: &str, items: Vec<T>) -> BTreeMap<String, T> {
    items.into_iter().enumerate().map(|(number, item)| (format!("{prefix}{number}"), item)).collect()
}

/// An estate with at least one image, one workload and one node.
pub(super) fn estate() -> impl Strategy<Value = Facts> {
    let images = proptest::collection::vec(image(), 1..5);
    let nodes = proptest::collection::vec(probability(), 1..4);
    let workloads = proptest::collection::vec(workload(), 1..7);
    (images, nodes, workloads, 0.0..1.0).prop_map(|(images, nodes, workloads, prior)| {
        let place = |workload| placed(workload, images.len(), nodes.len());
        Facts {
            workloads: named("w", workloads.into_iter().map(place).collect()),
            images: named("i", images),
            nodes: named("n", nodes.into_iter().map(|kernel| NodeInput { kernel }).collect()),
            priors: PriorsInput {
                internet: prior,
                restricted: prior * 0.3,
                internal: prior * 0.1,
                isolated: prior * 0.03,
                unknown: prior * 0.5,
            },
            baseline: 10.0,
        }
    })
}

/// An estate and three choices in it.
pub(super) fn estate_and_choices() -> impl Strategy<Value = (Facts, [Index; 3])> {
    (estate(), any::<[Index; 3]>())
}

/// The value of a chosen key.
pub(super) fn chosen<'a, T>(map: &'a mut BTreeMap<String, T>, index: &Index) -> &'a mut T {
    let place = index.index(map.len());
    map.values_mut().nth(place).unwrap()
}

/// A finding anywhere in the estate, if there is one.
pub(super) fn chosen_finding<'a>(facts: &'a mut Facts, index: &Index) -> Option<&'a mut FindingInput> {
    let mut findings: Vec<_> = facts.images.values_mut().flat_map(|image| &mut image.findings).collect();
    (!findings.is_empty()).then(|| findings.swap_remove(index.index(findings.len())))
}

/// The scores of an estate.
pub(super) fn score(facts: &Facts) -> Output {
    facts.score(&CONSTANTS).unwrap()
}

/// Neither the exposure nor any workload or image that is in both is lower after.
pub(super) fn never_lower(before: &Facts, after: &Facts) -> Result<(), TestCaseError> {
    let (before, after) = (score(before), score(after));
    prop_assert!(after.exposure >= before.exposure && after.ces >= before.ces);
    for (id, old) in &before.workloads {
        let Some(new) = after.workloads.get(id) else { continue };
        prop_assert!(new.hazard >= old.hazard && new.total_hazard >= old.total_hazard, "{id}");
        prop_assert!(new.loss >= old.loss && new.score >= old.score, "{id}");
    }
    for (id, old) in &before.images {
        let Some(new) = after.images.get(id) else { continue };
        let pairs = old.hazard.to_array().into_iter().zip(new.hazard.to_array());
        prop_assert!(pairs.into_iter().all(|(old, new)| new >= old), "{id}");
    }
    Ok(())
}
