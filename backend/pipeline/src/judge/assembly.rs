//! The estate put together from stored facts, ready to be scored: priors, image hazards, workloads, nodes.
//! Refuses to write.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use domain::exposure::Reach;
use domain::id::{ImageId, NodeId};
use domain::workload::ContainerSecurity;
use score::estate::{Estate, NodeFacts};
use score::factors::{criticality, escape, sandbox};
use score::image::ImageHazard;
use score::priors::Priors;
use score::workload::WorkloadFacts;
use score::{ByReach, Constants, Nano};
use store::facts::{self, ImageFact, WorkloadFact};
use store::{Tx, save::history};

use super::images::by_reach;
use super::reach::Routes;
use crate::Error;

/// Registries that anyone can pull from; the rest count as private.
const PUBLIC_REGISTRIES: [&str; 8] = [
    "docker.io",
    "gcr.io",
    "ghcr.io",
    "mcr.microsoft.com",
    "public.ecr.aws",
    "quay.io",
    "registry.access.redhat.com",
    "registry.k8s.io",
];
/// Stratum of the floor among stored priors.
const FLOOR: &str = "";

/// A workload with what was decided about it on the way to its score.
pub(super) struct Placed {
    /// As stored.
    pub(super) fact: WorkloadFact,
    /// From where it can be reached.
    pub(super) reach: Reach,
    /// Why.
    pub(super) reach_evidence: String,
    /// Ways out of its containers, worst first.
    pub(super) escape_terms: Vec<escape::Term>,
    /// What the score was given.
    pub(super) scored: WorkloadFacts,
}

/// The estate with everything that writing and explaining it needs.
pub(super) struct Assembly {
    /// Images, in the estate's order.
    pub(super) images: Vec<ImageFact>,
    /// Their hazards.
    pub(super) hazards: Vec<ImageHazard>,
    /// Workloads, in the estate's order.
    pub(super) workloads: Vec<Placed>,
    /// The scored estate.
    pub(super) estate: Estate,
    /// Place of an image by id.
    pub(super) positions: HashMap<ImageId, usize>,
}

/// Reads the facts and scores the estate.
pub(super) async fn assemble(tx: &Tx, constants: &Constants, now: DateTime<Utc>) -> Result<Assembly, Error> {
    let images = facts::images(tx).await?;
    let nodes = facts::nodes(tx).await?;
    let exposures = facts::exposures(tx).await?;
    let workloads = facts::workloads(tx).await?;
    let priors = priors(tx, &images, constants, now).await?;
    let hazards: Vec<ImageHazard> =
        images.iter().map(|image| hazard(image, &priors, constants, now)).collect();
    let positions: HashMap<ImageId, usize> =
        images.iter().enumerate().map(|(position, image)| (image.id, position)).collect();
    let routes = Routes::new(&exposures);
    let hosts: HashMap<NodeId, (usize, bool)> =
        nodes.iter().enumerate().map(|(place, node)| (node.id, (place, node.public_address))).collect();
    let floor = priors.get(FLOOR).copied().unwrap_or(ByReach::ZERO);
    let placed: Vec<Placed> = workloads
        .into_iter()
        .map(|fact| place(fact, &routes, &hosts, &positions, &images, floor, constants))
        .collect();
    let estate = Estate::new(
        hazards.clone(),
        placed.iter().map(|workload| workload.scored.clone()).collect(),
        nodes
            .iter()
            .map(|node| NodeFacts { kernel: node.kernel_probability.unwrap_or(constants.kernel.unknown) })
            .collect(),
        constants,
    )?;
    Ok(Assembly { images, hazards, workloads: placed, estate, positions })
}

fn hazard(
    image: &ImageFact,
    priors: &BTreeMap<String, ByReach>,
    constants: &Constants,
    now: DateTime<Utc>,
) -> ImageHazard {
    let prior = priors.get(&stratum(image)).or_else(|| priors.get(FLOOR)).copied().unwrap_or(ByReach::ZERO);
    match image.last_scanned_at {
        Some(at) => ImageHazard::scanned(by_reach(&image.hazards), prior, days(now, at), constants),
        None => ImageHazard::unscanned(prior),
    }
}

/// Days from one moment to a later one; what lies ahead counts as now.
pub(super) fn days(now: DateTime<Utc>, at: DateTime<Utc>) -> f64 {
    ((now - at).num_seconds() as f64 / 86_400.0).max(0.0)
}

/// Family of the base system and class of the registry.
fn stratum(image: &ImageFact) -> String {
    let class = if PUBLIC_REGISTRIES.contains(&image.registry.as_str()) { "public" } else { "private" };
    format!("{}/{class}", image.distribution.as_deref().unwrap_or("unknown"))
}

/// The priors of the day: frozen by its first judgement, and again when twice as many images are scanned.
async fn priors(
    tx: &Tx,
    images: &[ImageFact],
    constants: &Constants,
    now: DateTime<Utc>,
) -> Result<BTreeMap<String, ByReach>, Error> {
    let day = now.format("%Y-%m-%d").to_string();
    let scanned = || images.iter().filter(|image| image.last_scanned_at.is_some());
    let count = i64::try_from(scanned().count()).unwrap_or(i64::MAX);
    let frozen = history::priors(tx, &day).await?;
    let stands_on = frozen.iter().find(|prior| prior.stratum == FLOOR).map(|prior| prior.images);
    if stands_on.is_some_and(|then| count < then.saturating_mul(2).max(1)) {
        return Ok(frozen.into_iter().map(|prior| (prior.stratum, by_reach(&prior.hazards))).collect());
    }
    let fresh = Priors::freeze(scanned().map(|image| (stratum(image), by_reach(&image.hazards))), constants);
    let mut priors: BTreeMap<String, ByReach> =
        fresh.strata().map(|(stratum, prior)| (stratum.clone(), prior)).collect();
    priors.insert(FLOOR.to_owned(), fresh.floor());
    let rows: Vec<history::Prior> = priors
        .iter()
        .map(|(stratum, prior)| history::Prior {
            stratum: stratum.clone(),
            images: count,
            hazards: prior.to_array().map(|nano| nano.0),
        })
        .collect();
    history::freeze_priors(tx, &day, &rows).await?;
    Ok(priors)
}

fn place(
    fact: WorkloadFact,
    routes: &Routes<'_>,
    hosts: &HashMap<NodeId, (usize, bool)>,
    positions: &HashMap<ImageId, usize>,
    images: &[ImageFact],
    floor: ByReach,
    constants: &Constants,
) -> Placed {
    let on: Vec<(usize, bool)> = fact.nodes.iter().filter_map(|node| hosts.get(node).copied()).collect();
    let (reach, reach_evidence) = routes.of(&fact, on.iter().any(|(_, public)| *public));
    let running = || fact.containers.iter().filter(|container| container.running > 0 && !container.init);
    let runs: BTreeSet<usize> =
        running().filter_map(|container| positions.get(&container.image?).copied()).collect();
    let unresolved = running().filter(|container| container.image.is_none()).count();
    let security: Vec<ContainerSecurity> =
        fact.containers.iter().map(|container| container.security.clone()).collect();
    let escape_terms = escape::terms(&fact.isolation, &security);
    let probabilities: Vec<f64> = escape_terms.iter().map(|term| term.probability(constants)).collect();
    let total = |hazard: fn(&ImageFact) -> i64| runs.iter().map(|image| Nano(hazard(&images[*image]))).sum();
    let scored = WorkloadFacts {
        images: runs.iter().copied().collect(),
        reach,
        nodes: on.iter().map(|(node, _)| *node).collect(),
        configuration: total(|image| image.hazard_config),
        secret: total(|image| image.hazard_secret),
        alert: Nano::ZERO,
        gap: (0..unresolved).map(|_| floor.at(reach)).sum(),
        escape: escape::ease(&probabilities),
        sandbox: sandbox::Barrier::of(&fact.isolation, &security, constants).factor(constants),
        criticality: criticality::weight(fact.criticality, constants),
    };
    Placed { fact, reach, reach_evidence, escape_terms, scored }
}
