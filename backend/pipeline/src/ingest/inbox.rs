//! The inbox of runtime events worked off: many bodies read apart, their events folded in one transaction that also takes
//! the bodies out. A body that holds anything else, or that nobody can read, becomes a document and goes that way.
//!
//! Refuses to lose a body: it leaves the inbox only together with what became of it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::document::Provenance;
use domain::runtime::{Execution, RuntimeEvent};
use store::save::documents::{self, Packed};
use store::save::inbox::{self, Incoming, Waiting};
use store::{Store, Tx};

use super::content::Content;
use super::{lines, read, runtime};
use crate::Error;

/// Bodies worked off in one transaction.
const TOGETHER: u32 = 1_000;
/// Their bytes, beyond the first.
const BYTES: i64 = 16 << 20;
/// The lock under which bodies are taken out.
const LOCK: &[u8] = b"event inbox";
/// How often a batch is saved anew after another process got in the way.
const ATTEMPTS: u32 = 5;

/// Works off the oldest bodies; tells how many. `size` is the most bytes of one after decompression.
///
/// # Errors
/// When the database cannot be used; then all of them wait on.
pub(crate) async fn work_off(store: &Store, size: u64, now: DateTime<Utc>) -> Result<usize, Error> {
    let waiting = inbox::oldest(store, TOGETHER, BYTES).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let count = waiting.len();
    let batch = tokio::task::spawn_blocking(move || Batch::read(waiting, size, now));
    let batch = batch.await.map_err(Error::Work)?;
    let mut attempt = 1;
    loop {
        match batch.save(store, now).await {
            Ok(()) => return Ok(count),
            Err(Error::Store(error))
                if (error.is_transient() || matches!(error, store::Error::Duplicate(_)))
                    && attempt < ATTEMPTS =>
            {
                tracing::warn!(attempt, error = &error as &dyn std::error::Error, "events are saved again");
                tokio::time::sleep(Duration::from_millis(50 << attempt)).await;
                attempt += 1;
            }
            Err(Error::Store(error @ (store::Error::Database(_) | store::Error::Duplicate(_)))) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "events not saved: kept as documents"
                );
                batch.set_aside(store, now).await?;
                return Ok(count);
            }
            Err(error) => return Err(error),
        }
    }
}

/// Bodies that were read.
struct Batch {
    bodies: Vec<Waiting>,
    /// Events, each with the cluster its sender named.
    events: Vec<(RuntimeEvent, Option<String>)>,
    /// Programs that were executed and libraries that were loaded, likewise.
    executions: Vec<(Execution, Option<String>)>,
    /// What is kept as documents.
    others: Vec<Other>,
    /// When the last of them arrived, in milliseconds.
    at: i64,
}

/// A document to be.
struct Other {
    digest: String,
    provenance: Provenance,
    bytes: Vec<u8>,
}

impl Batch {
    fn read(bodies: Vec<Waiting>, size: u64, now: DateTime<Utc>) -> Self {
        let at = bodies.iter().map(|one| one.incoming.received_at).max().unwrap_or_default();
        let (events, executions) = (Vec::new(), Vec::new());
        let mut batch = Self { bodies: Vec::new(), events, executions, others: Vec::new(), at };
        for body in &bodies {
            let incoming = &body.incoming;
            for part in parts(&incoming.body, size, now) {
                match part {
                    Part::Events(events, executions) => {
                        let cluster = &incoming.cluster;
                        batch.events.extend(events.into_iter().map(|event| (event, cluster.clone())));
                        let executions = executions.into_iter().map(|one| (one, cluster.clone()));
                        batch.executions.extend(executions);
                    }
                    Part::Other(bytes) => batch.others.push(Other::of(bytes, incoming, now)),
                }
            }
        }
        batch.bodies = bodies;
        batch
    }

    /// Takes the bodies out together with what they say, unless another process did.
    async fn save(&self, store: &Store, now: DateTime<Utc>) -> Result<(), Error> {
        let tx = store.begin().await?;
        if !self.take_out(&tx).await? {
            return Ok(tx.rollback().await?);
        }
        let events: Vec<(&RuntimeEvent, Option<&str>)> =
            self.events.iter().map(|(event, cluster)| (event, cluster.as_deref())).collect();
        let at = self.at.min(now.timestamp_millis());
        runtime::save(&tx, &events, at).await?;
        let executions: Vec<(&Execution, Option<&str>)> =
            self.executions.iter().map(|(one, cluster)| (one, cluster.as_deref())).collect();
        runtime::save_executions(&tx, &executions, at).await?;
        for other in &self.others {
            other.keep(&tx, now).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Takes the bodies out and keeps each as a document, whatever it holds.
    async fn set_aside(&self, store: &Store, now: DateTime<Utc>) -> Result<(), Error> {
        let tx = store.begin().await?;
        if !self.take_out(&tx).await? {
            return Ok(tx.rollback().await?);
        }
        for body in &self.bodies {
            Other::of(body.incoming.body.clone(), &body.incoming, now).keep(&tx, now).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn take_out(&self, tx: &Tx) -> Result<bool, Error> {
        tx.lock(LOCK).await?;
        let numbers: Vec<i64> = self.bodies.iter().map(|body| body.number).collect();
        Ok(inbox::remove(tx, &numbers).await? == numbers.len() as u64)
    }
}

impl Other {
    fn of(bytes: Vec<u8>, incoming: &Incoming, now: DateTime<Utc>) -> Self {
        let provenance = Provenance {
            name: incoming.name.clone(),
            source: "events".to_owned(),
            image: None,
            cluster: incoming.cluster.clone(),
            as_of: DateTime::from_timestamp_millis(incoming.received_at).unwrap_or(now),
        };
        Self { digest: documents::digest(&bytes), provenance, bytes }
    }

    async fn keep(&self, tx: &Tx, now: DateTime<Utc>) -> Result<(), Error> {
        let packed: Packed = documents::packed(&self.bytes)?;
        documents::receive(tx, &self.digest, &self.provenance, packed, now).await?;
        Ok(())
    }
}

/// What a body, or a line of it, holds.
#[derive(Debug, PartialEq)]
enum Part {
    /// Events, programs that were executed, libraries that were loaded, and nothing else.
    Events(Vec<RuntimeEvent>, Vec<Execution>),
    /// Anything else.
    Other(Vec<u8>),
}

/// The whole as one document, or else its lines, each of which may be one; lines that are not go on together.
fn parts(body: &[u8], size: u64, now: DateTime<Utc>) -> Vec<Part> {
    if let Some(events) = events(body, size, now) {
        return vec![events];
    }
    let lines: Vec<&[u8]> =
        body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()).collect();
    if lines.len() < 2 || !lines.iter().all(|line| line.starts_with(b"{")) {
        return vec![Part::Other(body.to_vec())];
    }
    let (mut parts, mut others) = (Vec::new(), Vec::new());
    for line in lines {
        match events(line, size, now) {
            Some(events) => parts.push(events),
            None => others.push(line),
        }
    }
    if parts.is_empty() {
        return vec![Part::Other(body.to_vec())];
    }
    if !others.is_empty() {
        parts.push(Part::Other(others.join(&b'\n')));
    }
    parts
}

/// The events of a document that holds nothing else.
fn events(bytes: &[u8], size: u64, now: DateTime<Utc>) -> Option<Part> {
    let (_, parsed) = read::read(bytes, "events", size, None).content?;
    let only = lines::is_events(&parsed);
    only.then(|| {
        let content = Content::new(parsed.observations, None, now);
        Part::Events(content.events, content.executions)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINDING: &str = r#"{"AccountId":"111122223333","Id":"NUMBER","Type":"Execution:Runtime/NewBinaryExecuted","Severity":8.0,"Resource":{"ResourceType":"EKSCluster","EksClusterDetails":{"Name":"prod"}},"Service":{"DetectorId":"d","Count":1,"EventLastSeen":"2026-11-23T09:00:00Z"}}"#;

    fn finding(number: &str) -> String {
        FINDING.replace("NUMBER", number)
    }

    fn kinds(body: &str) -> Vec<usize> {
        let now = "2026-11-23T10:00:00Z".parse().unwrap();
        let held = |part: &Part| match part {
            Part::Events(events, _) => events.len(),
            Part::Other(_) => 0,
        };
        parts(body.as_bytes(), 1 << 20, now).iter().map(held).collect()
    }

    #[test]
    fn a_body_is_events_or_lines_of_events_or_goes_on_whole() {
        assert_eq!(kinds(&format!(r#"{{"Findings":[{},{}]}}"#, finding("1"), finding("2"))), [2]);
        let lines = [1, 2, 3].map(|number| format!(r#"{{"Findings":[{}]}}"#, finding(&number.to_string())));
        assert_eq!(kinds(&lines.join("\n")).iter().sum::<usize>(), 3);
        let mixed = format!("{}\n{{\"Findings\":\"?\"}}\n{{\"more\":2}}", lines.first().unwrap());
        assert_eq!(kinds(&mixed), [1, 0], "what is no event goes on in one piece");
        for body in ["nonsense", "{}", "{}\n{}", "\u{0}"] {
            assert_eq!(kinds(body), [0], "{body:?}");
        }
    }
}
