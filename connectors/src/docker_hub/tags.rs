//! What the tags of a repository lead to, by the list of them. Refuses tags by which something is attached to images,
//! and to take the type of an image's configuration for that of its manifest.

use std::collections::BTreeMap;

use domain::digest::Digest;
use domain::image::Platform;

use super::wire::{Image, Tag};
use crate::oci::{Root, Told, is_fallback, is_index, is_tag};
use crate::reading::moment;

/// Manifests with what is told of them, and the tags of which it is not told what they lead to.
pub(super) fn read(rows: Vec<Tag>) -> (Vec<(Digest, Root)>, Vec<String>) {
    // A list that grows while it is read tells a row twice.
    let rows: BTreeMap<String, Tag> = rows.into_iter().map(|row| (row.name.clone(), row)).collect();
    let (mut told, mut untold) = (Vec::new(), Vec::new());
    for (name, row) in rows.into_iter().filter(|(name, _)| is_tag(name) && !is_fallback(name)) {
        let Ok(digest) = row.digest.parse::<Digest>() else {
            untold.push(name);
            continue;
        };
        let members: Vec<(Digest, &Image)> = row
            .images
            .iter()
            .filter(|image| platform(image).is_some())
            .filter_map(|image| Some((image.digest.parse().ok()?, image)))
            .collect();
        let root = Root {
            tags: vec![name],
            media_type: manifest_type(&row.media_type),
            pushed_at: moment(&row.tag_last_pushed),
            pulled_at: moment(&row.tag_last_pulled),
            told: described(&row, &digest, &members),
        };
        told.push((digest.clone(), root));
        let others = members.into_iter().filter(|(member, _)| *member != digest);
        told.extend(others.map(|(member, image)| (member, of_platform(image))));
    }
    (told, untold)
}

/// An image that a list holds.
fn of_platform(image: &Image) -> Root {
    Root {
        pushed_at: moment(&image.last_pushed),
        pulled_at: moment(&image.last_pulled),
        told: Some(as_image(image)),
        ..Root::default()
    }
}

/// What stands in for the manifest that a tag leads to.
fn described(row: &Tag, digest: &Digest, members: &[(Digest, &Image)]) -> Option<Told> {
    if !["", "image"].contains(&row.content_type.as_str()) {
        return None;
    }
    match members {
        [] => None,
        [(member, image)] if member == digest => Some(as_image(image)),
        _ => Some(Told::Index(members.iter().map(|(member, _)| member.clone()).collect())),
    }
}

fn as_image(image: &Image) -> Told {
    Told::Image { platform: platform(image), size: image.size }
}

/// Where an image runs; what buildkit attached to one runs nowhere.
fn platform(image: &Image) -> Option<Platform> {
    let known = |word: &str| !word.is_empty() && word != "unknown";
    (known(&image.os) && known(&image.architecture)).then(|| Platform {
        os: image.os.clone(),
        architecture: image.architecture.clone(),
        variant: image.variant.clone().filter(|variant| !variant.is_empty()),
    })
}

/// A type of manifests; nothing where the list tells the type of what the manifest is about.
fn manifest_type(told: &str) -> String {
    let manifest = is_index(told) || told.contains(".manifest.");
    if manifest { told.to_owned() } else { String::new() }
}
