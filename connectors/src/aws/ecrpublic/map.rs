//! From ECR Public's words to ours. Refuses what cannot be run.

use aws_sdk_ecrpublic::types::{ImageDetail, Repository as Told};
use domain::digest::Digest;
use domain::image::{DigestRole, Image};
use domain::reference::ImageReference;
use domain::registry::Repository;

use crate::aws::ecr::{is_index, is_runnable};
use crate::aws::place::{Place, moment};

/// A repository that anyone can pull from.
pub(super) fn repository(told: &Told, place: &Place) -> Option<Repository> {
    let (registry, name) = address(told)?;
    Some(Repository {
        registry: registry.to_owned(),
        name: name.to_owned(),
        account: Some(place.account.clone()),
        region: Some(place.region.clone()),
        public: Some(true),
        created_at: told.created_at().and_then(moment),
        ..Repository::default()
    })
}

/// An image, or an index, whose platforms are not told.
pub(super) fn image(repository: &Told, told: ImageDetail) -> Option<Image> {
    let (registry, name) = address(repository)?;
    let digest: Digest = told.image_digest()?.parse().ok()?;
    if !is_runnable(told.artifact_media_type(), told.image_tags()) {
        return None;
    }
    let index = is_index(told.image_manifest_media_type().unwrap_or_default());
    let named = |tag: Option<&String>| ImageReference {
        registry: registry.to_owned(),
        repository: name.to_owned(),
        tag: tag.cloned(),
        digest: tag.is_none().then(|| digest.clone()),
    };
    let mut references: Vec<ImageReference> = told.image_tags().iter().map(|tag| named(Some(tag))).collect();
    if references.is_empty() {
        references.push(named(None));
    }
    Some(Image {
        references,
        digests: vec![(if index { DigestRole::Index } else { DigestRole::Manifest }, digest)],
        size: told.image_size_in_bytes().and_then(|size| u64::try_from(size).ok()),
        pushed_at: told.image_pushed_at().and_then(moment),
        media_type: told.image_manifest_media_type,
        ..Image::default()
    })
}

fn address(told: &Told) -> Option<(&str, &str)> {
    told.repository_uri()?.split_once('/')
}
