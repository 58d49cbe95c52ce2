//! Writes what was judged: every workload's score with its reasons, every container's stage of the exposure
//! gap, every image's place, the day's row. Refuses averages and leaves what did not change unwritten.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use domain::id::{ImageId, WorkloadId};
use policy::deadlines::is_publicly_exposed;
use policy::gap::{ContainerFacts, Stage};
use score::Constants;
use score::factors::criticality;
use score::image::ImageHazard;
use score::workload::WorkloadScore;
use store::Tx;
use store::facts::{self, ImageFact, RunnerFact};
use store::save::history::{self, Day};
use store::save::scores::{self, ImageStanding, WorkloadJudgement};

use super::assembly::{Assembly, Placed};
use super::images::Unit;
use super::sums::{self, Sums};
use super::{CHUNK, Judge, explain};
use crate::Error;

/// Workloads that are explained at one time: reasons are long.
const PORTION: usize = 500;

/// Writes the judgement of the workloads of some clusters, and what each cluster adds to the whole.
pub(super) async fn write_clusters(
    tx: &Tx,
    judge: &Judge,
    assembly: &Assembly,
    clusters: &[String],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let stages = stages(judge, assembly, now);
    let units = units(assembly);
    let scored: Vec<(&Placed, &WorkloadScore)> =
        assembly.workloads.iter().zip(assembly.estate.scores()).collect();
    for portion in scored.chunks(PORTION) {
        let judgements: Vec<WorkloadJudgement> = portion
            .iter()
            .map(|(workload, score)| judgement(judge, assembly, workload, score, &stages, &units))
            .collect();
        scores::judge_workloads(tx, &judgements).await?;
    }
    let places: Vec<(WorkloadId, i64, &'static str)> =
        stages.iter().map(|((workload, position), stage)| (*workload, *position, stage.as_str())).collect();
    scores::place_containers(tx, &places).await?;
    sums::put(tx, &cluster_sums(assembly, clusters, &stages)).await
}

/// Writes images' places in the estate, over every workload that runs them wherever it is. Tells which
/// run otherwise than before.
pub(super) async fn write_images(
    tx: &Tx,
    images: &[ImageFact],
    hazards: &[ImageHazard],
    constants: &Constants,
) -> Result<Vec<ImageId>, Error> {
    let mut moved = Vec::new();
    for (images, hazards) in images.chunks(CHUNK).zip(hazards.chunks(CHUNK)) {
        let ids: Vec<ImageId> = images.iter().map(|image| image.id).collect();
        let runners = facts::runners(tx, &ids).await?;
        let standings: Vec<ImageStanding> = images
            .iter()
            .zip(hazards)
            .map(|(image, hazard)| {
                standing(image, hazard, runners.get(&image.id).map_or(&[], Vec::as_slice), constants)
            })
            .collect();
        scores::place_images(tx, &standings).await?;
        let differ = images.iter().zip(&standings).filter(|(image, standing)| {
            image.running != standing.running || image.workloads != standing.workloads
        });
        moved.extend(differ.map(|(image, _)| image.id));
    }
    Ok(moved)
}

/// The day's row from what the clusters add.
pub(super) async fn write_day(tx: &Tx, judge: &Judge, now: DateTime<Utc>) -> Result<Day, Error> {
    let total = sums::total(tx).await?;
    let baseline = history::baseline(tx, total.at_stake(), now).await?;
    let exposure = total.exposure();
    let day = Day {
        day: now.format("%Y-%m-%d").to_string(),
        at: now,
        exposure,
        ces: judge.constants.scale.exposure_score(exposure, baseline),
        baseline,
        slices: total.slices(),
        workloads: total.workloads,
        running: total.running,
        stages: total.stages,
        kev_running: total.kev_running,
        constants: judge.constants.version.clone(),
    };
    // Before the first workload there is no baseline and nothing to score: no day is written, not even a zero.
    if baseline > 0.0 {
        history::record(tx, &day).await?;
    }
    Ok(day)
}

type Stages = HashMap<(WorkloadId, i64), Stage>;

fn stages(judge: &Judge, assembly: &Assembly, now: DateTime<Utc>) -> Stages {
    let mut stages = Stages::new();
    for workload in &assembly.workloads {
        for container in workload.fact.containers.iter().filter(|container| container.running > 0) {
            let image =
                container.image.and_then(|id| assembly.positions.get(&id)).map(|at| &assembly.images[*at]);
            let name = format!("{}/{}", container.registry, container.repository);
            let stage = judge.gap.stage(&facts(workload, &name, image, now), now);
            stages.insert((workload.fact.id, container.position), stage);
        }
    }
    stages
}

fn facts<'a>(
    workload: &Placed,
    repository: &'a str,
    image: Option<&ImageFact>,
    now: DateTime<Utc>,
) -> ContainerFacts<'a> {
    let exposed = is_publicly_exposed(workload.reach);
    let due = image.and_then(|image| if exposed { image.due_exposed_at } else { image.due_internal_at });
    ContainerFacts {
        has_owner: workload.fact.owner.is_some(),
        has_place: !workload.fact.cluster.is_empty(),
        matched_at: image.and_then(|image| image.last_scanned_at),
        repository: Some(repository),
        overdue: due.is_some_and(|due| due < now),
    }
}

/// The worst units of every image that runs.
fn units(assembly: &Assembly) -> HashMap<usize, Vec<Unit>> {
    let running: BTreeSet<usize> =
        assembly.workloads.iter().flat_map(|workload| workload.scored.images.iter().copied()).collect();
    let read = |image: usize| serde_json::from_str(&assembly.images[image].units).unwrap_or_default();
    running.into_iter().map(|image| (image, read(image))).collect()
}

fn judgement(
    judge: &Judge,
    assembly: &Assembly,
    workload: &Placed,
    score: &WorkloadScore,
    stages: &Stages,
    units: &HashMap<usize, Vec<Unit>>,
) -> WorkloadJudgement {
    let images = || workload.scored.images.iter().map(|image| &assembly.images[*image]);
    let mut severities = [0; 5];
    for image in images() {
        for (sum, count) in severities.iter_mut().zip(image.severities) {
            *sum += count;
        }
    }
    let containers = || workload.fact.containers.iter().filter(|container| container.running > 0);
    let worst = containers()
        .filter_map(|container| stages.get(&(workload.fact.id, container.position)))
        .min_by_key(|stage| stage.rank());
    let mut own: Vec<&Unit> =
        workload.scored.images.iter().filter_map(|image| units.get(image)).flatten().collect();
    let reach = explain::index(workload.reach);
    own.sort_by_key(|unit| std::cmp::Reverse(unit.hazards[reach]));
    WorkloadJudgement {
        id: workload.fact.id,
        reach: workload.reach.as_str(),
        reach_evidence: workload.reach_evidence.clone(),
        escape_ease: workload.scored.escape,
        sandbox: workload.scored.sandbox,
        escape_evidence: explain::escape(workload, &judge.constants),
        running: containers().map(|container| container.running).sum(),
        images: i64::try_from(workload.scored.images.len()).unwrap_or(i64::MAX),
        severities,
        fixable: images().map(|image| image.fixable).sum(),
        kev: images().map(|image| image.kev).sum(),
        own_parts: [score.parts.known, score.parts.configuration, score.parts.runtime, score.parts.gap]
            .map(|part| part.0),
        kernel_part: score.parts.shared_kernel.0,
        loss: score.loss,
        score: score.score,
        gap_stage: worst.map_or("not_running", |stage| stage.as_str()),
        why: explain::why(workload, score, &own),
        explanation: explain::workload(workload, score, &own, &judge.constants),
    }
}

/// Score and numbers of an image over the workloads that run it.
fn standing(
    image: &ImageFact,
    hazard: &ImageHazard,
    runners: &[RunnerFact],
    constants: &Constants,
) -> ImageStanding {
    let weight = |runner: &RunnerFact| criticality::weight(runner.criticality, constants);
    let share = |runner: &RunnerFact| hazard.total().at(runner.reach).probability() * weight(runner);
    let lasting = || runners.iter().filter(|runner| runner.lasting);
    let worst = lasting().max_by(|left, right| share(left).total_cmp(&share(right)));
    let units: Vec<Unit> = serde_json::from_str(&image.units).unwrap_or_default();
    let running = lasting().map(|runner| (runner.reach, weight(runner)));
    ImageStanding {
        id: image.id,
        running: runners.iter().map(|runner| runner.instances).sum(),
        workloads: i64::try_from(lasting().count()).unwrap_or(i64::MAX),
        score: Some(hazard.score(running, constants)),
        score_reach: worst.map_or("latent", |runner| runner.reach.as_str()).to_owned(),
        explanation: explain::image(hazard, worst, &units, constants),
    }
}

fn cluster_sums<'a>(
    assembly: &'a Assembly,
    clusters: &'a [String],
    stages: &Stages,
) -> BTreeMap<&'a str, Sums> {
    // A cluster whose last workload went is among them, with nothing to add.
    let mut sums: BTreeMap<&str, Sums> =
        clusters.iter().map(|cluster| (cluster.as_str(), Sums::default())).collect();
    for (workload, score) in assembly.workloads.iter().zip(assembly.estate.scores()) {
        let sum = sums.entry(&workload.fact.cluster).or_default();
        sum.add_workload(score, workload.scored.criticality);
        for container in workload.fact.containers.iter().filter(|container| container.running > 0) {
            sum.running += 1;
            if let Some(stage) = stages.get(&(workload.fact.id, container.position)) {
                sum.stages[stage.rank()] += 1;
            }
            let image = container.image.and_then(|id| assembly.positions.get(&id));
            sum.kev_running += i64::from(image.is_some_and(|at| assembly.images[*at].kev > 0));
        }
    }
    sums
}
