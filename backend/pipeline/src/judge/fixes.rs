//! The best next fixes over the estate: every fix unit of running images ranked by what it saves directly,
//! the best put to an exact what-if; and the scans that would end a gap. Refuses units without a fix.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::id::ImageId;
use score::ByReach;
use score::image::ImageHazard;
use score::what_if::{Changes, WhatIf};
use store::Tx;
use store::facts;
use store::save::history::{self, FixLine};

use super::assembly::{self, Assembly};
use super::images::{by_reach, units};
use super::priors::Priors;
use super::{Judge, portions, sensed};
use crate::Error;

/// How many fixes are kept.
const KEPT: usize = 40;
/// How many are tried exactly.
const TRIED: usize = 80;

/// One unit over all images that have it.
#[derive(Default)]
struct Candidate {
    to_version: String,
    findings: i64,
    worst: i64,
    removals: Vec<(usize, ByReach)>,
}

/// The best next fixes, best first.
pub(super) async fn rank(
    tx: &Tx,
    judge: &Judge,
    priors: &Priors,
    now: DateTime<Utc>,
) -> Result<Vec<FixLine>, Error> {
    let clusters: Vec<String> = facts::clusters(tx).await?.into_iter().map(|cluster| cluster.name).collect();
    let assembly = &assembly::assemble(tx, &clusters, &[], priors, &judge.constants, now).await?;
    let baseline = history::declared_baseline(tx).await?;
    let candidates = candidates(tx, judge, assembly, now).await?;
    let mut ranked = Vec::with_capacity(candidates.len());
    for (unit, candidate) in candidates {
        ranked.push((assembly.estate.direct_gain(&candidate.removals)?, unit, candidate));
    }
    ranked.sort_by(|left, right| right.0.cmp(&left.0).then_with(|| left.1.cmp(&right.1)));
    let ces = |exposure: f64| judge.constants.scale.exposure_score(exposure, baseline);
    let mut lines = Vec::new();
    for (_, (name, version), candidate) in ranked.into_iter().take(TRIED) {
        let outcome = assembly.estate.without_units(&candidate.removals)?;
        let images: Vec<usize> = candidate.removals.iter().map(|(image, _)| *image).collect();
        let line = FixLine {
            kind: "package",
            name,
            from_version: version,
            to_version: candidate.to_version,
            findings: candidate.findings,
            ..blank()
        };
        lines.push(judged(line, &outcome, &images, &ces, assembly));
    }
    lines.extend(scans(&ces, assembly)?);
    lines.retain(|line| line.exposure_change < 0.0);
    lines.sort_by(|left, right| left.exposure_change.total_cmp(&right.exposure_change));
    lines.truncate(KEPT);
    Ok(lines)
}

/// Units with a fix in images that run, by package and version.
async fn candidates(
    tx: &Tx,
    judge: &Judge,
    assembly: &Assembly,
    now: DateTime<Utc>,
) -> Result<BTreeMap<(String, String), Candidate>, Error> {
    let running: Vec<ImageId> =
        running(assembly).into_iter().map(|image| assembly.images[image].id).collect();
    let mut candidates = BTreeMap::<(String, String), Candidate>::new();
    for portion in portions(tx, &running).await? {
        let mut by_image = BTreeMap::<ImageId, Vec<facts::FindingFact>>::new();
        for fact in sensed::findings(tx, judge, portion, now).await? {
            by_image.entry(fact.image).or_default().push(fact);
        }
        for id in portion {
            let Some(image) = assembly.positions.get(id) else { continue };
            let found = by_image.get(id).map(Vec::as_slice).unwrap_or_default();
            for unit in units(found, now, &judge.constants).into_iter().filter(|unit| !unit.fix.is_empty()) {
                let candidate = candidates.entry((unit.name.clone(), unit.version.clone())).or_default();
                candidate.findings += unit.findings;
                candidate.removals.push((*image, by_reach(&unit.hazards)));
                if unit.hazards[0] > candidate.worst || candidate.to_version.is_empty() {
                    candidate.worst = unit.hazards[0];
                    candidate.to_version = unit.fix;
                }
            }
        }
    }
    Ok(candidates)
}

/// The images that run.
fn running(assembly: &Assembly) -> BTreeSet<usize> {
    assembly.workloads.iter().flat_map(|workload| workload.scored.images.iter().copied()).collect()
}

/// What a scan of each image that counts by its prior would take away at most.
fn scans(ces: &dyn Fn(f64) -> f64, assembly: &Assembly) -> Result<Vec<FixLine>, Error> {
    let mut lines = Vec::new();
    for image in running(assembly) {
        let hazard = &assembly.hazards[image];
        if hazard.gap() == ByReach::ZERO {
            continue;
        }
        let seen = ImageHazard { known: hazard.known, floor: ByReach::ZERO };
        let changes = Changes { images: BTreeMap::from([(image, seen)]), ..Changes::default() };
        let outcome = assembly.estate.what_if(&changes)?;
        let fact = &assembly.images[image];
        let line = FixLine {
            kind: "scan",
            name: fact.name.clone(),
            link: format!("/images/{}", fact.digest),
            ..blank()
        };
        lines.push(judged(line, &outcome, &[image], ces, assembly));
    }
    Ok(lines)
}

fn blank() -> FixLine {
    FixLine {
        kind: "package",
        name: String::new(),
        from_version: String::new(),
        to_version: String::new(),
        findings: 0,
        images: 0,
        workloads: 0,
        owners: 0,
        exposure_change: 0.0,
        score_change: 0.0,
        link: String::new(),
    }
}

/// The line with what the change would do.
fn judged(
    line: FixLine,
    outcome: &WhatIf,
    images: &[usize],
    ces: &dyn Fn(f64) -> f64,
    assembly: &Assembly,
) -> FixLine {
    let gains = assembly
        .workloads
        .iter()
        .filter(|workload| workload.scored.images.iter().any(|image| images.contains(image)));
    let owners: BTreeSet<&str> =
        gains.clone().filter_map(|workload| workload.fact.owner.as_deref()).collect();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    FixLine {
        images: count(images.len()),
        workloads: count(gains.count()),
        owners: count(owners.len()),
        exposure_change: outcome.change.as_f64(),
        score_change: ces(outcome.exposure.as_f64()) - ces(assembly.estate.exposure().as_f64()),
        ..line
    }
}
