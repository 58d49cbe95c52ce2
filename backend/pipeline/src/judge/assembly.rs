//! Clusters put together from stored facts and scored: image hazards, workloads, nodes, routes.
//! Refuses to write.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use domain::exposure::Reach;
use domain::id::{ImageId, NodeId};
use domain::workload::ContainerSecurity;
use score::estate::{Estate, NodeFacts};
use score::factors::configuration::{self, PodCheck};
use score::factors::{alert, criticality, escape, sandbox};
use score::image::ImageHazard;
use score::workload::WorkloadFacts;
use score::{ByReach, Constants, Nano};
use store::Tx;
use store::facts::{self, AlertFact, ImageFact, WorkloadFact};

use super::images::by_reach;
use super::priors::Priors;
use super::reach::Routes;
use crate::Error;

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
    /// Settings of its pods that give too much.
    pub(super) failed_checks: Vec<PodCheck>,
    /// Open detections on it, worst first.
    pub(super) alerts: Vec<AlertFact>,
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

/// Reads the facts of some clusters, and of images besides theirs, and scores them. Workloads of different
/// clusters share no node, so that a cluster's scores are the same with and without the others.
pub(super) async fn assemble(
    tx: &Tx,
    clusters: &[String],
    besides: &[ImageId],
    priors: &Priors,
    constants: &Constants,
    now: DateTime<Utc>,
) -> Result<Assembly, Error> {
    let mut images = facts::images_in(tx, clusters).await?;
    images.extend(besides);
    let images = facts::images(tx, &images.into_iter().collect::<Vec<_>>()).await?;
    let nodes = facts::nodes(tx, clusters).await?;
    let exposures = facts::exposures(tx, clusters).await?;
    let policies = facts::network_policies(tx, clusters).await?;
    let ids = facts::workload_ids(tx, clusters).await?;
    let mut alerts = facts::alerts(tx, clusters).await?;
    let hazards: Vec<ImageHazard> =
        images.iter().map(|image| hazard(image, priors, constants, now)).collect();
    let positions: HashMap<ImageId, usize> =
        images.iter().enumerate().map(|(position, image)| (image.id, position)).collect();
    let routes = Routes::new(&exposures, &policies);
    let hosts: HashMap<NodeId, (usize, bool)> =
        nodes.iter().enumerate().map(|(place, node)| (node.id, (place, node.public_address))).collect();
    let floor = priors.floor();
    let mut placed = Vec::with_capacity(ids.len());
    // What is decided takes less room than what it is decided by.
    for ids in ids.chunks(facts::PORTION) {
        for fact in facts::workloads(tx, ids).await? {
            let open = alerts.remove(&fact.id).unwrap_or_default();
            let mut workload = place(fact, &routes, &hosts, &positions, &images, floor, constants);
            workload.scored.alert = open.iter().map(|fact| alert_hazard(fact, constants)).sum();
            workload.alerts = open;
            placed.push(workload);
        }
    }
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

/// The hazard of an image: what is known, but never less than its prior where no scan covered it whole.
pub(super) fn hazard(
    image: &ImageFact,
    priors: &Priors,
    constants: &Constants,
    now: DateTime<Utc>,
) -> ImageHazard {
    let prior = priors.of(&image.registry, image.distribution.as_deref());
    match image.last_scanned_at {
        Some(at) => ImageHazard::scanned(by_reach(&image.hazards), prior, days(now, at), constants),
        None => ImageHazard { known: by_reach(&image.hazards), floor: prior },
    }
}

/// Days from one moment to a later one; what lies ahead counts as now.
pub(super) fn days(now: DateTime<Utc>, at: DateTime<Utc>) -> f64 {
    ((now - at).num_seconds() as f64 / 86_400.0).max(0.0)
}

fn place(
    mut fact: WorkloadFact,
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
    // What was decided by them stays, not labels and settings: of a whole cluster they are much.
    fact.labels = BTreeMap::new();
    let security: Vec<ContainerSecurity> =
        fact.containers.iter_mut().map(|container| std::mem::take(&mut container.security)).collect();
    let escape_terms = escape::terms(&fact.isolation, &security);
    let probabilities: Vec<f64> = escape_terms.iter().map(|term| term.probability(constants)).collect();
    let failed_checks = configuration::pod_checks(&fact.isolation, &security);
    let of_pods: Nano =
        failed_checks.iter().map(|check| configuration::check_hazard(check.severity(), constants)).sum();
    let total = |hazard: fn(&ImageFact) -> i64| runs.iter().map(|image| Nano(hazard(&images[*image]))).sum();
    let scored = WorkloadFacts {
        images: runs.iter().copied().collect(),
        reach,
        nodes: on.iter().map(|(node, _)| *node).collect(),
        configuration: of_pods + total(|image| image.hazard_config),
        secret: total(|image| image.hazard_secret),
        alert: Nano::ZERO,
        gap: (0..unresolved).map(|_| floor.at(reach)).sum(),
        escape: escape::ease(&probabilities),
        sandbox: sandbox::Barrier::of(&fact.isolation, &security, constants).factor(constants),
        criticality: criticality::weight(fact.criticality, constants),
    };
    Placed { fact, reach, reach_evidence, escape_terms, failed_checks, alerts: Vec::new(), scored }
}

/// The hazard of the open detections of one severity.
fn alert_hazard(fact: &AlertFact, constants: &Constants) -> Nano {
    let each = alert::hazard(fact.severity, constants);
    Nano(each.0.saturating_mul(fact.detections.max(0)))
}
