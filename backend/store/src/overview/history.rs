//! The score over time: the headline, the trend, and the ledger's reasons. Refuses to recompute: points
//! are the stored change of exposure on the score's own scale.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Headline, Move, SHORT, Slices, TrendEvent, TrendPoint};
use crate::connection::Conn;
use crate::row::Row;
use crate::{Error, Store};

/// Days of history in the trend.
const TREND_DAYS: i64 = 90;
/// Days of ledger in "why it moved".
const MOVE_DAYS: i64 = 7;
/// Marks on the trend.
const EVENTS: i64 = 5;
/// Points of the Cyber Exposure score a decade of exposure is worth (SCORING 3.4).
const POINTS_PER_DECADE: f64 = 250.0;
/// Nano-units in one critical-asset equivalent.
const NANO: f64 = 1e9;

/// One row of history.
pub(super) struct Day {
    pub(super) point: TrendPoint,
    pub(super) slices: Slices,
    at: DateTime<Utc>,
    baseline: f64,
    constants: String,
}

/// The last days, oldest first.
pub(super) async fn history(store: &Store, now: DateTime<Utc>) -> Result<Vec<Day>, Error> {
    let since = (now - TimeDelta::days(TREND_DAYS)).date_naive().to_string();
    let sql = "SELECT day, at, exposure, ces, baseline, known, config, kernel, runtime, gap, constants, \
               CASE WHEN runtime > 0 OR EXISTS (SELECT 1 FROM detections) THEN 1 ELSE 0 END AS heard \
               FROM daily_scores WHERE day >= $1 ORDER BY day";
    store.query(sql, vec![since.into()]).await?.iter().map(day).collect()
}

fn day(row: &Row) -> Result<Day, Error> {
    let day =
        row.text("day")?.parse().map_err(|_| Error::Corrupt { column: "day".to_owned(), source: None })?;
    let heard = row.integer("heard")? == 1;
    Ok(Day {
        point: TrendPoint { day, ces: row.real("ces")?, exposure: row.real("exposure")? },
        slices: Slices {
            known: row.real("known")?,
            config: row.real("config")?,
            kernel: row.real("kernel")?,
            runtime: Some(row.real("runtime")?).filter(|_| heard),
            gap: row.real("gap")?,
        },
        at: row.time("at")?,
        baseline: row.real("baseline")?,
        constants: row.text("constants")?,
    })
}

/// The newest day, with the baseline and the day a week before it.
pub(super) async fn headline(
    store: &Store,
    days: &[Day],
    now: DateTime<Utc>,
) -> Result<Option<Headline>, Error> {
    let sql = "SELECT b.declared_at, d.ces FROM baselines b \
               LEFT JOIN daily_scores d ON d.at >= b.declared_at - 86400000 AND d.at <= b.declared_at + 86400000 \
               WHERE b.scope = 'organisation' ORDER BY b.declared_at DESC, d.at DESC LIMIT 1";
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
pub(super) async fn moves(store: &Store, now: DateTime<Utc>) -> Result<Vec<Move>, Error> {
    let since = (now - TimeDelta::days(MOVE_DAYS)).timestamp_millis();
    let sql = "WITH span AS (SELECT * FROM ledger WHERE at >= $1), \
               ends AS (SELECT (SELECT exposure_nano - change_nano FROM span ORDER BY at, id LIMIT 1) AS first_nano, \
                               (SELECT exposure_nano FROM span ORDER BY at DESC, id DESC LIMIT 1) AS last_nano) \
               SELECT cause, subject, link, CAST(SUM(change_nano) AS BIGINT) AS change, COUNT(*) AS entries, \
                      MAX(at) AS at, MAX(first_nano) AS first_nano, MAX(last_nano) AS last_nano \
               FROM span, ends GROUP BY cause, subject, link \
               ORDER BY ABS(CAST(SUM(change_nano) AS BIGINT)) DESC, cause, subject LIMIT $2";
    let rows = store.query(sql, vec![since.into(), SHORT.into()]).await?;
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

/// The largest single changes in the time of the trend, oldest first.
pub(super) async fn events(store: &Store, now: DateTime<Utc>) -> Result<Vec<TrendEvent>, Error> {
    let since = (now - TimeDelta::days(TREND_DAYS)).timestamp_millis();
    let sql =
        "SELECT at, cause, subject FROM ledger WHERE at >= $1 ORDER BY ABS(change_nano) DESC, id LIMIT $2";
    let mut events: Vec<_> = store
        .query(sql, vec![since.into(), EVENTS.into()])
        .await?
        .iter()
        .map(|row| {
            let day = row.time("at")?.date_naive();
            Ok(TrendEvent { day, cause: row.text("cause")?, subject: row.text("subject")? })
        })
        .collect::<Result<_, Error>>()?;
    events.sort_by_key(|event| event.day);
    Ok(events)
}
