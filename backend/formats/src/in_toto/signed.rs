//! Signatures of images as cosign writes them since version 3: a statement that says nothing but that, in an envelope in a
//! bundle of Sigstore. Refuses other statements: who signs how an image was built has not signed the image.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::image::Image;
use domain::observation::Observation;
use domain::scan::Target;
use domain::signature::{Entry, Signature, Signed};

use super::wire::{Envelope, LogEntry, Material};
use crate::pem::pem;
use crate::warnings::Warnings;

/// The kind of statement by which cosign signs an image.
const SIGNS: &str = "https://sigstore.dev/cosign/sign/v1";
/// The most signatures of one envelope.
const MOST: usize = 20;
/// The longest statement that is kept with its signature, in Base64.
const LONGEST: usize = 1 << 20;

/// Whether a kind of statement signs an image.
pub(super) fn signs(predicate: &str) -> bool {
    predicate == SIGNS
}

/// The signatures of an envelope whose statement is on an image, if it names one.
pub(super) fn signatures(
    envelope: &Envelope<'_>,
    material: Option<&Material<'_>>,
    image: Option<&Image>,
    warnings: &mut Warnings,
) -> Vec<Observation> {
    let length = envelope.payload.len();
    if length > LONGEST {
        let message = format!("a signature over {length} bytes was skipped, which is more than {LONGEST}");
        warnings.push("dsseEnvelope.payload", message);
        return Vec::new();
    }
    if envelope.signatures.len() > MOST {
        let more = envelope.signatures.len() - MOST;
        let message = format!("the first {MOST} signatures were kept and {more} were not");
        warnings.push("dsseEnvelope.signatures", message);
    }
    let certificates: Vec<String> = material.iter().flat_map(|material| material.certificates()).collect();
    let (certificate, chain) = match certificates.split_first() {
        Some((first, rest)) => (Some(first.clone()), Some(rest.concat()).filter(|chain| !chain.is_empty())),
        None => (None, None),
    };
    let hint = material.and_then(|material| material.public_key.hint.filled()).map(str::to_owned);
    let entry = material.and_then(|material| material.tlog_entries.first()).and_then(entry);
    let one = |signature: &str| {
        Observation::Signature(Box::new(Signature {
            target: image.cloned().map_or(Target::Unstated, Target::Image),
            signed: Signed {
                beside: None,
                payload: envelope.payload.to_string(),
                envelope: Some(envelope.payload_type.to_string()),
                signature: signature.to_owned(),
                certificate: certificate.clone(),
                chain: chain.clone(),
                hint: hint.clone(),
                entry: entry.clone(),
            },
        }))
    };
    envelope.signatures.iter().take(MOST).map(|signature| one(&signature.sig)).collect()
}

impl Material<'_> {
    /// The certificates, that of the key first, in PEM.
    fn certificates(&self) -> impl Iterator<Item = String> {
        let chain = self.x509_certificate_chain.certificates.iter();
        let all = std::iter::once(&self.certificate).chain(chain);
        all.filter_map(|one| one.raw_bytes.filled()).map(pem)
    }
}

/// What a log said; nothing where it made no promise, as newer logs make none.
fn entry(told: &LogEntry<'_>) -> Option<Entry> {
    let log = STANDARD.decode(told.log_id.key_id.as_bytes()).ok()?;
    Some(Entry {
        body: told.canonicalized_body.filled()?.to_owned(),
        integrated_time: told.integrated_time.parse().ok()?,
        log: log.iter().map(|byte| format!("{byte:02x}")).collect(),
        index: told.log_index.parse().ok()?,
        promise: told.inclusion_promise.signed_entry_timestamp.filled()?.to_owned(),
    })
}
