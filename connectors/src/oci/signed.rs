//! Signatures as cosign leaves them beside an image: what was signed is a blob, and the signature with its certificates
//! stands in annotations. Refuses to check one: it is handed on whole, as `cosign download signature` prints it.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::wire::Descriptor;
use crate::Memory;

/// The media type of what cosign signs.
const PAYLOAD: &str = "application/vnd.dev.cosign.simplesigning";
/// The annotations of a signature.
const SIGNATURE: &str = "dev.cosignproject.cosign/signature";
const CERTIFICATE: &str = "dev.sigstore.cosign/certificate";
const CHAIN: &str = "dev.sigstore.cosign/chain";
const BUNDLE: &str = "dev.sigstore.cosign/bundle";
/// The largest payload that is remembered, in bytes.
const SMALL: usize = 16 << 10;

/// A signature with all that came with it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Downloaded<'a> {
    base64_signature: &'a str,
    payload: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cert: Option<&'a String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chain: Option<&'a String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bundle: Option<&'a String>,
}

/// Whether a blob has a signature in its annotations.
pub(crate) fn is_signed(blob: &Descriptor) -> bool {
    blob.media_type.starts_with(PAYLOAD) && blob.annotations.contains_key(SIGNATURE)
}

/// The document of a signature over a payload; nothing where the blob has none.
pub(crate) fn document(blob: &Descriptor, payload: &[u8]) -> Option<Vec<u8>> {
    let told = |name: &str| blob.annotations.get(name).filter(|text| !text.is_empty());
    let signature = blob.annotations.get(SIGNATURE)?;
    serde_json::to_vec(&Downloaded {
        base64_signature: signature,
        payload: STANDARD.encode(payload),
        cert: told(CERTIFICATE),
        chain: told(CHAIN),
        bundle: told(BUNDLE),
    })
    .ok()
}

/// The payloads of blobs that were read before, by digest.
pub(super) async fn recall(memory: &dyn Memory, blobs: &[&Descriptor]) -> HashMap<String, Vec<u8>> {
    let words: Vec<String> = blobs.iter().map(|blob| key(&blob.digest)).collect();
    let mut known = memory.recall(&words).await;
    let digests = blobs.iter().map(|blob| blob.digest.clone());
    digests.filter_map(|digest| Some((digest.clone(), known.remove(&key(&digest))?))).collect()
}

/// Remembers the payload of a blob, which never changes; one that is too large is read again.
pub(super) async fn remember(memory: &dyn Memory, blob: &Descriptor, payload: &[u8]) {
    if payload.len() <= SMALL {
        memory.remember(&[(key(&blob.digest), payload.to_vec())]).await;
    }
}

fn key(digest: &str) -> String {
    format!("payload-1:{digest}")
}
