//! Azure Container Registry: registries and what they hold, and what was attached to images. Two scopes, since the
//! second costs a call or more for each artefact: without it, or while it is slow, the inventory is still whole.
//!
//! A registry without repositories stands for itself, and so does one that lets nobody in from here: the manager tells
//! how it is set up all the same. Refuses to ask for the manifest of anything but an index: everything else is in the
//! list.

mod attached;
mod door;
mod images;
mod registries;
mod repositories;
mod scanning;
mod settings;
#[cfg(test)]
mod tests;
mod wire;

use domain::source::{Completeness, Permission};
use futures_util::future::BoxFuture;

use super::ask::Ask;
use super::service::{Places, Probe, Service, lists};
use crate::missing::Missing;
use crate::oci::Named;
use crate::{Failure, Sink};
use door::Door;
pub(in crate::azure) use registries::hosts;
use registries::{Registry, VERSION};

/// What a registry's own door takes; registries that know roles for single repositories take the data actions.
const PULL: &str = "Microsoft.ContainerRegistry/registries/pull/read";

/// Registries, repositories and images.
pub(in crate::azure) const SERVICE: Service = Service {
    name: "acr",
    places: Places::Located,
    permissions: &[
        Permission {
            action: "Microsoft.ContainerRegistry/registries/read",
            why: "to find registries with their settings",
        },
        Permission {
            action: PULL,
            why: "to read repositories, tags and manifests, and what is attached to images",
        },
        Permission {
            action: "Microsoft.ContainerRegistry/registries/catalog/read",
            why: "to find the repositories of a registry with roles for single repositories",
        },
        Permission {
            action: "Microsoft.ContainerRegistry/registries/repositories/metadata/read",
            why: "to read tags and attributes in a registry with roles for single repositories",
        },
        Permission {
            action: "Microsoft.ContainerRegistry/registries/repositories/content/read",
            why: "to read manifests and what is attached in a registry with roles for single repositories",
        },
        Permission {
            action: "Microsoft.Security/pricings/read",
            why: "to know whether Defender scans what is pushed",
        },
    ],
    collect: |ask, sink| Box::pin(collect(ask, sink)),
    probes: &[
        lists!(
            "Microsoft.ContainerRegistry/registries/read",
            "Microsoft.ContainerRegistry/registries",
            VERSION
        ),
        Probe { action: PULL, attempt: |ask| Box::pin(may_pull(ask)) },
        lists!("Microsoft.Security/pricings/read", "Microsoft.Security/pricings", scanning::VERSION),
    ],
};

/// Bills of materials, attestations and signatures that lie beside images.
pub(in crate::azure) const ATTACHED: Service = Service {
    name: "acr-attached",
    places: Places::Located,
    permissions: &[],
    collect: |ask, sink| Box::pin(attached::collect(ask, sink)),
    probes: &[],
};

async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let mut missing = Missing::default();
    let registries = registries::all(ask).await?;
    if registries.is_empty() {
        return Ok(missing.completeness());
    }
    let scanning = missing.without(scanning::read(ask).await)?;
    for registry in &registries {
        let told = registry_of(ask, registry, scanning.as_ref(), sink).await;
        if let Some(more) = missing.without(told)? {
            missing.join(more);
        }
    }
    Ok(missing.completeness())
}

async fn registry_of(
    ask: &Ask<'_>,
    registry: &Registry,
    scanning: Option<&scanning::Scanning>,
    sink: &Sink,
) -> Result<Missing, Failure> {
    let door = &Door::new(ask, registry)?;
    let listed = door.repositories().await;
    let hidden = listed.is_err() && registry.properties.is_closed();
    if hidden || listed.as_ref().is_ok_and(Vec::is_empty) {
        // What is set for it is told by the manager, whoever is let in.
        let itself = Named { registry: door.server().to_owned(), name: String::new() };
        let none = wire::Attributes::default();
        sink.observe(repositories::observation(&itself, registry, &none, &ask.place, scanning)).await?;
    }
    each(ask, listed?, |named| {
        Box::pin(async move {
            let Some(attributes) = door.attributes(&named).await? else { return Ok(Missing::default()) };
            let observed = repositories::observation(&named, registry, &attributes, &ask.place, scanning);
            sink.observe(observed).await?;
            images::collect(door, &named, sink).await
        })
    })
    .await
}

/// Does something for each repository, several at once.
async fn each<'f>(
    ask: &Ask<'_>,
    repositories: Vec<Named>,
    work: impl Fn(Named) -> BoxFuture<'f, Result<Missing, Failure>>,
) -> Result<Missing, Failure> {
    Missing::of_each(repositories, ask.caller.context.concurrency, work).await
}

/// Whether the first registry that there is lets its catalogue be read.
async fn may_pull(ask: &Ask<'_>) -> Result<(), Failure> {
    match registries::all(ask).await?.first() {
        Some(registry) => Door::new(ask, registry)?.repositories().await.map(drop),
        None => Ok(()),
    }
}
