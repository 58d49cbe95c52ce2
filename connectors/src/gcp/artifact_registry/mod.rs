//! Artifact Registry: repositories of container images in every location, and what is in them. Repositories of other
//! formats hold no images.
//!
//! Refuses to ask the registry itself for anything but an index whose members the API does not tell, and what is
//! attached to images.

mod attached;
mod former;
mod images;
mod manifests;
mod repositories;
mod settings;
#[cfg(test)]
mod tests;
mod wire;

use domain::observation::Observation;
use domain::source::{Completeness, Permission};
use futures_util::{StreamExt, stream};

use super::client::Ask;
use super::part::Part;
use super::request::Request;
use super::service::{Places, Probe, Service};
use crate::missing::Missing;
use crate::{Failure, Sink};
pub(super) use images::digest_reference;

const HOST: &str = "artifactregistry.googleapis.com";
const LOCATIONS: &str = "artifactregistry.locations.list";
/// What is asked of a repository that need not exist, to see whether it may be asked.
const NOWHERE: &str = "plimsoll-asks-whether-it-may";

/// Repositories and images.
pub(super) const SERVICE: Service = Service {
    name: "artifact-registry",
    places: Places::Each { host: HOST, action: LOCATIONS, broad: true },
    permissions: &[
        Permission { action: images::LIST, why: "to find images with their tags, members and push times" },
        Permission {
            action: LOCATIONS,
            why: "to find the locations of repositories; without it they must be listed in the settings",
        },
        Permission {
            action: manifests::DOWNLOAD,
            why: "to read what is attached to images, and the members of an index that the list does not tell",
        },
        Permission {
            action: repositories::POLICY,
            why: "to know whether anyone may pull; without it that stays unknown",
        },
        Permission { action: repositories::LIST, why: "to find repositories with their settings" },
    ],
    collect: |ask, sink| Box::pin(collect(ask, sink)),
    probes: &[
        Probe {
            action: repositories::LIST,
            attempt: |ask| {
                Box::pin(async {
                    let request = Request::get(HOST, format!("v1/{}/repositories", ask.place.parent()));
                    ask.bytes(repositories::LIST, &request.with("pageSize", "1")).await.map(drop)
                })
            },
        },
        Probe {
            action: images::LIST,
            attempt: |ask| {
                Box::pin(async {
                    let path = format!("v1/{}/repositories/{NOWHERE}/dockerImages", ask.place.parent());
                    ask.bytes(images::LIST, &Request::get(HOST, path)).await.map(drop)
                })
            },
        },
        Probe {
            action: repositories::POLICY,
            attempt: |ask| {
                Box::pin(async {
                    let path = format!("v1/{}/repositories/{NOWHERE}:getIamPolicy", ask.place.parent());
                    ask.bytes(repositories::POLICY, &Request::get(HOST, path)).await.map(drop)
                })
            },
        },
    ],
};

/// Bills of materials, attestations and signatures that lie beside images. A scope of its own, since it costs a call or
/// more for each of them: without it, or while it is slow, the inventory is still whole.
pub(super) const ATTACHED: Service = Service {
    name: "artifact-registry-attached",
    places: Places::Each { host: HOST, action: LOCATIONS, broad: true },
    permissions: &[],
    collect: |ask, sink| Box::pin(attached::collect(ask, sink)),
    probes: &[],
};

async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let mut missing = Missing::default();
    let repositories = repositories::all(ask, &mut missing).await?;
    missing.join(each(ask, repositories, |told| async move { repository(ask, &told, sink).await }).await?);
    Ok(missing.completeness())
}

/// Does something for each repository, several at once. What fails for one is noted; what would fail for all of them
/// ends it.
async fn each<F: Future<Output = Result<Missing, Failure>>>(
    ask: &Ask<'_>,
    repositories: Vec<wire::Repository>,
    work: impl Fn(wire::Repository) -> F,
) -> Result<Missing, Failure> {
    let (mut missing, at_once) = (Missing::default(), ask.context.concurrency.max(1));
    let mut working = stream::iter(repositories).map(work).buffer_unordered(at_once);
    while let Some(done) = working.next().await {
        match done {
            Ok(more) => missing.join(more),
            Err(failure @ (Failure::Denied { .. } | Failure::Unreadable { .. })) => missing.note(failure),
            Err(failure @ (Failure::Vendor { .. } | Failure::RepeatedToken { .. })) => missing.note(failure),
            Err(failure) => return Err(failure),
        }
    }
    Ok(missing)
}

/// One repository with its images. What was read before a failure is sent nevertheless; one that was deleted since it
/// was listed has nothing.
async fn repository(ask: &Ask<'_>, told: &wire::Repository, sink: &Sink) -> Result<Missing, Failure> {
    let mut missing = Missing::default();
    let policy = repositories::policy(ask, told).await;
    let policy = Part::of(policy, &mut missing)?;
    if policy == Part::Told(None) {
        return Ok(missing);
    }
    let (packages, read) = images::read(ask, told, &mut missing).await;
    // One of which no image could be listed is not called empty.
    if policy != Part::Unread && (read.is_ok() || !packages.is_empty()) {
        let public = match policy {
            Part::Told(Some(policy)) => Some(policy.is_public()),
            _ => None,
        };
        for observed in repositories::observations(told, packages.keys(), public, &ask.place) {
            sink.observe(Observation::Repository(observed)).await?;
        }
    }
    for package in packages.values() {
        for image in package.images() {
            sink.observe(Observation::Image(image)).await?;
        }
    }
    read.map(|()| missing)
}
