//! A signature with all that came with it, in our words. Refuses one that is too long to be one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::observation::Observation;
use domain::scan::Target;
use domain::signature::{Entry, Signature, Signed};
use serde_json::value::RawValue;

use super::map::image;
use super::wire::{Bundle, Parsed, Payload};
use crate::pem::pem;
use crate::warnings::Warnings;

/// The longest signature that is kept with all that came with it, in bytes.
const LONGEST: usize = 1 << 20;

/// The signature of a document; nothing where it is too long.
pub(super) fn signature(payload: &Payload<'_>, at: &str, warnings: &mut Warnings) -> Option<Observation> {
    let raw = |told: Option<&RawValue>| told.map_or(0, |told| told.get().len());
    let texts = payload.payload.len() + payload.signature.len();
    let length = texts + raw(payload.certificate) + raw(payload.chain) + raw(payload.bundle);
    if length > LONGEST {
        let message = format!("a signature of {length} bytes was skipped, which is more than {LONGEST}");
        warnings.push(format!("{at}Payload"), message);
        return None;
    }
    let decoded = STANDARD.decode(payload.payload.as_bytes()).unwrap_or_default();
    let claimed: Option<Payload<'_>> = serde_json::from_slice(&decoded).ok();
    let named = claimed.and_then(|claimed| image(&claimed.critical));
    let entry = payload.bundle.map(|told| entry(&unwrapped(told)));
    if entry == Some(None) {
        warnings.push(format!("{at}Bundle"), "what a transparency log said cannot be read");
    }
    Some(Observation::Signature(Box::new(Signature {
        target: named.map_or(Target::Unstated, Target::Image),
        signed: Signed {
            beside: None,
            payload: payload.payload.to_string(),
            envelope: None,
            signature: payload.signature.to_string(),
            certificate: payload.certificate.map(certificate),
            chain: payload.chain.map(chain),
            hint: None,
            entry: entry.flatten(),
        },
    })))
}

/// A text in JSON, or else the JSON itself.
fn unwrapped(told: &RawValue) -> String {
    serde_json::from_str(told.get()).unwrap_or_else(|_| told.get().to_owned())
}

/// PEM as it is, or out of DER. What is neither stays as it is written: whoever checks it says that it cannot be read.
fn certificate(told: &RawValue) -> String {
    serde_json::from_str(told.get()).map_or_else(|_| unwrapped(told), |parsed: Parsed| pem(&parsed.raw))
}

fn chain(told: &RawValue) -> String {
    match serde_json::from_str::<Vec<Parsed>>(told.get()) {
        Ok(all) => all.iter().map(|parsed| pem(&parsed.raw)).collect(),
        Err(_) => unwrapped(told),
    }
}

fn entry(text: &str) -> Option<Entry> {
    let Bundle { signed_entry_timestamp, payload } = serde_json::from_str(text).ok()?;
    Some(Entry {
        body: payload.body,
        integrated_time: payload.integrated_time,
        log: payload.log_id,
        index: payload.log_index,
        promise: signed_entry_timestamp,
    })
}
