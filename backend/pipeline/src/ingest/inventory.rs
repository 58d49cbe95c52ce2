//! What registries and providers describe: repositories, where images lie, whether they are signed, clusters, and
//! which tool watches what. Refuses to write a row that says what it said before.

use std::collections::BTreeMap;

use domain::image::Image;
use normalise::object::{cluster_id, coverage_id, location_id, places, repository_id};
use store::Tx;
use store::save::{clusters, coverage, registries, signatures};

use super::content::Content;
use super::images::Images;
use crate::Error;

/// Writes them.
pub(super) async fn save(tx: &Tx, content: &Content, images: &Images, at: i64) -> Result<(), Error> {
    let repositories: BTreeMap<_, _> = content
        .repositories
        .iter()
        .map(|repository| (repository_id(&repository.registry, &repository.name), repository))
        .collect();
    registries::put_repositories(tx, &repositories.into_iter().collect::<Vec<_>>(), at).await?;
    let locations: BTreeMap<_, _> = content
        .images
        .iter()
        .zip(&images.images)
        .filter_map(|(image, id)| Some((image, (*id)?)))
        .flat_map(|(image, id)| locations(image, id))
        .map(|location| (location.id, location))
        .collect();
    registries::put_locations(tx, &locations.into_values().collect::<Vec<_>>(), at).await?;
    let described: BTreeMap<_, _> =
        content.clusters.iter().map(|cluster| (cluster_id(cluster), cluster)).collect();
    clusters::put(tx, &described.into_iter().collect::<Vec<_>>(), at).await?;
    let watched: BTreeMap<_, _> = content
        .coverage
        .iter()
        .zip(&images.coverage)
        .filter_map(|(coverage, image)| Some((coverage_id(coverage)?, ((*image)?, coverage))))
        .collect();
    let watched: Vec<_> = watched.into_iter().map(|(id, (image, coverage))| (id, image, coverage)).collect();
    coverage::put(tx, &watched, at).await?;
    let searched: Vec<_> = images.searched.iter().copied().flatten().collect();
    Ok(signatures::searched(tx, &searched).await?)
}

/// The places of an image of which a registry speaks: others only name it.
fn locations(image: &Image, id: domain::id::ImageId) -> Vec<registries::Location> {
    let told = image.media_type.is_some() || image.pushed_at.is_some();
    let Some(digest) = image.best_digest().filter(|_| told) else { return Vec::new() };
    places(image)
        .into_iter()
        .map(|(registry, repository)| registries::Location {
            id: location_id(registry, repository, digest),
            image: id,
            registry: registry.to_owned(),
            repository: repository.to_owned(),
            digest: digest.to_string(),
            media_type: image.media_type.clone(),
            size: image.size.and_then(|size| i64::try_from(size).ok()),
            pushed_at: image.pushed_at.map(|at| at.timestamp_millis()),
            pulled_at: image.pulled_at.map(|at| at.timestamp_millis()),
        })
        .collect()
}
