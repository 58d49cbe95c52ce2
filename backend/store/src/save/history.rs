//! The history of the estate: baseline, one row a day, the ledger of causes, frozen priors, next fixes.
//! Append-only but for the day under way and the fixes, which are always today's. Refuses foreign keys.

use chrono::{DateTime, Utc};

use crate::bulk::{self, Given, Type};
use crate::connection::Conn;
use crate::{Error, Tx};

/// The estate at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Day {
    /// `2026-11-23`.
    pub day: String,
    /// The moment.
    pub at: DateTime<Utc>,
    /// E, in critical-asset equivalents.
    pub exposure: f64,
    /// CES, 0 to 1000.
    pub ces: f64,
    /// C_ref.
    pub baseline: f64,
    /// Known vulnerabilities, configuration, shared kernel, runtime, gap: parts of E.
    pub slices: [f64; 5],
    /// Workloads that are not retired.
    pub workloads: i64,
    /// Running containers: one digest in one workload, however many instances of it run.
    pub running: i64,
    /// Of these, at the stages unknown, unassessed, stale, unsanctioned, overdue, in order.
    pub stages: [i64; 6],
    /// Running containers with a finding in the KEV catalogue.
    pub kev_running: i64,
    /// Version of the scoring constants.
    pub constants: String,
}

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerLine {
    /// When.
    pub at: DateTime<Utc>,
    /// What kind of event: `scan`, `workloads`, `intel`, `vex`, `age`.
    pub cause: String,
    /// What it was about, for people.
    pub subject: String,
    /// Page about it, or empty.
    pub link: String,
    /// Change of E in 1e-9.
    pub change_nano: i64,
    /// E after it in 1e-9.
    pub exposure_nano: i64,
}

/// A fix worth making.
#[derive(Clone, Debug, PartialEq)]
pub struct FixLine {
    /// `package` or `scan`.
    pub kind: &'static str,
    /// Source package or image.
    pub name: String,
    /// Installed version.
    pub from_version: String,
    /// First fixed version.
    pub to_version: String,
    /// Open findings that it closes.
    pub findings: i64,
    /// Images to rebuild.
    pub images: i64,
    /// Workloads that gain.
    pub workloads: i64,
    /// Owners to ask.
    pub owners: i64,
    /// Change of E, below nought when it helps.
    pub exposure_change: f64,
    /// Change of CES.
    pub score_change: f64,
    /// Page about it, or empty.
    pub link: String,
}

/// The E of the last ledger line, in 1e-9.
///
/// # Errors
/// When the database cannot be read.
pub async fn last_exposure(tx: &Tx) -> Result<i64, Error> {
    let rows = tx.query("SELECT exposure_nano FROM ledger ORDER BY id DESC LIMIT 1", vec![]).await?;
    rows.first().map_or(Ok(0), |row| row.integer(0))
}

/// Appends to the ledger; what the same event changes further is added to its line.
///
/// # Errors
/// When the database cannot be written.
pub async fn append(tx: &Tx, line: &LedgerLine) -> Result<(), Error> {
    let sql = "UPDATE ledger SET change_nano = change_nano + $1, exposure_nano = $2 \
               WHERE id = (SELECT MAX(id) FROM ledger) AND at = $3 AND cause = $4 AND subject = $5 AND link = $6";
    let same = vec![
        line.change_nano.into(),
        line.exposure_nano.into(),
        bulk::time(line.at),
        line.cause.as_str().into(),
        line.subject.as_str().into(),
        line.link.as_str().into(),
    ];
    if tx.execute(sql, same).await? > 0 {
        return Ok(());
    }
    let sql = "INSERT INTO ledger (at, cause, subject, link, change_nano, exposure_nano) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let values = vec![
        bulk::time(line.at),
        line.cause.as_str().into(),
        line.subject.as_str().into(),
        line.link.as_str().into(),
        line.change_nano.into(),
        line.exposure_nano.into(),
    ];
    tx.execute(sql, values).await.map(drop)
}

/// How long the first baseline follows the estate while it is being taken in, in milliseconds.
const ONBOARDING: i64 = 24 * 60 * 60 * 1000;

/// The baseline of the organisation. The first one is declared with the first workload and follows
/// `criticality_sum` for a day, because an estate arrives in pieces; after that it stays.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn baseline(tx: &Tx, criticality_sum: f64, at: DateTime<Utc>) -> Result<f64, Error> {
    let sql = "SELECT declared_at, criticality_sum FROM baselines WHERE scope = 'organisation' \
               ORDER BY declared_at DESC";
    let rows = tx.query(sql, vec![]).await?;
    let Some(latest) = rows.first() else {
        if criticality_sum > 0.0 {
            let sql = "INSERT INTO baselines (scope, declared_at, criticality_sum) \
                       VALUES ('organisation', $1, $2)";
            tx.execute(sql, vec![bulk::time(at), criticality_sum.into()]).await?;
        }
        return Ok(criticality_sum);
    };
    let (declared_at, declared) = (latest.integer(0)?, latest.real(1)?);
    let onboarding = rows.len() == 1 && at.timestamp_millis() - declared_at < ONBOARDING;
    if !onboarding || criticality_sum <= declared {
        return Ok(declared);
    }
    let sql = "UPDATE baselines SET criticality_sum = $1 WHERE scope = 'organisation' AND declared_at = $2";
    tx.execute(sql, vec![criticality_sum.into(), declared_at.into()]).await?;
    Ok(criticality_sum)
}

/// The baseline declared last; 0 before the first.
///
/// # Errors
/// When the database cannot be read.
pub async fn declared_baseline(tx: &Tx) -> Result<f64, Error> {
    let sql = "SELECT criticality_sum FROM baselines WHERE scope = 'organisation' ORDER BY declared_at DESC LIMIT 1";
    tx.query_one(sql, vec![]).await?.map_or(Ok(0.0), |row| row.real(0))
}

/// Writes the day's row; a later moment of the same day replaces it, an earlier one does not.
///
/// # Errors
/// When the database cannot be written.
pub async fn record(tx: &Tx, day: &Day) -> Result<(), Error> {
    const COLUMNS: &str = "day, at, exposure, ces, baseline, known, config, kernel, runtime, gap, workloads, \
        running, gap_unknown, gap_unassessed, gap_stale, gap_unsanctioned, gap_overdue, in_order, \
        kev_running, constants";
    let names: Vec<&str> = COLUMNS.split(", ").collect();
    let holes: Vec<String> = (1..=names.len()).map(|number| format!("${number}")).collect();
    let set: Vec<String> = names[1..].iter().map(|name| format!("{name} = excluded.{name}")).collect();
    let sql = format!(
        "INSERT INTO daily_scores ({COLUMNS}) VALUES ({}) ON CONFLICT (day) DO UPDATE SET {} \
         WHERE daily_scores.at <= excluded.at",
        holes.join(", "),
        set.join(", ")
    );
    let mut values = vec![
        day.day.as_str().into(),
        bulk::time(day.at),
        day.exposure.into(),
        day.ces.into(),
        day.baseline.into(),
    ];
    values.extend(day.slices.map(Into::into));
    values.extend([day.workloads.into(), day.running.into()]);
    values.extend(day.stages.map(Into::into));
    values.extend([day.kev_running.into(), day.constants.as_str().into()]);
    tx.execute(&sql, values).await.map(drop)
}

/// A prior as frozen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prior {
    /// Family of the base system and class of the registry; empty for the floor.
    pub stratum: String,
    /// Scanned images when it was frozen.
    pub images: i64,
    /// Hazard by reach.
    pub hazards: [i64; 5],
}

/// Priors frozen on a day.
///
/// # Errors
/// When the database cannot be read.
pub async fn priors(tx: &Tx, day: &str) -> Result<Vec<Prior>, Error> {
    let sql = "SELECT stratum, images, hazards FROM priors WHERE day = $1";
    let rows = tx.query(sql, vec![day.into()]).await?;
    rows.iter()
        .map(|row| Ok(Prior { stratum: row.text(0)?, images: row.integer(1)?, hazards: row.json(2)? }))
        .collect()
}

/// Freezes priors for a day, in place of any frozen earlier on it.
///
/// # Errors
/// When the database cannot be written.
pub async fn freeze_priors(tx: &Tx, day: &str, priors: &[Prior]) -> Result<(), Error> {
    const COLUMNS: &[(&str, Type)] =
        &[("stratum", Type::Text), ("images", Type::Integer), ("hazards", Type::Text)];
    tx.execute("DELETE FROM priors WHERE day = $1", vec![day.into()]).await?;
    let mut given = Given::new(COLUMNS);
    for prior in priors {
        let hazards = serde_json::Value::from(prior.hazards.to_vec()).to_string();
        given.push([prior.stratum.as_str().into(), prior.images.into(), hazards.into()]);
    }
    let sql = "INSERT INTO priors (stratum, day, images, hazards) \
               SELECT stratum, $1, images, hazards FROM given WHERE true";
    tx.execute_given(given, sql, vec![day.into()]).await.map(drop)
}

/// Replaces the list of next fixes, best first.
///
/// # Errors
/// When the database cannot be written.
pub async fn replace_fixes(tx: &Tx, fixes: &[FixLine]) -> Result<(), Error> {
    const COLUMNS: &[(&str, Type)] = &[
        ("position", Type::Integer),
        ("kind", Type::Text),
        ("name", Type::Text),
        ("from_version", Type::Text),
        ("to_version", Type::Text),
        ("finding_count", Type::Integer),
        ("image_count", Type::Integer),
        ("workload_count", Type::Integer),
        ("owner_count", Type::Integer),
        ("exposure_change", Type::Real),
        ("score_change", Type::Real),
        ("link", Type::Text),
    ];
    tx.execute("DELETE FROM fixes", vec![]).await?;
    let mut given = Given::new(COLUMNS);
    for (position, fix) in (0_i64..).zip(fixes) {
        given.push([
            position.into(),
            fix.kind.into(),
            fix.name.as_str().into(),
            fix.from_version.as_str().into(),
            fix.to_version.as_str().into(),
            fix.findings.into(),
            fix.images.into(),
            fix.workloads.into(),
            fix.owners.into(),
            fix.exposure_change.into(),
            fix.score_change.into(),
            fix.link.as_str().into(),
        ]);
    }
    let names: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    let names = names.join(", ");
    let sql = format!("INSERT INTO fixes ({names}) SELECT {names} FROM given WHERE true");
    tx.execute_given(given, &sql, vec![]).await.map(drop)
}
