//! The demo estate: documents as real tools write them, and what collectors push, generated from a seed and dated
//! relative to now, so that they go through the same code as anyone's. Refuses shortcuts into the database.

mod accounts;
mod catalogue;
mod clusters;
pub(crate) mod collector;
mod estate;
mod feeds;
mod fleet;
mod posture;
mod registries;
mod scanners;
mod sensors;
mod serverless;
mod sources;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use serde_json::Value;

use estate::{CLUSTERS, Release, Scanning, Service, services};
use sources::DemoRun;

/// A document and the circumstances of its arrival.
#[derive(Debug)]
pub(crate) struct DemoDocument {
    /// File name.
    pub(crate) name: String,
    /// When it arrived.
    pub(crate) at: DateTime<Utc>,
    /// Cluster it speaks of, for lists that do not say.
    pub(crate) cluster: Option<String>,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
}

/// What arrives: a document, or a run of a source.
#[derive(Debug)]
pub(crate) enum Arrival {
    /// A document.
    Document(DemoDocument),
    /// What a collector pushes.
    Run(DemoRun),
}

impl Arrival {
    /// When it arrives.
    pub(crate) fn at(&self) -> DateTime<Utc> {
        match self {
            Self::Document(document) => document.at,
            Self::Run(run) => run.at,
        }
    }
}

/// Days before now on which clusters are listed.
const LISTED: [i64; 7] = [90, 58, 30, 21, 14, 5, 0];
/// Days before now on which scans are repeated.
const RESCANNED: [i64; 3] = [45, 10, 1];
/// A single scan long ago.
const STALE_SCAN: i64 = 58;

/// Everything that arrives, in order.
pub(crate) fn arrivals(now: DateTime<Utc>, seed: u64) -> Vec<Arrival> {
    let documents = documents(now, seed).into_iter().map(Arrival::Document);
    let mut arrivals: Vec<_> =
        documents.chain(sources::runs(now, seed).into_iter().map(Arrival::Run)).collect();
    arrivals.sort_by_key(Arrival::at);
    arrivals
}

/// Every document of the estate in order of arrival.
pub(crate) fn documents(now: DateTime<Utc>, seed: u64) -> Vec<DemoDocument> {
    let mut documents = feeds::documents(now);
    for cluster in CLUSTERS {
        for days in LISTED {
            let at = now - Duration::days(days) - Duration::minutes(if days == 0 { 12 } else { 0 });
            documents.push(DemoDocument {
                name: format!("{}-{}.json", cluster.name, at.format("%Y-%m-%d")),
                at,
                cluster: Some(cluster.name.to_owned()),
                bytes: to_bytes(&clusters::list(cluster, days, seed)),
            });
        }
    }
    documents.extend(sensors::documents(now, seed));
    for image in images() {
        documents.extend(scanners::documents(&image, now, seed));
    }
    documents.sort_by(|left, right| left.at.cmp(&right.at).then_with(|| left.name.cmp(&right.name)));
    documents
}

/// One release of one repository, with the widest scanning any service gives it.
#[derive(Debug)]
struct DemoImage {
    repository: &'static str,
    base: &'static str,
    release: &'static Release,
    /// Days before now at which the next release took its place; 0 while it runs.
    replaced: i64,
    scanning: Scanning,
}

fn images() -> Vec<DemoImage> {
    let mut images: BTreeMap<(&str, &str), DemoImage> = BTreeMap::new();
    for service in services() {
        for (number, release) in service.releases.iter().enumerate() {
            let next = service.releases.get(number + 1).map_or(0, |next| next.days_ago);
            images.entry((service.repository, release.tag)).or_insert(DemoImage {
                repository: service.repository,
                base: service.base,
                release,
                replaced: next,
                scanning: service.scanning,
            });
        }
    }
    images.into_values().collect()
}

/// The release of a service that runs on a day before now.
fn running(service: &Service, days_ago: i64) -> Option<&'static Release> {
    let releases: &'static [Release] = service.releases;
    releases.iter().rfind(|release| release.days_ago >= days_ago)
}

/// A digest that stays the same for the same seed and name.
fn digest(seed: u64, what: &str, repository: &str, tag: &str) -> String {
    let hash = |part: u8| {
        domain::id::ImageId::derived(&[
            &seed.to_le_bytes(),
            what.as_bytes(),
            repository.as_bytes(),
            tag.as_bytes(),
            &[part],
        ])
    };
    format!("sha256:{}{}", hash(0), hash(1))
}

fn to_bytes(value: &Value) -> Vec<u8> {
    let mut bytes = value.to_string().into_bytes();
    bytes.push(b'\n');
    bytes
}
