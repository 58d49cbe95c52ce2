//! Judgement: from stored facts to stored scores with their reasons. What an event touched is judged anew in
//! one transaction, cluster by cluster; the estate is the sum of what its clusters add, and its ledger and
//! the day's row follow.
//!
//! Refuses a clock: `now` is an argument.

mod assembly;
mod detections;
mod estate;
mod explain;
mod findings;
mod fixes;
mod gate;
mod images;
mod priors;
mod reach;
mod sensed;
mod signatures;
mod sums;
mod usage;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use domain::id::ImageId;
use policy::deadlines::Deadlines;
use policy::gap::Rules;
use policy::trust::Trust;
use score::Constants;
use store::facts;
use store::save::history::{self, LedgerLine};
use store::save::{counts, drift, scores};
use store::{Store, Tx};

use crate::{Error, Settings, Touched};
use priors::Priors;

/// Images that are judged or placed at one time.
const CHUNK: usize = 200;
/// Findings in memory at one time, unless a single image has more.
const FINDINGS: u64 = 20_000;
/// Workloads after which a transaction takes no further cluster.
const BATCH: i64 = 500;
/// Images whose vulnerabilities are counted in one transaction.
const COUNTED: usize = 50;
/// Vulnerabilities counted in one transaction.
const RANGE: u32 = 2_000;
/// The lock under which the estate's sum changes.
const ESTATE: &[u8] = b"estate";

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
    trust: Trust,
    /// After how long a sensor that is not heard watches no more.
    silent_after: TimeDelta,
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
            trust: settings.trust.clone(),
            silent_after: TimeDelta::hours(settings.silent_after_hours.into()),
        })
    }

    /// Judges what an event touched, and what depends on it: the images, the clusters that run them, the
    /// clusters that changed themselves. The rest of the estate stays as it is, and so does what vulnerabilities
    /// affect until [`Judge::count`].
    ///
    /// # Errors
    /// When the database cannot be read or written; nothing is changed then.
    pub async fn touched(
        &self,
        store: &Store,
        touched: &Touched,
        cause: &Cause,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let tx = store.begin().await?;
        tx.lock(ESTATE).await?;
        let images = concerned(&tx, touched).await?;
        for portion in portions(&tx, &images).await? {
            self.judge_images(&tx, portion, now).await?;
        }
        let Some(priors) = priors::frozen(&tx, now).await?.filter(|_| !touched.intel) else {
            priors::freeze(&tx, &self.constants, now).await?;
            tx.commit().await?;
            return self.everything(store, cause, now).await;
        };
        let mut clusters = facts::clusters_with(&tx, &images).await?;
        clusters.extend(touched.clusters.iter().cloned());
        let clusters: Vec<String> = clusters.into_iter().collect();
        self.judge_clusters(&tx, &clusters, &images, &priors, now).await?;
        self.conclude(&tx, cause, now).await?;
        Ok(tx.commit().await?)
    }

    /// Judges everything: after a feed, a change of rules, or the passing of time. Works piece by piece, so
    /// that nobody who writes waits for the whole.
    ///
    /// # Errors
    /// When the database cannot be read or written; pieces judged before stay judged.
    pub async fn everything(&self, store: &Store, cause: &Cause, now: DateTime<Utc>) -> Result<(), Error> {
        self.signatures(store).await?;
        signatures::settle(store).await?;
        let seen = store.snapshot().await?;
        let images = facts::image_ids(&seen).await?;
        let portions = portions(&seen, &images).await?;
        drop(seen);
        for portion in portions {
            let tx = store.begin().await?;
            self.judge_images(&tx, portion, now).await?;
            tx.commit().await?;
        }
        let priors = self.priors(store, now).await?;
        for clusters in self.batches(store).await? {
            let tx = store.begin().await?;
            tx.lock(ESTATE).await?;
            self.judge_clusters(&tx, &clusters, &[], &priors, now).await?;
            self.conclude(&tx, cause, now).await?;
            tx.commit().await?;
        }
        self.count_vulnerabilities(store).await?;
        for chunk in images.chunks(CHUNK) {
            let tx = store.begin().await?;
            self.place_images(&tx, chunk, &priors, now).await?;
            tx.commit().await?;
        }
        self.refresh_fixes(store, now).await
    }

    /// Counts what the vulnerabilities of the images affect that were judged since the last time.
    ///
    /// # Errors
    /// When the database cannot be read or written; what was counted before stays counted.
    pub async fn count(&self, store: &Store) -> Result<(), Error> {
        while counts::is_any_marked(store).await? {
            let tx = store.begin().await?;
            counts::count_marked(&tx, COUNTED).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Judges the signatures that were not judged by the keys and identities of these settings.
    ///
    /// # Errors
    /// When the database cannot be read or written; what was judged before stays judged.
    pub async fn signatures(&self, store: &Store) -> Result<(), Error> {
        signatures::judge(store, &self.trust).await
    }

    /// Judges what detections touched that scores do not know of yet.
    ///
    /// # Errors
    /// When the database cannot be read or written; the score knows of them once everything is judged.
    pub async fn detections(&self, store: &Store, now: DateTime<Utc>) -> Result<(), Error> {
        detections::judge(self, store, now).await
    }

    /// Ranks the next fixes anew.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub async fn refresh_fixes(&self, store: &Store, now: DateTime<Utc>) -> Result<(), Error> {
        let priors = self.priors(store, now).await?;
        let lines = fixes::rank(&store.snapshot().await?, self, &priors, now).await?;
        let tx = store.begin().await?;
        history::replace_fixes(&tx, &lines).await?;
        Ok(tx.commit().await?)
    }

    /// The day's priors, frozen now if they are not yet.
    async fn priors(&self, store: &Store, now: DateTime<Utc>) -> Result<Priors, Error> {
        let tx = store.begin().await?;
        tx.lock(ESTATE).await?;
        let priors = match priors::frozen(&tx, now).await? {
            Some(priors) => priors,
            None => priors::freeze(&tx, &self.constants, now).await?,
        };
        tx.commit().await?;
        Ok(priors)
    }

    /// Clusters in groups that one transaction can take, with those whose workloads are all gone.
    async fn batches(&self, store: &Store) -> Result<Vec<Vec<String>>, Error> {
        let tx = store.snapshot().await?;
        let known = facts::clusters(&tx).await?;
        let mut batches = vec![sums::clusters(&tx).await?];
        batches[0].retain(|name| known.iter().all(|cluster| cluster.name != *name));
        let mut size = 0;
        for cluster in known {
            if size >= BATCH {
                batches.push(Vec::new());
                size = 0;
            }
            size += cluster.workloads;
            if let Some(batch) = batches.last_mut() {
                batch.push(cluster.name);
            }
        }
        Ok(batches)
    }

    async fn count_vulnerabilities(&self, store: &Store) -> Result<(), Error> {
        let tx = store.begin().await?;
        counts::unmark(&tx).await?;
        tx.commit().await?;
        let mut after = Some(String::new());
        while let Some(from) = after {
            let tx = store.begin().await?;
            after = counts::count_range(&tx, &from, RANGE).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Writes the judgement of some clusters, and the places of their images and of others.
    async fn judge_clusters(
        &self,
        tx: &Tx,
        clusters: &[String],
        besides: &[ImageId],
        priors: &Priors,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let assembly = assembly::assemble(tx, clusters, besides, priors, &self.constants, now).await?;
        estate::write_clusters(tx, self, &assembly, clusters, now).await?;
        drift::mark(tx, clusters).await?;
        let mut moved =
            estate::write_images(tx, &assembly.images, &assembly.hazards, &self.constants).await?;
        moved.extend(besides);
        Ok(counts::mark(tx, &moved).await?)
    }

    /// Writes the places of some images, wherever they run.
    async fn place_images(
        &self,
        tx: &Tx,
        ids: &[ImageId],
        priors: &Priors,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let images = facts::images(tx, ids).await?;
        let hazards: Vec<_> =
            images.iter().map(|image| assembly::hazard(image, priors, &self.constants, now)).collect();
        estate::write_images(tx, &images, &hazards, &self.constants).await?;
        Ok(())
    }

    async fn judge_images(&self, tx: &Tx, images: &[ImageId], now: DateTime<Utc>) -> Result<(), Error> {
        let mut by_image: BTreeMap<ImageId, Vec<&facts::FindingFact>> =
            images.iter().map(|image| (*image, Vec::new())).collect();
        let found = sensed::findings(tx, self, images, now).await?;
        for fact in &found {
            by_image.entry(fact.image).or_default().push(fact);
        }
        let judgements: Vec<_> = by_image
            .iter()
            .map(|(image, facts)| images::judge(*image, facts, now, &self.constants, &self.deadlines))
            .collect();
        scores::judge_images(tx, &judgements).await?;
        Ok(())
    }

    /// Writes the day's row and the ledger line that accounts for the change.
    async fn conclude(&self, tx: &Tx, cause: &Cause, now: DateTime<Utc>) -> Result<(), Error> {
        let day = estate::write_day(tx, self, now).await?;
        let exposure_nano = (day.exposure * 1e9).round() as i64;
        let change_nano = exposure_nano - history::last_exposure(tx).await?;
        if change_nano == 0 {
            return Ok(());
        }
        let line = LedgerLine {
            at: now,
            cause: cause.words.to_owned(),
            subject: cause.subject.clone(),
            link: cause.link.clone(),
            change_nano,
            exposure_nano,
        };
        Ok(history::append(tx, &line).await?)
    }
}

/// The images that an event touched, and those whose packages count by where they run.
async fn concerned(tx: &Tx, touched: &Touched) -> Result<Vec<ImageId>, Error> {
    let mut images: BTreeSet<ImageId> = touched.images.iter().copied().collect();
    let clusters: Vec<String> = touched.clusters.iter().cloned().collect();
    images.extend(facts::unused_in(tx, &clusters).await?);
    Ok(images.into_iter().collect())
}

/// Images in portions that memory holds with their findings.
async fn portions<'a>(tx: &Tx, images: &'a [ImageId]) -> Result<Vec<&'a [ImageId]>, Error> {
    let counts = facts::finding_counts(tx, images).await?;
    let (mut portions, mut rest) = (Vec::new(), images);
    while !rest.is_empty() {
        let mut findings = 0;
        let fitting = rest.iter().take(CHUNK).take_while(|image| {
            findings += counts.get(*image).copied().unwrap_or(0);
            findings <= FINDINGS
        });
        let (portion, after) = rest.split_at(fitting.count().max(1));
        portions.push(portion);
        rest = after;
    }
    Ok(portions)
}
