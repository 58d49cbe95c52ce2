//! What lies beside images: bills of materials, attestations and signatures, by any of the three ways in which
//! they are attached: a `subject`, an entry in the index (buildkit), a tag that names the digest (cosign).
//! Refuses blobs of a type that says nothing of an image, and what is not what its digest says; what is left out
//! for its size is told.

use aws_sdk_ecr::Client;
use chrono::Utc;
use domain::digest::Digest;
use domain::document::Provenance;
use domain::source::Completeness;
use sha2::{Sha256, Sha512};

use super::images::{self, Described, Manifests, Nature};
use super::repositories::{self, Known};
use super::wire::{Descriptor, Manifest};
use super::{each, manifests};
use crate::aws::download::{self, Downloads};
use crate::aws::listing::Missing;
use crate::aws::{Ask, KIND};
use crate::{Failure, Sink};

const ACTION: &str = "ecr:GetDownloadUrlForLayer";
/// The largest blob that is fetched, in bytes.
const LARGEST: u64 = 32 << 20;
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
pub(super) struct Attached {
    /// The manifest with the blobs.
    pub(super) holder: Digest,
    /// What it is attached to.
    pub(super) subject: Digest,
}

/// See the module.
///
/// # Errors
/// When the repositories or their images cannot be listed.
pub(super) async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let client = &Client::new(&ask.sdk);
    let downloads = &Downloads::new(ask);
    let repositories = repositories::all(ask, client).await?;
    each(ask, repositories, Missing::default(), |known| {
        Box::pin(async move { repository(ask, client, downloads, &known, sink).await })
    })
    .await
}

async fn repository(
    ask: &Ask<'_>,
    client: &Client,
    downloads: &Downloads,
    known: &Known,
    sink: &Sink,
) -> Result<Missing, Failure> {
    let (mut all, mut missing) = (Manifests::default(), Missing::default());
    images::describe(ask, client, known, &mut all).await?;
    let read = manifests::read(ask, client, known, &all.indexes(), &mut missing).await?;
    let mut attached: Vec<Attached> = read.iter().flat_map(|(_, index)| in_index(index)).collect();
    drop(read);
    attached.retain(|attached| all.described.contains_key(&attached.holder));
    let (mut holders, artefacts) =
        (attached.iter().map(|one| one.holder.clone()).collect::<Vec<_>>(), artefacts(&all));
    holders.extend(artefacts);
    holders.sort();
    holders.dedup();
    for (holder, manifest) in manifests::read(ask, client, known, &holders, &mut missing).await? {
        let Some(described) = all.described.get(&holder) else { continue };
        let named = attached.iter().find(|one| one.holder == holder).map(|one| one.subject.clone());
        let Some(subject) = named.or_else(|| subject(&manifest, described)) else { continue };
        for blob in &manifest.layers {
            let Some(kind) = kind(blob) else { continue };
            let provenance = provenance(known, &subject, kind, described);
            let fetched = match fetch(ask, client, downloads, known, blob).await {
                // The next would be denied alike.
                Err(failure @ Failure::Denied { .. }) => return Err(failure),
                fetched => missing.without(fetched)?,
            };
            match fetched {
                Some(Ok(bytes)) => sink.document(bytes, provenance).await?,
                Some(Err(reason)) => missing.note(format!("the {} was left out: {reason}", provenance.name)),
                None => {}
            }
        }
    }
    Ok(missing)
}

/// What buildkit attached within an index.
pub(super) fn in_index(index: &Manifest) -> Vec<Attached> {
    let attested = index.manifests.iter().filter(|member| member.is_attestation());
    attested
        .filter_map(|member| {
            Some(Attached { holder: member.digest.parse().ok()?, subject: member.attested()?.parse().ok()? })
        })
        .collect()
}

fn artefacts(all: &Manifests) -> impl Iterator<Item = Digest> + '_ {
    let artefacts = all.described.iter().filter(|(_, described)| described.nature == Nature::Artefact);
    artefacts.map(|(digest, _)| digest.clone())
}

/// What a manifest is attached to by its own word, or by its tag.
pub(super) fn subject(manifest: &Manifest, described: &Described) -> Option<Digest> {
    let stated = manifest.subject.as_ref().and_then(|subject| subject.digest.parse().ok());
    stated.or_else(|| described.tags.iter().find_map(|tag| subject_of_tag(tag)))
}

/// The digest in a tag of cosign's: `sha256-….sig`, `.att`, `.sbom`.
pub(super) fn subject_of_tag(tag: &str) -> Option<Digest> {
    let (name, suffix) = tag.split_once('.')?;
    let (algorithm, hex) = name.split_once('-')?;
    ["sig", "att", "sbom"].contains(&suffix).then(|| format!("{algorithm}:{hex}").parse().ok()).flatten()
}

/// What a blob is, for people; nothing where it says nothing of an image.
pub(super) fn kind(blob: &Descriptor) -> Option<&'static str> {
    KINDS.iter().find(|(media, _)| blob.media_type.starts_with(media)).map(|(_, kind)| *kind)
}

/// A blob's bytes, or why they were not taken.
async fn fetch(
    ask: &Ask<'_>,
    client: &Client,
    downloads: &Downloads,
    repository: &Known,
    blob: &Descriptor,
) -> Result<Result<Vec<u8>, String>, Failure> {
    if blob.size > LARGEST {
        return Ok(Err(format!("it has {} MiB, more than {} MiB", blob.size >> 20, LARGEST >> 20)));
    }
    let send = || {
        let request = client.get_download_url_for_layer().repository_name(&repository.name);
        request.layer_digest(&blob.digest).send()
    };
    let answer = match ask.answer(ACTION, send).await? {
        Ok(answer) => answer,
        Err(refused) if refused.is_layers_not_found_exception() => {
            return Ok(Err("the registry does not have it".to_owned()));
        }
        Err(refused) => return Err(ask.refused(ACTION, &refused)),
    };
    let Some(address) = answer.download_url else {
        return Ok(Err("the registry handed out no address".to_owned()));
    };
    let get = || download::get(downloads, &address, blob.size);
    Ok(match ask.call(ACTION, get).await? {
        Ok(bytes) if is_digest_of(&blob.digest, &bytes) => Ok(bytes),
        Ok(_) => Err("it is not what its digest says".to_owned()),
        Err(reason) => Err(reason.to_owned()),
    })
}

/// Whether bytes have a digest. One of an algorithm that is not known here proves nothing.
pub(super) fn is_digest_of(digest: &str, bytes: &[u8]) -> bool {
    use sha2::Digest as _;
    let hex = |hash: &[u8]| hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    match digest.split_once(':') {
        Some(("sha256", stated)) => hex(&Sha256::digest(bytes)) == stated,
        Some(("sha512", stated)) => hex(&Sha512::digest(bytes)) == stated,
        _ => false,
    }
}

fn provenance(repository: &Known, subject: &Digest, kind: &str, described: &Described) -> Provenance {
    let image = images::reference(repository, None, Some(subject));
    Provenance {
        name: format!("{kind} of {}", image.familiar()),
        source: KIND.to_owned(),
        image: Some(image),
        cluster: None,
        as_of: described.pushed_at.unwrap_or_else(Utc::now),
    }
}
