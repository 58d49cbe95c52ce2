//! Members of an index by the registry itself, where the API does not tell them. Refuses what is not what its digest
//! says.

use domain::digest::Digest;
use domain::reference::ImageReference;

use super::wire::{Index, Member};
use crate::Failure;
use crate::gcp::client::Ask;
use crate::gcp::request::Request;
use crate::oci::is_digest_of;

pub(super) const DOWNLOAD: &str = "artifactregistry.repositories.downloadArtifacts";
const ACCEPTED: &str =
    "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json";

/// The members of an index; none where it is not there any more.
///
/// # Errors
/// When the registry does not answer, or with something else than was asked for.
pub(super) async fn members(
    ask: &Ask<'_>,
    name: &ImageReference,
    digest: &Digest,
) -> Result<Vec<Member>, Failure> {
    let path = format!("v2/{}/manifests/{digest}", name.repository);
    let request = Request { accept: Some(ACCEPTED.to_owned()), ..Request::get(&name.registry, path) };
    let Some(bytes) = ask.bytes(DOWNLOAD, &request).await? else { return Ok(Vec::new()) };
    let unreadable = |reason: &str| {
        ask.unreadable(DOWNLOAD, &format!("the index {}@{}: {reason}", name.name(), digest.short()))
    };
    if !is_digest_of(digest.as_str(), &bytes) {
        return Err(unreadable("it is not what its digest says"));
    }
    parse(&bytes).ok_or_else(|| unreadable("it is no JSON"))
}

/// The members that an index states; one without a platform was attached by buildkit and is no image.
pub(super) fn parse(bytes: &[u8]) -> Option<Vec<Member>> {
    let index: Index = serde_json::from_slice(bytes).ok()?;
    let members = index.manifests.into_iter().map(|told| {
        let platform = told.platform.unwrap_or_default();
        Member {
            digest: told.digest,
            os: platform.os,
            architecture: platform.architecture,
            variant: platform.variant,
        }
    });
    Some(members.collect())
}
