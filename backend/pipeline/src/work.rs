//! The pipeline as one thing: a document in, its consequences judged; a worker that does the same for what
//! was uploaded and judges again as time passes. Refuses to let one document's failure stop the next.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use domain::document::Provenance;
use domain::mapping::ColumnMapping;
use store::Store;
use store::save::{detections, journal, periods};
use tokio::sync::Notify;

use crate::judge::{Cause, Judge};
use crate::{Error, Outcome, Settings, Touched, cause, ingest};

/// How long a document left by another process may wait.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Documents that wait and are judged together, at most.
pub const TOGETHER: usize = 20;
/// How long none of them waits for the others to be taken in, but for the last.
const TOGETHER_WITHIN: Duration = Duration::from_secs(1);
/// Documents after which vulnerabilities are counted, however many more wait.
const COUNT_AFTER: usize = 50;
/// How often somebody looks whether the period is over in which another process judged everything.
const LOOK_AT_PERIOD_EVERY: Duration = Duration::from_secs(60);
/// How often something is forgotten: a little less than somebody looks.
const FORGET_EVERY: TimeDelta = TimeDelta::seconds(50);

/// The pipeline over one database.
#[derive(Debug)]
pub struct Pipeline {
    store: Store,
    judge: Judge,
    settings: Settings,
}

impl Pipeline {
    /// A pipeline with these settings.
    ///
    /// # Errors
    /// When constants or deadlines cannot be read.
    pub fn new(store: Store, settings: Settings) -> Result<Self, Error> {
        Ok(Self { judge: Judge::new(&settings)?, store, settings })
    }

    /// Takes one document in and judges what it touched. After the last of several, [`Pipeline::rejudge`] or
    /// [`Pipeline::drain`] counts what vulnerabilities affect.
    ///
    /// # Errors
    /// When the database cannot be used. A refused document is an outcome with its error.
    pub async fn ingest(
        &self,
        bytes: Vec<u8>,
        provenance: &Provenance,
        now: DateTime<Utc>,
    ) -> Result<Outcome, Error> {
        let outcome = self.take_in(bytes, provenance, now).await?;
        self.judge(std::slice::from_ref(&outcome), now).await?;
        Ok(outcome)
    }

    /// Takes one of several documents in that arrive together; [`Pipeline::judge`] follows after the last.
    ///
    /// # Errors
    /// When the database cannot be used. A refused document is an outcome with its error.
    pub async fn take_in(
        &self,
        bytes: Vec<u8>,
        provenance: &Provenance,
        now: DateTime<Utc>,
    ) -> Result<Outcome, Error> {
        self.take_in_mapped(bytes, provenance, None, now).await
    }

    /// The same with what the columns of the document mean, if somebody says so.
    ///
    /// # Errors
    /// When the database cannot be used. A refused document is an outcome with its error.
    pub async fn take_in_mapped(
        &self,
        bytes: Vec<u8>,
        provenance: &Provenance,
        mapping: Option<&ColumnMapping>,
        now: DateTime<Utc>,
    ) -> Result<Outcome, Error> {
        let size = self.settings.max_document_bytes;
        ingest::ingest_mapped(&self.store, bytes, provenance, mapping, size, now).await
    }

    /// Takes in a document in a file that is better not held in memory.
    ///
    /// # Errors
    /// When the database cannot be used. A refused document is an outcome with its error, and so is a file that cannot be
    /// read.
    pub async fn take_in_long(
        &self,
        path: &std::path::Path,
        provenance: &Provenance,
        now: DateTime<Utc>,
    ) -> Result<Outcome, Error> {
        ingest::ingest_long(&self.store, path, provenance, self.settings.max_document_bytes, now).await
    }

    /// Judges what documents touched that were taken in together, each cluster once. The ledger gets one line.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn judge(&self, outcomes: &[Outcome], now: DateTime<Utc>) -> Result<(), Error> {
        if !outcomes.is_empty() {
            self.judge.signatures(&self.store).await?;
        }
        let mut touched = Touched::default();
        let telling: Vec<&Outcome> = outcomes.iter().filter(|one| !one.touched.is_nothing()).collect();
        telling.iter().for_each(|outcome| touched.add(outcome.touched.clone()));
        if let Some(cause) = cause::of(&telling) {
            self.judge.touched(&self.store, &touched, &cause, now).await?;
        }
        self.judge.detections(&self.store, now).await
    }

    /// Works off the documents and bodies of events that wait. Tells how many documents there were.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn drain(&self, now: DateTime<Utc>) -> Result<usize, Error> {
        let (mut count, mut counted) = (0, 0);
        loop {
            let bodies = self.events_together(now).await?;
            let (outcomes, ended) = self.next_together(now).await;
            self.judge(&outcomes, now).await?;
            count += outcomes.len();
            let done = outcomes.is_empty() && bodies == 0;
            if done || count - counted >= COUNT_AFTER {
                self.judge.count(&self.store).await?;
                counted = count;
            }
            ended?;
            if done {
                return Ok(count);
            }
        }
    }

    /// Works off the bodies of events that wait, as many as are judged together. Tells how many there were.
    async fn events_together(&self, now: DateTime<Utc>) -> Result<usize, Error> {
        let (began, mut count) = (Instant::now(), 0);
        while began.elapsed() < TOGETHER_WITHIN {
            match ingest::inbox::work_off(&self.store, self.settings.max_document_bytes, now).await? {
                0 => break,
                bodies => count += bodies,
            }
        }
        Ok(count)
    }

    /// Takes in the next documents that wait, as many as are judged together; what follows an error waits on.
    async fn next_together(&self, now: DateTime<Utc>) -> (Vec<Outcome>, Result<(), Error>) {
        let (began, mut outcomes) = (Instant::now(), Vec::new());
        while outcomes.len() < TOGETHER && began.elapsed() < TOGETHER_WITHIN {
            match ingest::process_next(&self.store, self.settings.max_document_bytes, now).await {
                Ok(Some(outcome)) => outcomes.push(outcome),
                Ok(None) => break,
                Err(error) => return (outcomes, Err(error)),
            }
        }
        (outcomes, Ok(()))
    }

    /// Judges everything again: ages have grown, fixes are ranked anew.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn rejudge(&self, now: DateTime<Utc>) -> Result<(), Error> {
        let cause = Cause {
            words: "time passed",
            subject: "scans grew older".to_owned(),
            link: "/images?scan=stale".to_owned(),
        };
        self.judge.everything(&self.store, &cause, now).await
    }

    /// Judges everything again, unless a process over this database did within this time. Tells whether it
    /// did.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn rejudge_after(&self, period: Duration, now: DateTime<Utc>) -> Result<bool, Error> {
        let period = TimeDelta::from_std(period).unwrap_or_default();
        let ours = periods::begin(&self.store, "judge everything", period, now).await?;
        if ours {
            self.rejudge(now).await?;
        }
        Ok(ours)
    }

    /// Forgets what is long over of runtime events, unless a process over this database did within a minute.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn forget(&self, now: DateTime<Utc>) -> Result<(), Error> {
        if !periods::begin(&self.store, "forget runtime events", FORGET_EVERY, now).await? {
            return Ok(());
        }
        let tx = self.store.begin().await?;
        let forgotten = detections::forget(&tx, &self.settings.runtime, now).await?;
        if forgotten.detections > 0 {
            let entry = journal::Entry {
                event: "detections-forgotten",
                subject: "Runtime".to_owned(),
                message: format!(
                    "{} detections were forgotten that had no event for {} days.",
                    forgotten.detections, self.settings.runtime.days
                ),
            };
            journal::add(&tx, now.timestamp_millis(), None, &[entry]).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Works until it is dropped. What arrives is taken in at once when woken; apart from that, so that
    /// nothing that arrives waits for it, everything is judged again every `period`, by one of all processes,
    /// and the next fixes are ranked after a pause in what arrives.
    pub async fn work(&self, wake: &Notify, clock: fn() -> DateTime<Utc>, period: Duration) {
        let arrived = Notify::new();
        tokio::join!(self.take_waiting(wake, &arrived, clock), self.keep_current(&arrived, clock, period));
    }

    async fn take_waiting(&self, wake: &Notify, arrived: &Notify, clock: fn() -> DateTime<Utc>) {
        loop {
            match self.drain(clock()).await {
                Ok(0) => {}
                Ok(_) => arrived.notify_one(),
                Err(error) => pause(&error).await,
            }
            // Documents may also have been left by another process: looking costs one small query.
            let _ = tokio::time::timeout(LOOK_EVERY, wake.notified()).await;
        }
    }

    async fn keep_current(&self, arrived: &Notify, clock: fn() -> DateTime<Utc>, period: Duration) {
        let mut looks = tokio::time::interval(period.min(LOOK_AT_PERIOD_EVERY));
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        // Whoever starts judges at once: another process that just did may be of an older version.
        let mut pause_between = Duration::ZERO;
        loop {
            let worked = tokio::select! {
                () = arrived.notified() => self.judge.refresh_fixes(&self.store, clock()).await,
                _ = looks.tick() => {
                    let judged = self.rejudge_after(pause_between, clock()).await;
                    pause_between = if judged.is_ok() { period } else { pause_between };
                    judged.and(self.forget(clock()).await)
                }
            };
            if let Err(error) = worked {
                pause(&error).await;
            }
        }
    }
}

/// Says what went wrong and waits a moment before the next try.
async fn pause(error: &Error) {
    tracing::error!(error = error as &dyn std::error::Error, "work could not be done");
    tokio::time::sleep(Duration::from_secs(1)).await;
}
