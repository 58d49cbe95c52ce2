//! When something was signed, as a transparency log promised. Refuses an entry of another signature: a promise holds for
//! what the log took, not for what it lies beside.

use serde::{Deserialize, Serialize};

use super::certificate::Certificate;
use super::key::Key;
use super::{Proof, decoded, pem, sha256};

/// The longest entry that is read, in Base64.
const LONGEST: usize = 1 << 20;

/// When a signature was made at the latest, in seconds since 1970; else why that is not proved.
pub(super) fn time(proof: &Proof<'_>, certificate: &Certificate, logs: &[Key]) -> Result<i64, &'static str> {
    let entry = proof.signed.entry.as_ref().ok_or("no entry of a transparency log lies beside it")?;
    if entry.body.len() > LONGEST {
        return Err("its entry in the transparency log is too long");
    }
    let log = logs.iter().find(|key| key.id == entry.log);
    let log = log.ok_or("its transparency log is none of those whose keys are configured")?;
    let promised = Promised {
        body: &entry.body,
        integrated_time: entry.integrated_time,
        log: &entry.log,
        index: entry.index,
    };
    let message = serde_json::to_vec(&promised).map_err(|_| "the log's promise cannot be read")?;
    let promise = decoded(&entry.promise).ok_or("the log's promise cannot be read")?;
    if !log.material.verifies(&promise, &message) {
        return Err("the transparency log did not promise that entry");
    }
    let body = decoded(&entry.body).and_then(|bytes| serde_json::from_slice::<Body>(&bytes).ok());
    match body {
        Some(body) if body.spec.is_of(proof, certificate) => Ok(entry.integrated_time),
        _ => Err("the entry in the transparency log is of something else"),
    }
}

/// What a log signs, its keys in the order of canonical JSON.
#[derive(Serialize)]
struct Promised<'a> {
    body: &'a str,
    #[serde(rename = "integratedTime")]
    integrated_time: i64,
    #[serde(rename = "logID")]
    log: &'a str,
    #[serde(rename = "logIndex")]
    index: i64,
}

/// An entry of a signature over a hash, or of a DSSE envelope.
#[derive(Deserialize)]
struct Body {
    spec: Spec,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Spec {
    data: Option<Data>,
    signature: Option<Single>,
    payload_hash: Option<Hash>,
    #[serde(default)]
    signatures: Vec<OfEnvelope>,
}

#[derive(Deserialize)]
struct Data {
    hash: Hash,
}

#[derive(Deserialize)]
struct Hash {
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Single {
    content: String,
    public_key: PublicKey,
}

#[derive(Deserialize)]
struct PublicKey {
    content: String,
}

#[derive(Deserialize)]
struct OfEnvelope {
    signature: String,
    verifier: String,
}

impl Spec {
    /// Whether the entry is of this signature, by this certificate, over this payload.
    fn is_of(&self, proof: &Proof<'_>, certificate: &Certificate) -> bool {
        let hash = self.data.as_ref().map(|data| &data.hash).or(self.payload_hash.as_ref());
        let single = self.signature.iter().map(|one| (&one.content, &one.public_key.content));
        let mut all = single.chain(self.signatures.iter().map(|one| (&one.signature, &one.verifier)));
        hash.is_some_and(|hash| hash.value == sha256(&proof.claim.payload))
            && all.any(|(signature, verifier)| {
                decoded(signature).is_some_and(|bytes| bytes == proof.signature)
                    && first(verifier).is_some_and(|der| der == certificate.der)
            })
    }
}

/// The certificate in a verifier: PEM, in Base64 once more.
fn first(verifier: &str) -> Option<pki_types::CertificateDer<'static>> {
    let text = String::from_utf8(decoded(verifier)?).ok()?;
    pem::certificates(&text)?.into_iter().next()
}
