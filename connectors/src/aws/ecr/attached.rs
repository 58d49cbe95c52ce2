//! What lies beside images, fetched and handed on. Refuses what is not what its digest says; what is left out for
//! its size is told.

use aws_sdk_ecr::Client;
use domain::source::Completeness;

use super::repositories::{self, Known};
use super::{each, images, manifests};
use crate::aws::download::{self, Downloads};
use crate::aws::{Ask, KIND};
use crate::missing::Missing;
use crate::oci::{
    Attached, Descriptor, LARGEST, Manifests, artefacts, in_index, is_digest_of, is_signed, kind, provenance,
    signature_document, subject,
};
use crate::{Failure, Sink};

const ACTION: &str = "ecr:GetDownloadUrlForLayer";
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
            let provenance = provenance(&known.named(), &subject, kind, described.pushed_at, KIND);
            let fetched = match fetch(ask, client, downloads, known, blob).await {
                // The next would be denied alike.
                Err(failure @ Failure::Denied { .. }) => return Err(failure),
                fetched => missing.without(fetched)?,
            };
            match fetched {
                Some(Ok(bytes)) => {
                    let signed = is_signed(blob).then(|| signature_document(blob, &bytes)).flatten();
                    sink.document(signed.unwrap_or(bytes), provenance).await?;
                }
                Some(Err(reason)) => missing.note(format!("the {} was left out: {reason}", provenance.name)),
                None => {}
            }
        }
    }
    Ok(missing)
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
