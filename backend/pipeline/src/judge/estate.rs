//! Judges the estate: every workload's score with its reasons, every image's place, every container's stage
//! of the exposure gap, the day's row. Refuses averages and leaves what did not change unwritten.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use domain::id::WorkloadId;
use policy::deadlines::is_publicly_exposed;
use policy::gap::{ContainerFacts, Stage};
use score::slices::Slice;
use score::workload::WorkloadScore;
use store::Tx;
use store::facts::ImageFact;
use store::save::history::{self, Day};
use store::save::scores::{self, ImageStanding, WorkloadJudgement};

use super::assembly::{Assembly, Placed};
use super::images::Unit;
use super::{Judge, explain};
use crate::Error;

/// Writes the judgement of an assembled estate and tells the day's row.
pub(super) async fn write(
    tx: &Tx,
    judge: &Judge,
    assembly: &Assembly,
    now: DateTime<Utc>,
) -> Result<Day, Error> {
    let stages = stages(judge, assembly, now);
    let units = units(assembly);
    let judgements: Vec<WorkloadJudgement> = assembly
        .workloads
        .iter()
        .zip(assembly.estate.scores())
        .map(|(workload, score)| judgement(judge, assembly, workload, score, &stages, &units))
        .collect();
    scores::judge_workloads(tx, &judgements).await?;
    let places: Vec<(WorkloadId, i64, &'static str)> =
        stages.iter().map(|((workload, position), stage)| (*workload, *position, stage.as_str())).collect();
    scores::place_containers(tx, &places).await?;
    scores::place_images(tx, &standings(judge, assembly, &units)).await?;
    let at_stake = assembly.estate.at_stake();
    let baseline = history::baseline(tx, at_stake, now).await?;
    let day = day(judge, assembly, &stages, baseline, now);
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

/// Score and numbers of each image over the workloads that run it.
fn standings(judge: &Judge, assembly: &Assembly, units: &HashMap<usize, Vec<Unit>>) -> Vec<ImageStanding> {
    let mut running = vec![0_i64; assembly.images.len()];
    let mut workloads = vec![Vec::<&Placed>::new(); assembly.images.len()];
    for workload in &assembly.workloads {
        for image in &workload.scored.images {
            workloads[*image].push(workload);
        }
        for container in &workload.fact.containers {
            if let Some(image) = container.image.and_then(|id| assembly.positions.get(&id)) {
                running[*image] += container.running;
            }
        }
    }
    let scores = assembly.estate.image_scores();
    (0..assembly.images.len())
        .map(|at| {
            let image = &assembly.images[at];
            let worst = workloads[at].iter().copied().max_by(|left, right| {
                let share = |workload: &Placed| {
                    assembly.hazards[at].total().at(workload.reach).probability()
                        * workload.scored.criticality
                };
                share(left).total_cmp(&share(right))
            });
            let read;
            let own: &[Unit] = match units.get(&at) {
                Some(units) => units,
                None => {
                    read = serde_json::from_str::<Vec<Unit>>(&image.units).unwrap_or_default();
                    &read
                }
            };
            let explanation = explain::image(image, &assembly.hazards[at], worst, own, &judge.constants);
            ImageStanding {
                id: image.id,
                running: running[at],
                workloads: i64::try_from(workloads[at].len()).unwrap_or(i64::MAX),
                score: Some(scores[at]),
                score_reach: worst.map_or("latent", |workload| workload.reach.as_str()).to_owned(),
                explanation,
            }
        })
        .collect()
}

fn day(judge: &Judge, assembly: &Assembly, stages: &Stages, baseline: f64, now: DateTime<Utc>) -> Day {
    let mut counts = [0_i64; 6];
    let (mut running, mut kev_running) = (0, 0);
    for workload in &assembly.workloads {
        for container in workload.fact.containers.iter().filter(|container| container.running > 0) {
            running += 1;
            if let Some(stage) = stages.get(&(workload.fact.id, container.position)) {
                counts[stage.rank()] += 1;
            }
            let image = container.image.and_then(|id| assembly.positions.get(&id));
            if image.is_some_and(|at| assembly.images[*at].kev > 0) {
                kev_running += 1;
            }
        }
    }
    let slices = assembly.estate.slices();
    let order = [Slice::Known, Slice::Configuration, Slice::SharedKernel, Slice::Runtime, Slice::Gap];
    let exposure = assembly.estate.exposure().as_f64();
    Day {
        day: now.format("%Y-%m-%d").to_string(),
        at: now,
        exposure,
        ces: judge.constants.scale.exposure_score(exposure, baseline),
        baseline,
        slices: order.map(|slice| slices.at(slice).as_f64()),
        workloads: i64::try_from(assembly.workloads.len()).unwrap_or(i64::MAX),
        running,
        stages: counts,
        kev_running,
        constants: judge.constants.version.clone(),
    }
}
