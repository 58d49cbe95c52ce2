//! What lies beside images, fetched and handed on. Refuses what is not what its digest says; what is left out for
//! its size is told.

use chrono::Utc;
use domain::digest::Digest;
use domain::document::Provenance;
use domain::source::Completeness;

use super::door::Door;
use super::{each, images, registries};
use crate::azure::KIND;
use crate::azure::ask::Ask;
use crate::missing::Missing;
use crate::oci::{
    Attached, Described, Descriptor, LARGEST, Manifests, Named, artefacts, in_index, is_digest_of, kind,
    reference, subject,
};
use crate::{Failure, Sink};

/// See the module.
///
/// # Errors
/// When the registries cannot be listed.
pub(super) async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let mut missing = Missing::default();
    for registry in registries::all(ask).await? {
        let door = &Door::new(ask, &registry)?;
        let told = async {
            let repositories = door.repositories().await?;
            let one = |named| Box::pin(async move { repository(door, &named, sink).await }) as _;
            each(ask, repositories, one).await
        };
        if let Some(more) = missing.without(told.await)? {
            missing.join(more);
        }
    }
    Ok(missing.completeness())
}

async fn repository(door: &Door<'_>, named: &Named, sink: &Sink) -> Result<Missing, Failure> {
    let (mut all, mut missing) = (Manifests::default(), Missing::default());
    images::add(&mut all, door.manifests(named).await?);
    let mut attached: Vec<Attached> = Vec::new();
    for index in all.indexes() {
        let read = images::manifest(door, named, index.as_str(), &mut missing).await;
        attached.extend(missing.without(read)?.flatten().iter().flat_map(in_index));
    }
    attached.retain(|attached| all.described.contains_key(&attached.holder));
    let mut holders: Vec<Digest> = attached.iter().map(|one| one.holder.clone()).collect();
    holders.extend(artefacts(&all));
    holders.sort();
    holders.dedup();
    for holder in holders {
        let read = images::manifest(door, named, holder.as_str(), &mut missing).await;
        let Some(manifest) = missing.without(read)?.flatten() else { continue };
        let Some(described) = all.described.get(&holder) else { continue };
        let stated = attached.iter().find(|one| one.holder == holder).map(|one| one.subject.clone());
        let Some(subject) = stated.or_else(|| subject(&manifest, described)) else { continue };
        for blob in &manifest.layers {
            let Some(kind) = kind(blob) else { continue };
            let provenance = provenance(named, &subject, kind, described);
            match missing.without(fetch(door, named, blob).await)? {
                Some(Ok(bytes)) => sink.document(bytes, provenance).await?,
                Some(Err(reason)) => missing.note(format!("the {} was left out: {reason}", provenance.name)),
                None => {}
            }
        }
    }
    Ok(missing)
}

/// A blob's bytes, or why they were not taken.
async fn fetch(
    door: &Door<'_>,
    named: &Named,
    blob: &Descriptor,
) -> Result<Result<Vec<u8>, String>, Failure> {
    if blob.size > LARGEST {
        return Ok(Err(format!("it has {} MiB, more than {} MiB", blob.size >> 20, LARGEST >> 20)));
    }
    let most = usize::try_from(LARGEST).unwrap_or(usize::MAX);
    Ok(match door.blob(named, &blob.digest, most).await? {
        None => Err("the registry does not have it".to_owned()),
        Some(bytes) if bytes.len() as u64 > blob.size => {
            Err("it is longer than its manifest says".to_owned())
        }
        Some(bytes) if is_digest_of(&blob.digest, &bytes) => Ok(bytes),
        Some(_) => Err("it is not what its digest says".to_owned()),
    })
}

fn provenance(named: &Named, subject: &Digest, kind: &str, described: &Described) -> Provenance {
    let image = reference(named, None, Some(subject));
    Provenance {
        name: format!("{kind} of {}", image.familiar()),
        source: KIND.to_owned(),
        image: Some(image),
        cluster: None,
        as_of: described.pushed_at.unwrap_or_else(Utc::now),
    }
}
