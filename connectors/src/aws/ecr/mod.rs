//! Amazon ECR's private registries: repositories and images, what ECR's basic scan found, what was attached to
//! images. Three scopes, since the second and third cost a call or more for each image: without them, or while
//! they are slow, the inventory is still whole.
//!
//! Refuses to ask for the manifest of anything but an index: everything else is in its description.

pub(super) mod arn;
mod attached;
mod findings;
mod images;
mod manifests;
mod repositories;
mod scanning;
#[cfg(test)]
mod tests;

use domain::source::{Completeness, Permission};
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};

use super::Ask;
use super::listing::probe;
use super::service::{Regions, Service};
use crate::missing::Missing;
pub(super) use crate::oci::{is_index, is_runnable};
use crate::{Failure, Sink};
pub(super) use findings::scan;
use repositories::Known;

/// What is asked of a repository that need not exist, to see whether it may be asked.
const NOWHERE: &str = "plimsoll-asks-whether-it-may";

/// Repositories and images.
pub(in crate::aws) const SERVICE: Service = Service {
    name: "ecr",
    places: Regions::Every,
    permissions: &[
        Permission { action: "ecr:DescribeRepositories", why: "to find repositories with their settings" },
        Permission {
            action: "ecr:DescribeImages",
            why: "to find images with their tags, push and pull times",
        },
        Permission {
            action: "ecr:BatchGetImage",
            why: "to know the platforms of an index; without it its members have no platform and no tags",
        },
        Permission {
            action: "ecr:GetRegistryScanningConfiguration",
            why: "to know which repositories the registry scans, and how",
        },
    ],
    collect: |ask, sink| Box::pin(collect(ask, sink)),
    probes: &[
        probe!("ecr:DescribeRepositories", aws_sdk_ecr, |client| client.describe_repositories()),
        probe!("ecr:DescribeImages", aws_sdk_ecr, |client| client.describe_images().repository_name(NOWHERE)),
        probe!("ecr:BatchGetImage", aws_sdk_ecr, |client| client
            .batch_get_image()
            .repository_name(NOWHERE)
            .image_ids(manifests::tagged("latest"))),
        probe!("ecr:GetRegistryScanningConfiguration", aws_sdk_ecr, |client| client
            .get_registry_scanning_configuration()),
    ],
};

/// What ECR's own scans found.
pub(in crate::aws) const FINDINGS: Service = Service {
    name: "ecr-findings",
    places: Regions::Every,
    permissions: &[Permission {
        action: "ecr:DescribeImageScanFindings",
        why: "to have what ECR's scans found, and why an image was not scanned",
    }],
    collect: |ask, sink| Box::pin(findings::collect(ask, sink)),
    probes: &[probe!("ecr:DescribeImageScanFindings", aws_sdk_ecr, |client| client
        .describe_image_scan_findings()
        .repository_name(NOWHERE)
        .image_id(manifests::tagged("latest")))],
};

/// Bills of materials, attestations and signatures that lie beside images.
pub(in crate::aws) const ATTACHED: Service = Service {
    name: "ecr-attached",
    places: Regions::Every,
    permissions: &[Permission {
        action: "ecr:GetDownloadUrlForLayer",
        why: "to have the bills of materials, attestations and signatures attached to images",
    }],
    collect: |ask, sink| Box::pin(attached::collect(ask, sink)),
    probes: &[probe!("ecr:GetDownloadUrlForLayer", aws_sdk_ecr, |client| client
        .get_download_url_for_layer()
        .repository_name(NOWHERE)
        .layer_digest(manifests::NO_DIGEST))],
};

async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let mut missing = Missing::default();
    let scanning = missing.without(scanning::read(ask).await)?;
    let client = aws_sdk_ecr::Client::new(&ask.sdk);
    let repositories = repositories::all(ask, &client).await?;
    for repository in &repositories {
        sink.observe(repositories::observation(repository, &ask.place, scanning.as_ref())).await?;
    }
    let client = &client;
    each(ask, repositories, missing, |known| {
        Box::pin(async move { images::collect(ask, client, &known, sink).await })
    })
    .await
}

/// Whether Amazon Inspector scans the registry.
///
/// # Errors
/// When the registry does not tell.
pub(super) async fn is_enhanced(ask: &Ask<'_>) -> Result<bool, Failure> {
    scanning::read(ask).await.map(|scanning| scanning.is_enhanced())
}

/// Does something for each repository, several at once. What fails for one is noted; what would fail for all
/// of them ends it.
async fn each<'f>(
    ask: &Ask<'_>,
    repositories: Vec<Known>,
    mut missing: Missing,
    work: impl Fn(Known) -> BoxFuture<'f, Result<Missing, Failure>>,
) -> Result<Completeness, Failure> {
    let mut working = stream::iter(repositories).map(work).buffer_unordered(ask.context.concurrency.max(1));
    while let Some(done) = working.next().await {
        match done {
            Ok(more) => missing.join(more),
            Err(failure @ (Failure::Denied { .. } | Failure::Unreadable { .. })) => missing.note(failure),
            Err(failure @ (Failure::Vendor { .. } | Failure::RepeatedToken { .. })) => missing.note(failure),
            Err(failure) => return Err(failure),
        }
    }
    Ok(missing.completeness())
}
