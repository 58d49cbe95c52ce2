//! What lies beside images, through the registry itself: Artifact Registry's own list of attachments needs a permission
//! more and tells less. Refuses to fetch an index in which nothing can be attached.

use std::collections::BTreeMap;

use domain::source::Completeness;
use futures_util::future::BoxFuture;

use super::wire::{self, DockerImage};
use super::{HOST, each, images, manifests, repositories};
use crate::gcp::KIND;
use crate::gcp::client::Ask;
use crate::gcp::place::moment;
use crate::gcp::request::Request;
use crate::missing::Missing;
use crate::oci::{Described, Door, Manifests, Named, Nature, Papers};
use crate::{Failure, Sink};

/// Every form in which manifests are kept: others would be converted or refused.
const ACCEPTED: &str = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
                        application/vnd.docker.distribution.manifest.list.v2+json, \
                        application/vnd.docker.distribution.manifest.v2+json";

/// See the module.
///
/// # Errors
/// When the repositories cannot be listed.
pub(super) async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let mut missing = Missing::default();
    // What a view or a cache shows lies in another repository, and is attached there.
    let own = |told: &wire::Repository| !["REMOTE_REPOSITORY", "VIRTUAL_REPOSITORY"].contains(&&*told.mode);
    let repositories = repositories::all(ask, &mut missing).await?.into_iter().filter(own).collect();
    missing.join(each(ask, repositories, |told| async move { repository(ask, &told, sink).await }).await?);
    Ok(missing.completeness())
}

async fn repository(ask: &Ask<'_>, told: &wire::Repository, sink: &Sink) -> Result<Missing, Failure> {
    let (mut packages, mut missing) = (BTreeMap::<(String, String), Manifests>::new(), Missing::default());
    let mut pages = ask.pages(images::LIST, Request::get(HOST, format!("v1/{}/dockerImages", told.name)));
    while !pages.ended() {
        match pages.page::<DockerImage>(&mut missing).await {
            Ok(page) => page.iter().for_each(|image| add(&mut packages, image)),
            Err(unsettled) if unsettled.refusal.is_absent() => return Ok(Missing::default()),
            Err(unsettled) => return Err(unsettled.failure),
        }
    }
    for ((registry, name), all) in packages {
        let (door, named) = (&Registry(ask), &Named { registry, name });
        let memory = &*ask.context.memory;
        missing.join(Papers { door, named, source: KIND, memory, sink }.hand_on(&all).await?);
    }
    Ok(missing)
}

/// Takes one manifest of the list. An index whose members all have a platform holds nothing that is attached.
pub(super) fn add(packages: &mut BTreeMap<(String, String), Manifests>, told: &DockerImage) {
    let Some((name, digest)) = images::digest_reference(&told.uri) else { return };
    let nature = images::nature(told);
    let whole = !told.image_manifests.is_empty() && told.image_manifests.iter().all(wire::Member::runs);
    let described = Described {
        tags: told.tags.clone(),
        pushed_at: moment(&told.upload_time),
        nature: if nature == Nature::Index && whole { Nature::Image } else { nature },
        ..Described::default()
    };
    packages.entry((name.registry, name.repository)).or_default().add(digest, described);
}

/// The registry, which is asked under the name of the host in an image's address.
struct Registry<'a>(&'a Ask<'a>);

impl Door for Registry<'_> {
    fn manifest<'a>(
        &'a self,
        named: &'a Named,
        digest: &'a str,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, Failure>> {
        Box::pin(async move {
            let path = format!("v2/{}/manifests/{digest}", named.name);
            let request =
                Request { accept: Some(ACCEPTED.to_owned()), ..Request::get(&named.registry, path) };
            self.0.bytes(manifests::DOWNLOAD, &request).await
        })
    }

    fn blob<'a>(
        &'a self,
        named: &'a Named,
        digest: &'a str,
        most: usize,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, Failure>> {
        Box::pin(async move {
            let path = format!("v2/{}/blobs/{digest}", named.name);
            let request = Request { most, follows: true, ..Request::get(&named.registry, path) };
            self.0.bytes(manifests::DOWNLOAD, &request).await
        })
    }
}
