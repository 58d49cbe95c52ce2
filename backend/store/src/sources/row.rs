//! Rows of sources, runs and scopes. Refuses to know how they are chosen.

use chrono::{DateTime, Utc};
use domain::id::{RunId, SourceId};
use domain::source::{RunCounts, RunKind, RunState, Scope, Trial, Values};

use crate::Error;
use crate::row::Row;

/// Where a source was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// In the settings file: pages show it and change nothing.
    File,
    /// On a page.
    Page,
}

impl Origin {
    /// The word in storage and in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Page => "page",
        }
    }

    pub(crate) fn read(row: &Row, column: &str) -> Result<Self, Error> {
        Ok(if row.text(column)? == Self::File.as_str() { Self::File } else { Self::Page })
    }
}

/// A source.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its id.
    pub id: SourceId,
    /// The name that its owner chose; unique.
    pub name: String,
    /// The connector's kind.
    pub kind: String,
    /// What it was told, secrets apart.
    pub values: Values,
    /// Names of the secret fields that are set.
    pub secret_fields: Vec<String>,
    /// Where it was written down.
    pub origin: Origin,
    /// `every 6h` or a cron expression; empty when it runs on request alone.
    pub schedule: String,
    /// Whether it runs.
    pub enabled: bool,
    /// Whether others may push what they collected.
    pub takes_pushes: bool,
    /// When the schedule asks for it next.
    pub next_run_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// Objects with the scopes that show them, which say when that was last: `o` and `s` of a query.
pub(crate) const SHOWN_BY: &str = "source_objects o JOIN source_scopes s ON s.source_id = o.source_id \
    AND s.account = o.account AND s.region = o.region AND s.service = o.service";

pub(crate) const SOURCE: &str = "s.id, s.name, s.kind, s.settings, s.secret_fields, s.origin, s.schedule, s.enabled, \
     s.push_token_hash IS NOT NULL AS takes_pushes, s.next_run_at, s.created_at, s.updated_at";

impl Source {
    pub(crate) fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.id("id")?,
            name: row.text("name")?,
            kind: row.text("kind")?,
            values: row.json("settings")?,
            secret_fields: row.json("secret_fields")?,
            origin: Origin::read(row, "origin")?,
            schedule: row.text("schedule")?,
            enabled: row.boolean("enabled")?,
            takes_pushes: row.boolean("takes_pushes")?,
            next_run_at: row.optional_time("next_run_at")?,
            created_at: row.time("created_at")?,
            updated_at: row.time("updated_at")?,
        })
    }
}

/// A run of a source.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// Its source.
    pub source: SourceId,
    /// Why it was asked for.
    pub kind: RunKind,
    /// How it stands.
    pub state: RunState,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// When it was begun.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was over.
    pub ended_at: Option<DateTime<Utc>>,
    /// The worker's last sign of life.
    pub heartbeat_at: Option<DateTime<Utc>>,
    /// Not begun before.
    pub run_after: DateTime<Utc>,
    /// Whether somebody asked to stop it.
    pub cancel_requested: bool,
    /// The worker that has or had it.
    pub worker: Option<String>,
    /// How often a worker began it.
    pub attempts: u64,
    /// Scopes to ask.
    pub scopes_total: u64,
    /// Scopes asked.
    pub scopes_done: u64,
    /// What it counted.
    pub counts: RunCounts,
    /// One sentence: what came of it.
    pub message: String,
    /// For a check, what each permission came to.
    pub trials: Vec<Trial>,
}

pub(crate) const RUN: &str = "r.id, r.source_id, r.kind, r.state, r.requested_at, r.started_at, r.ended_at, \
     r.heartbeat_at, r.run_after, r.cancel_requested, r.worker, r.attempts, r.scopes_total, r.scopes_done, \
     r.objects_seen AS seen, r.added, r.changed, r.retired, r.calls, r.retries, r.throttled, r.waited_ms, \
     r.message, r.trials";

impl Run {
    pub(crate) fn read(row: &Row) -> Result<Self, Error> {
        let counts = RunCounts {
            throttled: row.count("throttled")?,
            waited_milliseconds: row.count("waited_ms")?,
            ..counts(row)?
        };
        Ok(Self {
            id: row.id("id")?,
            source: row.id("source_id")?,
            kind: RunKind::from_word(&row.text("kind")?).ok_or_else(|| unknown("kind"))?,
            state: state(row, "state")?,
            requested_at: row.time("requested_at")?,
            started_at: row.optional_time("started_at")?,
            ended_at: row.optional_time("ended_at")?,
            heartbeat_at: row.optional_time("heartbeat_at")?,
            run_after: row.time("run_after")?,
            cancel_requested: row.boolean("cancel_requested")?,
            worker: row.optional_text("worker")?,
            attempts: row.count("attempts")?,
            scopes_total: row.count("scopes_total")?,
            scopes_done: row.count("scopes_done")?,
            counts,
            message: row.text("message")?,
            trials: row.json("trials")?,
        })
    }
}

/// One scope in one run: a line of the journal.
#[derive(Clone, Debug)]
pub struct RunScope {
    /// The run.
    pub run: RunId,
    /// The scope.
    pub scope: Scope,
    /// How it stands.
    pub state: RunState,
    /// One sentence: why it is not complete, or what was held back.
    pub reason: String,
    /// What it counted.
    pub counts: RunCounts,
    /// When it was begun.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was over.
    pub ended_at: Option<DateTime<Utc>>,
    /// Whether a worker went on with it after another had begun.
    pub resumed: bool,
}

pub(crate) const RUN_SCOPE: &str = "run_id, account, region, service, state, reason, seen, added, changed, retired, calls, \
     retries, started_at, ended_at, resumed";

impl RunScope {
    pub(crate) fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            run: row.id("run_id")?,
            scope: scope(row)?,
            state: state(row, "state")?,
            reason: row.text("reason")?,
            counts: counts(row)?,
            started_at: row.optional_time("started_at")?,
            ended_at: row.optional_time("ended_at")?,
            resumed: row.boolean("resumed")?,
        })
    }
}

/// A scope of a source over all runs.
#[derive(Clone, Debug)]
pub struct ScopeRow {
    /// The source.
    pub source: SourceId,
    /// The scope.
    pub scope: Scope,
    /// The run that last asked it.
    pub last_run: Option<RunId>,
    /// When it was last asked.
    pub last_run_at: Option<DateTime<Utc>>,
    /// When it was last seen whole.
    pub last_complete_at: Option<DateTime<Utc>>,
    /// What the last run came to.
    pub last_state: RunState,
    /// Why, when it was not complete.
    pub last_reason: String,
    /// Objects on record.
    pub objects: u64,
    /// Whether the source still shows it; `false` is "no longer reachable".
    pub listed: bool,
    /// Objects that the last complete run missed and that wait for a second one to be believed gone.
    pub suspect_missing: u64,
}

pub(crate) const SCOPE: &str = "source_id, account, region, service, last_run, last_run_at, last_complete_at, last_state, \
     last_reason, objects, listed, suspect_missing";

impl ScopeRow {
    pub(crate) fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            source: row.id("source_id")?,
            scope: scope(row)?,
            last_run: row.optional_id("last_run")?,
            last_run_at: row.optional_time("last_run_at")?,
            last_complete_at: row.optional_time("last_complete_at")?,
            last_state: state(row, "last_state")?,
            last_reason: row.text("last_reason")?,
            objects: row.count("objects")?,
            listed: row.boolean("listed")?,
            suspect_missing: row.count("suspect_missing")?,
        })
    }
}

pub(crate) fn scope(row: &Row) -> Result<Scope, Error> {
    Ok(Scope { account: row.text("account")?, region: row.text("region")?, service: row.text("service")? })
}

fn counts(row: &Row) -> Result<RunCounts, Error> {
    Ok(RunCounts {
        seen: row.count("seen")?,
        added: row.count("added")?,
        changed: row.count("changed")?,
        retired: row.count("retired")?,
        calls: row.count("calls")?,
        retries: row.count("retries")?,
        ..RunCounts::default()
    })
}

pub(super) fn state(row: &Row, column: &'static str) -> Result<RunState, Error> {
    RunState::from_word(&row.text(column)?).ok_or_else(|| unknown(column))
}

fn unknown(column: &str) -> Error {
    Error::Corrupt { column: column.to_owned(), source: None }
}
