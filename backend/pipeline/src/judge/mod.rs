//! Judgement: from stored facts to stored scores with their reasons, in one transaction per event. What an
//! event touched is judged anew; the estate's sum, its ledger and the day's row follow.
//!
//! Refuses a clock: `now` is an argument.

mod assembly;
mod estate;
mod explain;
mod findings;
mod fixes;
mod images;
mod reach;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::id::ImageId;
use policy::deadlines::Deadlines;
use policy::gap::Rules;
use score::Constants;
use store::facts;
use store::save::history::{self, Day, LedgerLine};
use store::save::{counts, scores};
use store::{Store, Tx};

use crate::{Error, Settings};

/// Images whose findings are in memory at one time.
const CHUNK: usize = 200;

/// What an event was, for the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// What happened, in words that a subject completes: `scanned`, `threat intelligence`.
    pub words: &'static str,
    /// What it was about, for people.
    pub subject: String,
    /// Page about it, or empty.
    pub link: String,
}

/// The rules by which facts are judged.
#[derive(Debug)]
pub struct Judge {
    constants: Constants,
    deadlines: Deadlines,
    gap: Rules,
}

impl Judge {
    /// The judge of these settings.
    ///
    /// # Errors
    /// When the embedded constants or the named deadline table cannot be read.
    pub fn new(settings: &Settings) -> Result<Self, Error> {
        Ok(Self {
            constants: Constants::embedded()?,
            deadlines: Deadlines::built_in(&settings.deadlines)?,
            gap: Rules {
                window_days: settings.stale_after_days,
                sanctioned: settings.sanctioned_registries.clone(),
            },
        })
    }

    /// Judges some images and, after them, the estate.
    ///
    /// # Errors
    /// When the database cannot be read or written; nothing is changed then.
    pub async fn touched(
        &self,
        store: &Store,
        touched: &[ImageId],
        cause: &Cause,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let tx = store.begin().await?;
        self.judge_images(&tx, touched, now).await?;
        counts::count_vulnerabilities(&tx, Some(touched)).await?;
        let assembly = assembly::assemble(&tx, &self.constants, now).await?;
        self.conclude(&tx, &assembly, cause, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Judges everything: after a feed, a change of rules, or the passing of time.
    ///
    /// # Errors
    /// When the database cannot be read or written; nothing is changed then.
    pub async fn everything(&self, store: &Store, cause: &Cause, now: DateTime<Utc>) -> Result<(), Error> {
        let tx = store.begin().await?;
        let images = facts::image_ids(&tx).await?;
        self.judge_images(&tx, &images, now).await?;
        counts::count_vulnerabilities(&tx, None).await?;
        let assembly = assembly::assemble(&tx, &self.constants, now).await?;
        let day = self.conclude(&tx, &assembly, cause, now).await?;
        fixes::refresh(&tx, self, &assembly, day.baseline, now).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn judge_images(&self, tx: &Tx, images: &[ImageId], now: DateTime<Utc>) -> Result<(), Error> {
        for chunk in images.chunks(CHUNK) {
            let mut by_image: BTreeMap<ImageId, Vec<&facts::FindingFact>> =
                chunk.iter().map(|image| (*image, Vec::new())).collect();
            let found = facts::findings(tx, chunk).await?;
            for fact in &found {
                by_image.entry(fact.image).or_default().push(fact);
            }
            let judgements: Vec<_> = by_image
                .iter()
                .map(|(image, facts)| images::judge(*image, facts, now, &self.constants, &self.deadlines))
                .collect();
            scores::judge_images(tx, &judgements).await?;
        }
        Ok(())
    }

    /// Writes the estate's judgement and the ledger line that accounts for its change.
    async fn conclude(
        &self,
        tx: &Tx,
        assembly: &assembly::Assembly,
        cause: &Cause,
        now: DateTime<Utc>,
    ) -> Result<Day, Error> {
        let day = estate::write(tx, self, assembly, now).await?;
        let exposure_nano = (day.exposure * 1e9).round() as i64;
        let change_nano = exposure_nano - history::last_exposure(tx).await?;
        if change_nano != 0 {
            let line = LedgerLine {
                at: now,
                cause: cause.words.to_owned(),
                subject: cause.subject.clone(),
                link: cause.link.clone(),
                change_nano,
                exposure_nano,
            };
            history::append(tx, &line).await?;
        }
        Ok(day)
    }
}
