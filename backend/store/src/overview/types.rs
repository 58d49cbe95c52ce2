//! The rows of the Overview. Refuses entities: each struct holds what one part of the page shows.

use chrono::{DateTime, NaiveDate, Utc};
use domain::id::{ImageId, WorkloadId};

/// Everything on the Overview.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// The organisation's score; absent until something has been scored.
    pub score: Option<Headline>,
    /// One point a day, oldest first, at most ninety.
    pub trend: Vec<TrendPoint>,
    /// What moved the exposure most in the time of the trend, for marks on it.
    pub events: Vec<TrendEvent>,
    /// Why the exposure moved in the last seven days, largest change first.
    pub moves: Vec<Move>,
    /// The Cyber Exposure gap in running containers.
    pub gap: Gap,
    /// The five slices of the exposure.
    pub slices: Slices,
    /// Workloads by loss, worst first.
    pub worst: Vec<WorstWorkload>,
    /// How many workloads there are in all.
    pub workload_count: u64,
    /// Fixes by the exposure they take away, best first.
    pub fixes: Vec<NextFix>,
    /// Running containers with a finding that is known to be exploited, worst workload first.
    pub exploited: Vec<ExploitedContainer>,
    /// How many such containers run in all.
    pub exploited_count: u64,
    /// How much of what runs has been looked at.
    pub coverage: Coverage,
    /// Every source of facts and when it last spoke, stalest first.
    pub sources: Vec<Source>,
}

/// The organisation's score as last computed.
#[derive(Clone, Debug)]
pub struct Headline {
    /// Cyber Exposure score, 0 to 1000.
    pub ces: f64,
    /// Exposure in critical-asset equivalents.
    pub exposure: f64,
    /// Sum of criticalities frozen at the last declared baseline.
    pub baseline: f64,
    /// When the baseline was declared.
    pub baseline_at: Option<DateTime<Utc>>,
    /// The score on the day of the baseline, if that day is on record.
    pub baseline_ces: Option<f64>,
    /// The score about a week ago, with the day it is of.
    pub week_ago: Option<(NaiveDate, f64)>,
    /// When it was computed.
    pub at: DateTime<Utc>,
    /// Version of the constants: `ces-1.0`.
    pub constants: String,
}

/// One day of history.
#[derive(Clone, Debug)]
pub struct TrendPoint {
    /// The day.
    pub day: NaiveDate,
    /// Cyber Exposure score at its end.
    pub ces: f64,
    /// Exposure at its end.
    pub exposure: f64,
}

/// Something that moved the exposure on one day.
#[derive(Clone, Debug)]
pub struct TrendEvent {
    /// The day.
    pub day: NaiveDate,
    /// The cause in words, as the ledger has it.
    pub cause: String,
    /// What it concerns.
    pub subject: String,
}

/// One cause of change, summed over the period.
#[derive(Clone, Debug)]
pub struct Move {
    /// The cause in words, as the ledger has it.
    pub cause: String,
    /// What it concerns.
    pub subject: String,
    /// The page about it; may be empty.
    pub link: String,
    /// Change of exposure, in critical-asset equivalents.
    pub change: f64,
    /// The same as a change of the score.
    pub points: f64,
    /// How many ledger rows it sums.
    pub count: u64,
    /// The latest of them.
    pub at: DateTime<Utc>,
}

/// Running containers by the first stage each one fails; the six add up to `running`.
#[derive(Clone, Debug, Default)]
pub struct Gap {
    /// Running containers.
    pub running: u64,
    /// Not in the inventory with owner, account and cluster.
    pub unknown: u64,
    /// Known, but the image has no completed scan.
    pub unassessed: u64,
    /// Scanned, but too long ago.
    pub stale: u64,
    /// Current, but not from an approved place.
    pub unsanctioned: u64,
    /// Sanctioned, with a fixable finding past its deadline.
    pub overdue: u64,
    /// None of these.
    pub in_order: u64,
}

/// The exposure by where it comes from, in critical-asset equivalents; they add up to the exposure.
#[derive(Clone, Debug, Default)]
pub struct Slices {
    /// Known vulnerabilities.
    pub known: f64,
    /// Configuration and secrets.
    pub config: f64,
    /// Shared kernel.
    pub kernel: f64,
    /// Runtime evidence; absent while nothing has been heard from a sensor.
    pub runtime: Option<f64>,
    /// What nobody has looked at.
    pub gap: f64,
}

/// A workload among the worst.
#[derive(Clone, Debug)]
pub struct WorstWorkload {
    /// Its id.
    pub id: WorkloadId,
    /// Cluster.
    pub cluster: String,
    /// Namespace.
    pub namespace: String,
    /// Controller kind.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Owner, if known.
    pub owner: Option<String>,
    /// Score, 0 to 100.
    pub score: Option<f64>,
    /// Its part of the exposure.
    pub loss: f64,
    /// Why, in a few words.
    pub why: String,
    /// Open findings by severity: critical, high, medium, low, unknown.
    pub severities: [u64; 5],
    /// Running containers.
    pub running: u64,
    /// From where it can be reached.
    pub reach: String,
    /// The first stage of the gap that one of its containers fails.
    pub gap_stage: String,
}

/// A fix worth making.
#[derive(Clone, Debug)]
pub struct NextFix {
    /// What kind of fix: a package update, a rebuild on a newer base.
    pub kind: String,
    /// What to change.
    pub name: String,
    /// From this version; may be empty.
    pub from_version: String,
    /// To this version; may be empty.
    pub to_version: String,
    /// Findings it closes.
    pub findings: u64,
    /// Images it touches.
    pub images: u64,
    /// Workloads it makes safer.
    pub workloads: u64,
    /// Owners who have to act.
    pub owners: u64,
    /// Change of the exposure, negative.
    pub exposure_change: f64,
    /// Change of the score, negative.
    pub score_change: f64,
    /// The page of what it is about; empty where name and version say it.
    pub link: String,
}

/// A running container with a finding known to be exploited.
#[derive(Clone, Debug)]
pub struct ExploitedContainer {
    /// The workload's id.
    pub workload: WorkloadId,
    /// The workload's name.
    pub workload_name: String,
    /// Its namespace.
    pub namespace: String,
    /// The container's name.
    pub container: String,
    /// The image it runs.
    pub image: ImageId,
    /// The image's name.
    pub image_name: String,
    /// Running instances.
    pub running: u64,
    /// Exploited vulnerabilities in it.
    pub exploited: u64,
    /// One of them, the one listed last.
    pub example: String,
    /// When that one was listed.
    pub listed_at: Option<DateTime<Utc>>,
    /// From where the workload can be reached.
    pub reach: String,
}

/// Images that run, by whether they have been looked at.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// Images that run.
    pub images: u64,
    /// Of these, scanned within the window.
    pub scanned: u64,
    /// Scanned, but longer ago.
    pub stale: u64,
    /// Never scanned.
    pub unscanned: u64,
    /// Running containers whose image is not known at all.
    pub unresolved: u64,
}

/// A source of facts.
#[derive(Clone, Debug)]
pub struct Source {
    /// Kind of document or feed, as its format names it.
    pub kind: String,
    /// The tool, or empty for feeds.
    pub tool: String,
    /// Documents taken in from it.
    pub documents: u64,
    /// Of these, not readable.
    pub failed: u64,
    /// The moment its newest document speaks for.
    pub as_of: Option<DateTime<Utc>>,
    /// When something last arrived.
    pub received_at: DateTime<Utc>,
}
