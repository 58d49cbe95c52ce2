//! Manifests by digest, a hundred a call. Refuses to fail for what is gone: it was deleted since it was listed.

use aws_sdk_ecr::Client;
use aws_sdk_ecr::types::{ImageFailureCode, ImageIdentifier};
use domain::digest::Digest;

use super::repositories::Known;
use crate::Failure;
use crate::aws::Ask;
use crate::missing::Missing;
use crate::oci::{Manifest, parse};

const ACTION: &str = "ecr:BatchGetImage";
/// The most that one call may ask for.
const AT_ONCE: usize = 100;
/// A digest of nothing, to try permissions with.
pub(super) const NO_DIGEST: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";
/// Every form in which ECR keeps manifests: others would be converted or left out.
const ACCEPTED: [&str; 4] = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.docker.distribution.manifest.v2+json",
];

/// Asks for the manifests of some digests.
///
/// # Errors
/// When they cannot be had at all; what is unreadable is noted.
pub(super) async fn read(
    ask: &Ask<'_>,
    client: &Client,
    repository: &Known,
    digests: &[Digest],
    missing: &mut Missing,
) -> Result<Vec<(Digest, Manifest)>, Failure> {
    let mut read = Vec::with_capacity(digests.len());
    for digests in digests.chunks(AT_ONCE) {
        let ids: Vec<ImageIdentifier> = digests.iter().map(named).collect();
        let send = || {
            let request = client.batch_get_image().repository_name(&repository.name);
            let accepted = ACCEPTED.map(str::to_owned).to_vec();
            request.set_image_ids(Some(ids.clone())).set_accepted_media_types(Some(accepted)).send()
        };
        let Ok(answer) = ask.answer(ACTION, send).await? else { continue };
        for failure in answer.failures.unwrap_or_default() {
            if failure.failure_code() != Some(&ImageFailureCode::ImageNotFound) {
                missing.note(refused(ask, repository, &failure));
            }
        }
        let mut seen = std::collections::HashSet::new();
        for image in answer.images.unwrap_or_default() {
            let digest = image.image_id().and_then(|id| id.image_digest()?.parse::<Digest>().ok());
            // A digest with several tags is answered once for each.
            let Some(digest) = digest.filter(|digest| seen.insert(digest.clone())) else { continue };
            let text = image.image_manifest().unwrap_or_default();
            match parse(text) {
                Some(manifest) => read.push((digest, manifest)),
                None => missing.note(format!(
                    "the manifest of {}@{} is unreadable",
                    repository.name,
                    digest.short()
                )),
            }
        }
    }
    Ok(read)
}

/// An image by its tag.
pub(super) fn tagged(tag: &str) -> ImageIdentifier {
    ImageIdentifier::builder().image_tag(tag).build()
}

/// An image by its digest.
pub(super) fn named(digest: &Digest) -> ImageIdentifier {
    ImageIdentifier::builder().image_digest(digest.as_str()).build()
}

fn refused(ask: &Ask<'_>, repository: &Known, failure: &aws_sdk_ecr::types::ImageFailure) -> String {
    let code = failure.failure_code().map_or("no reason", ImageFailureCode::as_str);
    format!("`{ACTION}` in {} left out an image of {}: {code}", ask.scope(), repository.name)
}
