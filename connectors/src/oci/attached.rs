//! What lies beside images: bills of materials, attestations and signatures, by any of the three ways in which
//! they are attached: a `subject`, an entry in the index (buildkit), a tag that names the digest (cosign).
//! Refuses blobs of a type that says nothing of an image.

use domain::digest::Digest;
use sha2::{Sha256, Sha512};

use super::images::{Described, Manifests, Nature};
use super::wire::{Descriptor, Manifest};

/// The largest blob that is fetched, in bytes.
pub(crate) const LARGEST: u64 = 32 << 20;
/// Beginnings of the media types of what is worth fetching, and what people call it.
const KINDS: [(&str, &str); 10] = [
    ("application/vnd.in-toto", "attestation"),
    ("application/vnd.dsse.envelope", "attestation"),
    ("application/vnd.dev.sigstore.bundle", "signature"),
    ("application/vnd.dev.cosign.simplesigning", "signature"),
    ("application/vnd.cyclonedx", "bill of materials"),
    ("application/spdx", "bill of materials"),
    ("text/spdx", "bill of materials"),
    ("application/vnd.syft", "bill of materials"),
    ("application/sarif", "scan"),
    ("application/vnd.openvex", "statement"),
];

/// A manifest that is attached to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attached {
    /// The manifest with the blobs.
    pub(crate) holder: Digest,
    /// What it is attached to.
    pub(crate) subject: Digest,
}

/// What buildkit attached within an index.
pub(crate) fn in_index(index: &Manifest) -> Vec<Attached> {
    let attested = index.manifests.iter().filter(|member| member.is_attestation());
    attested
        .filter_map(|member| {
            Some(Attached { holder: member.digest.parse().ok()?, subject: member.attested()?.parse().ok()? })
        })
        .collect()
}

/// The manifests that are attached to others, as far as their description says.
pub(crate) fn artefacts(all: &Manifests) -> impl Iterator<Item = Digest> + '_ {
    let artefacts = all.described.iter().filter(|(_, described)| described.nature == Nature::Artefact);
    artefacts.map(|(digest, _)| digest.clone())
}

/// What a manifest is attached to by its own word, or by its tag.
pub(crate) fn subject(manifest: &Manifest, described: &Described) -> Option<Digest> {
    let stated = manifest.subject.as_ref().and_then(|subject| subject.digest.parse().ok());
    stated.or_else(|| described.tags.iter().find_map(|tag| subject_of_tag(tag)))
}

/// The digest in a tag of cosign's: `sha256-….sig`, `.att`, `.sbom`.
pub(crate) fn subject_of_tag(tag: &str) -> Option<Digest> {
    let (name, suffix) = tag.split_once('.')?;
    let (algorithm, hex) = name.split_once('-')?;
    ["sig", "att", "sbom"].contains(&suffix).then(|| format!("{algorithm}:{hex}").parse().ok()).flatten()
}

/// What a blob is, for people; nothing where it says nothing of an image.
pub(crate) fn kind(blob: &Descriptor) -> Option<&'static str> {
    KINDS.iter().find(|(media, _)| blob.media_type.starts_with(media)).map(|(_, kind)| *kind)
}

/// The digest of bytes.
pub(crate) fn digest_of(bytes: &[u8]) -> Option<Digest> {
    use sha2::Digest as _;
    format!("sha256:{}", hex(&Sha256::digest(bytes))).parse().ok()
}

fn hex(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether bytes have a digest. One of an algorithm that is not known here proves nothing.
pub(crate) fn is_digest_of(digest: &str, bytes: &[u8]) -> bool {
    use sha2::Digest as _;
    match digest.split_once(':') {
        Some(("sha256", stated)) => hex(&Sha256::digest(bytes)) == stated,
        Some(("sha512", stated)) => hex(&Sha512::digest(bytes)) == stated,
        _ => false,
    }
}
