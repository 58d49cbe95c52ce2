//! What was signed: the image that a payload names, and the bytes that the signature is over. Refuses to guess: a payload
//! that names no digest claims nothing.

use std::collections::BTreeMap;

use domain::digest::Digest;
use domain::signature::Signed;
use serde::Deserialize;

use super::decoded;

/// The longest payload that is read, in Base64.
const LONGEST: usize = 1 << 20;

/// What a signature claims.
#[derive(Debug)]
pub(super) struct Claim {
    /// The images that it names.
    pub(super) digests: Vec<Digest>,
    /// The payload itself.
    pub(super) payload: Vec<u8>,
    /// The bytes that the signature is over.
    pub(super) message: Vec<u8>,
}

impl Claim {
    /// Reads what was signed; else a sentence why it cannot be read.
    pub(super) fn read(signed: &Signed) -> Result<Self, &'static str> {
        let short = Some(&signed.payload).filter(|payload| payload.len() <= LONGEST);
        let payload = short.and_then(|text| decoded(text)).ok_or("What was signed cannot be read.")?;
        let digests = match &signed.envelope {
            None => simple(&payload),
            Some(_) => statement(&payload),
        };
        let digests = digests.ok_or("What was signed names no image.")?;
        let message = match &signed.envelope {
            None => payload.clone(),
            Some(kind) => enclosed(kind, &payload),
        };
        Ok(Self { digests, payload, message })
    }

    /// The first image that it names, for people.
    pub(super) fn named(&self) -> String {
        self.digests.first().map(ToString::to_string).unwrap_or_default()
    }
}

/// What cosign and simple signing write, as far as it says which image.
#[derive(Deserialize)]
struct Simple {
    critical: Critical,
}

#[derive(Deserialize)]
struct Critical {
    image: Named,
}

#[derive(Deserialize)]
struct Named {
    #[serde(rename = "docker-manifest-digest")]
    digest: Digest,
}

fn simple(payload: &[u8]) -> Option<Vec<Digest>> {
    let read: Simple = serde_json::from_slice(payload).ok()?;
    Some(vec![read.critical.image.digest])
}

/// A statement of in-toto, as far as it says on what.
#[derive(Deserialize)]
struct Statement {
    subject: Vec<Subject>,
}

#[derive(Deserialize)]
struct Subject {
    #[serde(default)]
    digest: BTreeMap<String, String>,
}

fn statement(payload: &[u8]) -> Option<Vec<Digest>> {
    let read: Statement = serde_json::from_slice(payload).ok()?;
    let parts = read.subject.iter().flat_map(|subject| &subject.digest);
    let digests: Vec<Digest> =
        parts.filter_map(|(algorithm, hex)| format!("{algorithm}:{hex}").parse().ok()).collect();
    (!digests.is_empty()).then_some(digests)
}

/// The bytes that a DSSE envelope signs: type and payload with their lengths.
fn enclosed(kind: &str, payload: &[u8]) -> Vec<u8> {
    let mut message = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len()).into_bytes();
    message.extend_from_slice(payload);
    message
}
