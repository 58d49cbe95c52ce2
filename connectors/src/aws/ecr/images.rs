//! What ECR says of the manifests of a repository. Refuses to decide what of them is an image: `oci` does.

use aws_sdk_ecr::Client;
use aws_sdk_ecr::types::ImageDetail;
use domain::observation::Observation;

use super::manifests;
use super::repositories::Known;
use crate::aws::Ask;
use crate::aws::place::moment;
use crate::missing::Missing;
use crate::oci::{Described, Manifests, Nature, is_index, is_runnable};
use crate::paging::Pages;
use crate::{Failure, Sink};

const ACTION: &str = "ecr:DescribeImages";
/// The most that a page may have.
const ROWS: i32 = 1000;

/// Describes a repository's images into the sink. What was read before a failure is sent nevertheless.
///
/// # Errors
/// When a list cannot be read to its end.
pub(super) async fn collect(
    ask: &Ask<'_>,
    client: &Client,
    repository: &Known,
    sink: &Sink,
) -> Result<Missing, Failure> {
    let (mut manifests, mut missing) = (Manifests::default(), Missing::default());
    let read = describe(ask, client, repository, &mut manifests).await;
    let indexes = manifests.indexes();
    let told = manifests::read(ask, client, repository, &indexes, &mut missing).await;
    for (index, manifest) in missing.without(told)?.unwrap_or_default() {
        manifests.add_index(&index, &manifest);
    }
    for image in manifests.images(&repository.named()) {
        sink.observe(Observation::Image(image)).await?;
    }
    read.map(|()| missing)
}

/// Reads every description of a repository. A repository that was deleted meanwhile has none.
///
/// # Errors
/// When the list cannot be read to its end.
pub(super) async fn describe(
    ask: &Ask<'_>,
    client: &Client,
    repository: &Known,
    manifests: &mut Manifests,
) -> Result<(), Failure> {
    let (mut pages, mut token) = (Pages::default(), None::<String>);
    loop {
        let send = || {
            let request = client.describe_images().repository_name(&repository.name);
            request.max_results(ROWS).set_next_token(token.clone()).send()
        };
        let page = match ask.answer(ACTION, send).await? {
            Ok(page) => page,
            Err(refused) if refused.is_repository_not_found_exception() => return Ok(()),
            Err(refused) => {
                return Err(Failure::Vendor {
                    action: ACTION.to_owned(),
                    scope: ask.scope().clone(),
                    detail: format!("{}: {refused}", repository.name),
                });
            }
        };
        add(manifests, page.image_details.unwrap_or_default());
        token = ask.next(ACTION, &mut pages, page.next_token)?;
        if token.is_none() {
            return Ok(());
        }
    }
}

/// Takes a page of descriptions.
pub(super) fn add(manifests: &mut Manifests, page: Vec<ImageDetail>) {
    for detail in page {
        let digest = detail.image_digest().and_then(|digest| digest.parse().ok());
        let Some(digest) = digest else { continue };
        manifests.add(digest, described(detail));
    }
}

fn described(detail: ImageDetail) -> Described {
    let nature = nature(&detail);
    Described {
        nature,
        platform: None,
        size: detail.image_size_in_bytes().and_then(|size| u64::try_from(size).ok()),
        pushed_at: detail.image_pushed_at().and_then(moment),
        pulled_at: detail.last_recorded_pull_time().and_then(moment),
        tags: detail.image_tags.unwrap_or_default(),
        media_type: detail.image_manifest_media_type,
    }
}

/// Tags of cosign name the digest that they are attached to: `sha256-….sig`.
fn nature(detail: &ImageDetail) -> Nature {
    if is_index(detail.image_manifest_media_type().unwrap_or_default()) {
        return Nature::Index;
    }
    let runs = is_runnable(detail.artifact_media_type(), detail.image_tags());
    if runs && detail.subject_manifest_digest().is_none() { Nature::Image } else { Nature::Artefact }
}
