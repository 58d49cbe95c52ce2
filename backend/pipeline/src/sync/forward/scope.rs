//! One scope on its way: packed while the connector answers, each part sent before the next is made. Refuses
//! to end a scope at its destination before its end is in the logbook.

use std::sync::{Arc, PoisonError};

use connectors::Item;
use domain::source::{RunCounts, RunState, Scope};
use formats::plimsoll_observations::{End, Header, Packed, Packer, document_line, observation_line};

use super::super::asking::{Collecting, Said};
use super::super::live::{Event, cost};
use super::{Errand, Handed, remembered, words};
use crate::Error;

/// Bytes of a part before it is packed. Packed it is a tenth of that, less than what proxies take at once.
const PART: usize = 4 << 20;

/// What was packed and sent so far.
struct Parcel {
    packer: Packer,
    observations: u64,
    documents: u64,
    /// Documents that are too large to be sent.
    left_out: u64,
    parts: u32,
    bytes: u64,
    /// What the documents are remembered by.
    keys: Vec<String>,
}

/// Hands on one scope. Whoever cancels leaves it without an end, to be asked again.
pub(super) async fn hand_on(errand: Arc<Errand>, scope: Scope) -> Result<Handed, Error> {
    errand.asking.tell(&Event::Begun(scope.clone()));
    let cancelled = errand.asking.cancelled.clone();
    let handed = match cancelled.run_until_cancelled(send_all(&errand, &scope)).await {
        Some(Err(error)) => {
            cancelled.cancel();
            return Err(error);
        }
        Some(Ok(handed)) => handed,
        None => None,
    };
    let handed = handed.unwrap_or_else(|| Handed {
        scope,
        state: RunState::Cancelled,
        reason: "Cancelled.".to_owned(),
        observations: 0,
        documents: 0,
        parts: 0,
        bytes: 0,
        counts: RunCounts::default(),
        earlier: false,
    });
    errand.asking.tell(&Event::Handed(handed.clone()));
    Ok(handed)
}

/// `None` when the run was cancelled meanwhile.
async fn send_all(errand: &Errand, scope: &Scope) -> Result<Option<Handed>, Error> {
    let mut collecting = errand.asking.collect(scope);
    let meter = Arc::clone(&collecting.meter);
    let header = Header::first(&errand.source, errand.run, scope.clone());
    let packer = Packer::new(header, PART).map_err(no_memory)?;
    let parcel =
        Parcel { packer, observations: 0, documents: 0, left_out: 0, parts: 0, bytes: 0, keys: Vec::new() };
    let parcel = take_all(errand, scope, &mut collecting, parcel).await?;
    let said = collecting.end(parcel.observations + parcel.documents > 0).await;
    if said.state == RunState::Cancelled {
        return Ok(None);
    }
    let said = with_left_out(said, parcel.left_out);
    let last = parcel.packer.end(ending(&said)).map_err(no_memory)?;
    let handed = Handed {
        scope: scope.clone(),
        state: said.state,
        reason: said.reason,
        observations: parcel.observations,
        documents: parcel.documents,
        parts: parcel.parts + 1,
        bytes: parcel.bytes + last.bytes.len() as u64,
        counts: cost(&meter),
        earlier: false,
    };
    errand.note(&handed)?;
    errand.push(scope, &last).await?;
    if let Some(memory) = &errand.memory {
        memory.sent(parcel.keys);
    }
    Ok(Some(handed))
}

/// Packs batch by batch until the connector has no more.
async fn take_all(
    errand: &Errand,
    scope: &Scope,
    collecting: &mut Collecting,
    mut parcel: Parcel,
) -> Result<Parcel, Error> {
    loop {
        let items = collecting.batch().await;
        if items.is_empty() {
            return Ok(parcel);
        }
        let largest = errand.largest;
        let packed = tokio::task::spawn_blocking(move || {
            let full = parcel.take(items, largest)?;
            Ok((parcel, full))
        });
        let full;
        (parcel, full) = packed.await?.map_err(no_memory)?;
        for part in full {
            errand.push(scope, &part).await?;
            parcel.parts += 1;
            parcel.bytes += part.bytes.len() as u64;
        }
    }
}

impl Parcel {
    /// Packs items; gives the parts that became full.
    fn take(&mut self, items: Vec<Item>, largest: usize) -> Result<Vec<Packed>, std::io::Error> {
        let mut full = Vec::new();
        for item in items {
            let line = match item {
                Item::Observation(observation) => {
                    self.observations += 1;
                    observation_line(observation)
                }
                Item::Document { bytes, provenance } => {
                    let key = remembered::key(&bytes, &provenance);
                    let line = document_line(bytes, provenance);
                    if line.len() > largest {
                        self.left_out += 1;
                        continue;
                    }
                    self.documents += 1;
                    self.keys.extend(key);
                    line
                }
            };
            full.extend(self.packer.line(&line)?);
        }
        Ok(full)
    }
}

impl Errand {
    async fn push(&self, scope: &Scope, part: &Packed) -> Result<(), Error> {
        match &self.client {
            Some(client) => client.push(self.run, scope, part).await,
            None => Ok(()),
        }
    }

    fn note(&self, handed: &Handed) -> Result<(), Error> {
        match &self.logbook {
            Some(logbook) => logbook.lock().unwrap_or_else(PoisonError::into_inner).note(handed),
            None => Ok(()),
        }
    }
}

/// What was left out was not seen by the other side.
fn with_left_out(said: Said, left_out: u64) -> Said {
    let Some(sentence) = words::left_out(left_out) else { return said };
    let state = if said.state == RunState::Complete { RunState::Partial } else { said.state };
    let reason = if said.reason.is_empty() { sentence } else { format!("{} {sentence}", said.reason) };
    Said { state, reason, ..said }
}

fn ending(said: &Said) -> End {
    match said.state {
        RunState::Complete => End::Complete,
        RunState::Partial => End::Partial(said.reason.clone()),
        _ => End::Failed(said.reason.clone()),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
fn no_memory(error: std::io::Error) -> Error {
    Error::NotSent(format!("what was seen could not be packed: {error}"))
}
