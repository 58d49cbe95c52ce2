//! The Overview over the API: score, gap, slices, worst workloads, next fixes, coverage and sources.
//! Refuses to add up: every number is one that the page shows.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use store::overview;
use utoipa::ToSchema;

use super::list::{SeverityCounts, answer};
use crate::State;
use crate::error::Error;
use crate::viewer::CurrentViewer;

/// The estate in numbers.
#[derive(Debug, Serialize, ToSchema)]
struct Overview {
    /// The moment it is made for.
    as_of: DateTime<Utc>,
    /// The organisation's score; null until something has been scored.
    score: Option<Score>,
    /// One point a day, oldest first, at most ninety.
    trend: Vec<TrendPoint>,
    /// Why the exposure moved in the last seven days, largest change first.
    moves: Vec<Move>,
    /// The exposure gap, in running containers.
    gap: Gap,
    /// The exposure by where it comes from.
    slices: Slices,
    /// Workloads by loss, worst first.
    worst_workloads: Vec<Worst>,
    /// How many workloads there are.
    workload_count: u64,
    /// Fixes by the exposure they take away, best first.
    fixes: Vec<Fix>,
    /// Running containers with a finding known to be exploited.
    exploited_count: u64,
    /// How much of what runs has been looked at.
    coverage: Coverage,
    /// Every source of facts, stalest first.
    sources: Vec<Source>,
}

/// The Cyber Exposure score.
#[derive(Debug, Serialize, ToSchema)]
struct Score {
    /// 0 to 1000.
    #[schema(example = 612.0)]
    ces: f64,
    /// Exposure in critical-asset equivalents.
    exposure: f64,
    /// Sum of criticalities at the last declared baseline.
    baseline: f64,
    /// The score about a week ago, if that is on record.
    week_ago: Option<f64>,
    /// When it was computed.
    at: DateTime<Utc>,
    /// Version of the constants.
    #[schema(example = "ces-1.0")]
    constants: String,
}

/// One day of history.
#[derive(Debug, Serialize, ToSchema)]
struct TrendPoint {
    /// The day.
    day: NaiveDate,
    /// The score at its end.
    ces: f64,
    /// The exposure at its end.
    exposure: f64,
}

/// One cause of change.
#[derive(Debug, Serialize, ToSchema)]
struct Move {
    /// The cause in words.
    cause: String,
    /// What it concerns.
    subject: String,
    /// The page about it; may be empty.
    page: String,
    /// Change of the exposure.
    exposure_change: f64,
    /// The same as a change of the score.
    score_change: f64,
    /// When.
    at: DateTime<Utc>,
}

/// Running containers by the first stage each one fails; the six add up to `running`.
#[derive(Debug, Serialize, ToSchema)]
struct Gap {
    /// Running containers.
    running: u64,
    /// Not in the inventory with owner, account and cluster.
    unknown: u64,
    /// Known, but the image has no completed scan.
    unassessed: u64,
    /// Scanned, but too long ago.
    stale: u64,
    /// Current, but not from an approved place.
    unsanctioned: u64,
    /// With a fixable finding past its deadline.
    overdue: u64,
    /// None of these.
    in_order: u64,
}

/// The exposure by where it comes from, in critical-asset equivalents.
#[derive(Debug, Serialize, ToSchema)]
struct Slices {
    /// Known vulnerabilities.
    known: f64,
    /// Configuration and secrets.
    config: f64,
    /// Shared kernel.
    kernel: f64,
    /// Runtime evidence; null while nothing has been heard from a sensor.
    runtime: Option<f64>,
    /// What nobody has looked at.
    gap: f64,
}

/// A workload among the worst.
#[derive(Debug, Serialize, ToSchema)]
struct Worst {
    /// Its id.
    id: String,
    /// Cluster; empty if not known.
    cluster: String,
    /// Namespace.
    namespace: String,
    /// Controller kind.
    kind: String,
    /// Name.
    name: String,
    /// Owner.
    owner: Option<String>,
    /// Score, 0 to 100.
    score: Option<f64>,
    /// Its part of the exposure.
    loss: f64,
    /// Why, in a few words.
    why: String,
    /// Open findings by severity.
    findings: SeverityCounts,
    /// Running containers.
    running: u64,
    /// From where it can be reached.
    reach: String,
}

/// A fix worth making.
#[derive(Debug, Serialize, ToSchema)]
struct Fix {
    /// What kind of fix.
    kind: String,
    /// What to change.
    name: String,
    /// From this version; may be empty.
    from_version: String,
    /// To this version; may be empty.
    to_version: String,
    /// Findings it closes.
    findings: u64,
    /// Images it touches.
    images: u64,
    /// Workloads it makes safer.
    workloads: u64,
    /// Change of the exposure.
    exposure_change: f64,
    /// Change of the score.
    score_change: f64,
}

/// Images that run, by whether they have been looked at.
#[derive(Debug, Serialize, ToSchema)]
struct Coverage {
    /// Images that run.
    images: u64,
    /// Scanned within the window.
    scanned: u64,
    /// Scanned, but longer ago.
    stale: u64,
    /// Never scanned.
    unscanned: u64,
    /// Running containers whose image is not known at all.
    unresolved: u64,
}

/// A source of facts.
#[derive(Debug, Serialize, ToSchema)]
struct Source {
    /// Kind of document.
    kind: String,
    /// The tool; empty for feeds.
    tool: String,
    /// Documents taken in from it.
    documents: u64,
    /// Of these, not readable.
    failed: u64,
    /// The moment its newest document speaks for.
    as_of: Option<DateTime<Utc>>,
    /// When something last arrived.
    received_at: DateTime<Utc>,
}

/// Show the estate in numbers
#[utoipa::path(tag = "overview", responses((status = 200, body = Overview, description = "What the Overview shows.")))]
#[get("/overview")]
pub(crate) async fn get_overview(viewer: CurrentViewer, state: Data<State>) -> Result<HttpResponse, Error> {
    let now = state.now();
    let found = overview::read(&state.store, &viewer, now, state.stale_before()).await?;
    Ok(answer(&Overview {
        as_of: now,
        score: found.score.map(score),
        trend: found
            .trend
            .into_iter()
            .map(|point| TrendPoint { day: point.day, ces: point.ces, exposure: point.exposure })
            .collect(),
        moves: found.moves.into_iter().map(moved).collect(),
        gap: gap(&found.gap),
        slices: slices(&found.slices),
        worst_workloads: found.worst.into_iter().map(worst).collect(),
        workload_count: found.workload_count,
        fixes: found.fixes.into_iter().map(fix).collect(),
        exploited_count: found.exploited_count,
        coverage: coverage(&found.coverage),
        sources: found.sources.into_iter().map(source).collect(),
    }))
}

fn score(headline: overview::Headline) -> Score {
    Score {
        ces: headline.ces,
        exposure: headline.exposure,
        baseline: headline.baseline,
        week_ago: headline.week_ago.map(|(_, ces)| ces),
        at: headline.at,
        constants: headline.constants,
    }
}

fn moved(row: overview::Move) -> Move {
    Move {
        cause: row.cause,
        subject: row.subject,
        page: row.link,
        exposure_change: row.change,
        score_change: row.points,
        at: row.at,
    }
}

fn gap(stages: &overview::Gap) -> Gap {
    Gap {
        running: stages.running,
        unknown: stages.unknown,
        unassessed: stages.unassessed,
        stale: stages.stale,
        unsanctioned: stages.unsanctioned,
        overdue: stages.overdue,
        in_order: stages.in_order,
    }
}

fn slices(parts: &overview::Slices) -> Slices {
    Slices {
        known: parts.known,
        config: parts.config,
        kernel: parts.kernel,
        runtime: parts.runtime,
        gap: parts.gap,
    }
}

fn worst(row: overview::WorstWorkload) -> Worst {
    Worst {
        id: row.id.to_string(),
        cluster: row.cluster,
        namespace: row.namespace,
        kind: row.kind,
        name: row.name,
        owner: row.owner,
        score: row.score,
        loss: row.loss,
        why: row.why,
        findings: row.severities.into(),
        running: row.running,
        reach: row.reach,
    }
}

fn fix(row: overview::NextFix) -> Fix {
    Fix {
        kind: row.kind,
        name: row.name,
        from_version: row.from_version,
        to_version: row.to_version,
        findings: row.findings,
        images: row.images,
        workloads: row.workloads,
        exposure_change: row.exposure_change,
        score_change: row.score_change,
    }
}

fn coverage(images: &overview::Coverage) -> Coverage {
    Coverage {
        images: images.images,
        scanned: images.scanned,
        stale: images.stale,
        unscanned: images.unscanned,
        unresolved: images.unresolved,
    }
}

fn source(row: overview::Source) -> Source {
    Source {
        kind: row.kind,
        tool: row.tool,
        documents: row.documents,
        failed: row.failed,
        as_of: row.as_of,
        received_at: row.received_at,
    }
}
