//! What the Overview shows, in a fixed number of queries. Refuses to compute a score: it adds up and
//! ranks what the last rescore wrote.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::id::{ImageId, WorkloadId};
use domain::scope::Viewer;

use crate::connection::Conn;
use crate::row::Row;
use crate::{Error, Store};

/// Everything on the Overview.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// The organisation's score; absent until something has been scored.
    pub score: Option<Headline>,
    /// One point a day, oldest first, at most ninety.
    pub trend: Vec<TrendPoint>,
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
    /// Runtime evidence.
    pub runtime: f64,
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
    /// The list of findings behind it; may be empty.
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

/// Rows in each short list of the Overview.
const SHORT: u64 = 8;
/// Days of history in the trend.
const TREND_DAYS: i64 = 90;
/// Days of ledger in "why it moved".
const MOVE_DAYS: i64 = 7;
/// Days after which a scan counts as stale in the coverage.
const FRESH_DAYS: i64 = 7;
/// Points of the Cyber Exposure score a decade of exposure is worth (SCORING 3.4).
const POINTS_PER_DECADE: f64 = 250.0;
/// Nano-units in one critical-asset equivalent.
const NANO: f64 = 1e9;

/// Reads the whole Overview as of `now`, in nine queries.
///
/// # Errors
/// When the database does not answer.
pub async fn read(store: &Store, viewer: &Viewer, now: DateTime<Utc>) -> Result<Overview, Error> {
    debug_assert!(viewer.sees_everything(), "rows are not filtered yet");
    let days = history(store, now).await?;
    let (workload_count, gap) = gap(store).await?;
    let (exploited, exploited_count) = exploited(store).await?;
    Ok(Overview {
        score: headline(store, &days, now).await?,
        slices: days.last().map(|day| day.slices.clone()).unwrap_or_default(),
        moves: moves(store, now).await?,
        trend: days.into_iter().map(|day| day.point).collect(),
        gap,
        worst: worst(store).await?,
        workload_count,
        fixes: fixes(store).await?,
        exploited,
        exploited_count,
        coverage: coverage(store, now).await?,
        sources: sources(store).await?,
    })
}

/// One row of history.
struct Day {
    point: TrendPoint,
    slices: Slices,
    at: DateTime<Utc>,
    baseline: f64,
    constants: String,
}

/// The last days, oldest first.
async fn history(store: &Store, now: DateTime<Utc>) -> Result<Vec<Day>, Error> {
    let since = (now - TimeDelta::days(TREND_DAYS)).date_naive().to_string();
    let sql = "SELECT day, at, exposure, ces, baseline, known, config, kernel, runtime, gap, constants \
               FROM daily_scores WHERE day >= $1 ORDER BY day";
    store.query(sql, vec![since.into()]).await?.iter().map(day).collect()
}

fn day(row: &Row) -> Result<Day, Error> {
    let day = row.text("day")?.parse().map_err(|_| Error::Corrupt { column: "day".to_owned(), source: None })?;
    Ok(Day {
        point: TrendPoint { day, ces: row.real("ces")?, exposure: row.real("exposure")? },
        slices: Slices {
            known: row.real("known")?,
            config: row.real("config")?,
            kernel: row.real("kernel")?,
            runtime: row.real("runtime")?,
            gap: row.real("gap")?,
        },
        at: row.time("at")?,
        baseline: row.real("baseline")?,
        constants: row.text("constants")?,
    })
}

/// The newest day, with the baseline and the day a week before it.
async fn headline(store: &Store, days: &[Day], now: DateTime<Utc>) -> Result<Option<Headline>, Error> {
    let sql = "SELECT b.declared_at, d.ces FROM baselines b \
               LEFT JOIN daily_scores d ON d.at >= b.declared_at - 86400000 AND d.at <= b.declared_at + 86400000 \
               ORDER BY b.declared_at DESC, d.at LIMIT 1";
    let baseline = store.query_one(sql, vec![]).await?;
    let Some(last) = days.last() else { return Ok(None) };
    let week = (now - TimeDelta::days(MOVE_DAYS)).date_naive();
    let before = days.iter().rfind(|day| day.point.day <= week);
    Ok(Some(Headline {
        ces: last.point.ces,
        exposure: last.point.exposure,
        baseline: last.baseline,
        baseline_at: baseline.as_ref().map(|row| row.time("declared_at")).transpose()?,
        baseline_ces: baseline.as_ref().map(|row| row.optional_real("ces")).transpose()?.flatten(),
        week_ago: before.map(|day| (day.point.day, day.point.ces)),
        at: last.at,
        constants: last.constants.clone(),
    }))
}

/// The largest causes of change. Points are shared out so that those of all causes add up to the change
/// of the score: on a logarithmic scale that takes the logarithmic mean of the exposure.
async fn moves(store: &Store, now: DateTime<Utc>) -> Result<Vec<Move>, Error> {
    let since = (now - TimeDelta::days(MOVE_DAYS)).timestamp_millis();
    let sql = "WITH span AS (SELECT * FROM ledger WHERE at >= $1), \
               ends AS (SELECT (SELECT exposure_nano - change_nano FROM span ORDER BY at, id LIMIT 1) AS first_nano, \
                               (SELECT exposure_nano FROM span ORDER BY at DESC, id DESC LIMIT 1) AS last_nano) \
               SELECT cause, subject, link, CAST(SUM(change_nano) AS BIGINT) AS change, COUNT(*) AS entries, \
                      MAX(at) AS at, MAX(first_nano) AS first_nano, MAX(last_nano) AS last_nano \
               FROM span, ends GROUP BY cause, subject, link \
               ORDER BY ABS(CAST(SUM(change_nano) AS BIGINT)) DESC, cause, subject LIMIT $2";
    let rows = store.query(sql, vec![since.into(), as_limit(SHORT).into()]).await?;
    rows.iter().map(moved).collect()
}

fn moved(row: &Row) -> Result<Move, Error> {
    let exposure = |column| Ok::<_, Error>(row.integer(column)? as f64 / NANO);
    let change = exposure("change")?;
    let mean = logarithmic_mean(exposure("first_nano")?, exposure("last_nano")?);
    Ok(Move {
        cause: row.text("cause")?,
        subject: row.text("subject")?,
        link: row.text("link")?,
        change,
        points: if mean > 0.0 { POINTS_PER_DECADE / std::f64::consts::LN_10 * change / mean } else { 0.0 },
        count: row.count("entries")?,
        at: row.time("at")?,
    })
}

/// The mean by which a difference becomes a difference of logarithms.
fn logarithmic_mean(first: f64, last: f64) -> f64 {
    if first <= 0.0 || last <= 0.0 {
        first.max(last)
    } else if (first - last).abs() < 1e-12 {
        first
    } else {
        (last - first) / (last / first).ln()
    }
}

/// Workloads in all, and running containers by stage.
async fn gap(store: &Store) -> Result<(u64, Gap), Error> {
    let sql = "SELECT c.gap_stage AS stage, COUNT(*) AS containers, \
                      (SELECT COUNT(*) FROM workloads WHERE retired_at IS NULL) AS workloads \
               FROM workloads w LEFT JOIN containers c ON c.workload_id = w.id AND c.running > 0 \
               WHERE w.retired_at IS NULL GROUP BY c.gap_stage";
    let (mut gap, mut workloads) = (Gap::default(), 0);
    for row in store.query(sql, vec![]).await? {
        workloads = row.count("workloads")?;
        let Some(stage) = row.optional_text("stage")? else { continue };
        let count = row.count("containers")?;
        gap.running += count;
        *match stage.as_str() {
            "unassessed" => &mut gap.unassessed,
            "stale" => &mut gap.stale,
            "unsanctioned" => &mut gap.unsanctioned,
            "overdue" => &mut gap.overdue,
            "in-order" => &mut gap.in_order,
            _ => &mut gap.unknown,
        } += count;
    }
    Ok((workloads, gap))
}

async fn worst(store: &Store) -> Result<Vec<WorstWorkload>, Error> {
    let sql = "SELECT id, cluster, namespace, kind, name, owner, score, loss, why, critical, high, medium, low, \
                      unknown, running, reach, gap_stage \
               FROM workloads WHERE score IS NOT NULL AND retired_at IS NULL \
               ORDER BY score DESC, id DESC LIMIT $1";
    store.query(sql, vec![as_limit(SHORT).into()]).await?.iter().map(worst_workload).collect()
}

fn worst_workload(row: &Row) -> Result<WorstWorkload, Error> {
    Ok(WorstWorkload {
        id: row.id("id")?,
        cluster: row.text("cluster")?,
        namespace: row.text("namespace")?,
        kind: row.text("kind")?,
        name: row.text("name")?,
        owner: row.optional_text("owner")?,
        score: row.optional_real("score")?,
        loss: row.real("loss")?,
        why: row.text("why")?,
        severities: [
            row.count("critical")?,
            row.count("high")?,
            row.count("medium")?,
            row.count("low")?,
            row.count("unknown")?,
        ],
        running: row.count("running")?,
        reach: row.text("reach")?,
        gap_stage: row.text("gap_stage")?,
    })
}

async fn fixes(store: &Store) -> Result<Vec<NextFix>, Error> {
    let sql = "SELECT * FROM fixes ORDER BY position LIMIT $1";
    store.query(sql, vec![as_limit(SHORT).into()]).await?.iter().map(fix).collect()
}

fn fix(row: &Row) -> Result<NextFix, Error> {
    Ok(NextFix {
        kind: row.text("kind")?,
        name: row.text("name")?,
        from_version: row.text("from_version")?,
        to_version: row.text("to_version")?,
        findings: row.count("finding_count")?,
        images: row.count("image_count")?,
        workloads: row.count("workload_count")?,
        owners: row.count("owner_count")?,
        exposure_change: row.real("exposure_change")?,
        score_change: row.real("score_change")?,
        link: row.text("link")?,
    })
}

/// The short list, and how many there are in all.
async fn exploited(store: &Store) -> Result<(Vec<ExploitedContainer>, u64), Error> {
    let sql = "WITH hit AS (SELECT w.id AS workload, w.name AS workload_name, w.namespace, w.reach, w.score, \
                      c.position, c.name AS container, c.running, i.id AS image, i.name AS image_name, i.kev \
                   FROM images i JOIN containers c ON c.image_id = i.id JOIN workloads w ON w.id = c.workload_id \
                   WHERE i.kev > 0 AND c.running > 0 AND w.retired_at IS NULL), \
               top AS (SELECT * FROM hit ORDER BY COALESCE(score, -1) DESC, workload, position LIMIT $1), \
               example AS (SELECT f.image_id, f.vulnerability_id, v.kev_added_at, ROW_NUMBER() OVER \
                      (PARTITION BY f.image_id ORDER BY v.kev_added_at DESC, v.id) AS place \
                   FROM findings f JOIN vulnerabilities v ON v.id = f.vulnerability_id \
                   WHERE f.image_id IN (SELECT image FROM top) AND f.closed_at IS NULL \
                         AND v.kev_added_at IS NOT NULL) \
               SELECT top.*, e.vulnerability_id AS example, e.kev_added_at, (SELECT COUNT(*) FROM hit) AS total \
               FROM top LEFT JOIN example e ON e.image_id = top.image AND e.place = 1 \
               ORDER BY COALESCE(top.score, -1) DESC, top.workload, top.position";
    let rows = store.query(sql, vec![as_limit(SHORT).into()]).await?;
    let total = rows.first().map(|row| row.count("total")).transpose()?.unwrap_or(0);
    Ok((rows.iter().map(exploited_container).collect::<Result<_, _>>()?, total))
}

fn exploited_container(row: &Row) -> Result<ExploitedContainer, Error> {
    Ok(ExploitedContainer {
        workload: row.id("workload")?,
        workload_name: row.text("workload_name")?,
        namespace: row.text("namespace")?,
        container: row.text("container")?,
        image: row.id("image")?,
        image_name: row.text("image_name")?,
        running: row.count("running")?,
        exploited: row.count("kev")?,
        example: row.optional_text("example")?.unwrap_or_default(),
        listed_at: row.optional_time("kev_added_at")?,
        reach: row.text("reach")?,
    })
}

async fn coverage(store: &Store, now: DateTime<Utc>) -> Result<Coverage, Error> {
    let since = (now - TimeDelta::days(FRESH_DAYS)).timestamp_millis();
    let sql = "SELECT COUNT(*) AS images, \
                      COUNT(CASE WHEN last_scanned_at >= $1 THEN 1 END) AS scanned, \
                      COUNT(CASE WHEN last_scanned_at < $1 THEN 1 END) AS stale, \
                      COUNT(CASE WHEN last_scanned_at IS NULL THEN 1 END) AS unscanned, \
                      (SELECT COUNT(*) FROM containers c JOIN workloads w ON w.id = c.workload_id \
                       WHERE c.image_id IS NULL AND c.running > 0 AND w.retired_at IS NULL) AS unresolved \
               FROM images WHERE running > 0";
    let Some(row) = store.query_one(sql, vec![since.into()]).await? else { return Ok(Coverage::default()) };
    Ok(Coverage {
        images: row.count("images")?,
        scanned: row.count("scanned")?,
        stale: row.count("stale")?,
        unscanned: row.count("unscanned")?,
        unresolved: row.count("unresolved")?,
    })
}

async fn sources(store: &Store) -> Result<Vec<Source>, Error> {
    let sql = "SELECT kind, COALESCE(tool, '') AS tool, COUNT(*) AS documents, \
                      COUNT(CASE WHEN error IS NOT NULL THEN 1 END) AS failed, \
                      MAX(CASE WHEN error IS NULL THEN COALESCE(stated_at, as_of) END) AS as_of, \
                      MAX(last_received_at) AS received_at \
               FROM documents WHERE kind IS NOT NULL GROUP BY kind, COALESCE(tool, '') \
               ORDER BY 5, 1, 2";
    store.query(sql, vec![]).await?.iter().map(source).collect()
}

fn source(row: &Row) -> Result<Source, Error> {
    Ok(Source {
        kind: row.text("kind")?,
        tool: row.text("tool")?,
        documents: row.count("documents")?,
        failed: row.count("failed")?,
        as_of: row.optional_time("as_of")?,
        received_at: row.time("received_at")?,
    })
}

fn as_limit(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
