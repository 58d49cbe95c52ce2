//! What Grype scanned: an image with its digests and names, or a path. Refuses digests that are not
//! digests, with a warning.

use domain::digest::Digest;
use domain::image::{DigestRole, Distribution, Image, Platform};
use domain::reference::ImageReference;
use domain::scan::Target;

use super::wire;
use crate::warnings::Warnings;

/// The target of a report.
pub(super) fn of(report: &wire::Report<'_>, warnings: &mut Warnings) -> Target {
    match &report.source.target {
        Some(wire::Target::Image(stated)) => Target::Image(image(stated, &report.distro, warnings)),
        Some(wire::Target::Path(path)) => Target::Other {
            kind: report.source.kind.filled().unwrap_or("path").to_owned(),
            name: path.to_string(),
        },
        None => Target::Unstated,
    }
}

fn image(stated: &wire::Image<'_>, distro: &wire::Distro<'_>, warnings: &mut Warnings) -> Image {
    let mut image =
        Image {
            references: references(stated),
            platform: stated.os.filled().zip(stated.architecture.filled()).map(|(os, architecture)| {
                Platform { os: os.to_owned(), architecture: architecture.to_owned(), variant: None }
            }),
            distribution: distribution(distro),
            size: stated.image_size.whole().filter(|size| *size > 0),
            labels: stated.labels.iter().map(|(key, value)| (key.clone(), value.to_string())).collect(),
            layers: stated.layers.iter().map(|layer| layer.digest.to_string()).collect(),
            ..Image::default()
        };
    let repository: Vec<Digest> =
        image.references.iter().filter_map(|reference| reference.digest.clone()).collect();
    let stated_digests = [
        (DigestRole::Manifest, "manifestDigest", &stated.manifest_digest),
        (DigestRole::Config, "imageID", &stated.image_id),
    ];
    for (role, key, text) in stated_digests {
        match text.parse::<Digest>() {
            Ok(digest) => image.add_digest(role, digest),
            Err(_) if text.is_empty() => {}
            Err(error) => warnings.push(format!("source.target.{key}"), error.to_string()),
        }
    }
    for digest in repository {
        image.add_digest(DigestRole::Repository, digest);
    }
    image
}

/// Names of the image, the one that was asked for first.
fn references(stated: &wire::Image<'_>) -> Vec<ImageReference> {
    let mut names: Vec<ImageReference> = Vec::new();
    for text in stated.tags.iter().chain(&stated.repo_digests) {
        if let Ok(found) = text.parse::<ImageReference>()
            && !names.contains(&found)
        {
            names.push(found);
        }
    }
    let asked = stated.user_input.parse::<ImageReference>().ok().map(ImageReference::with_default_tag);
    match asked {
        Some(asked) if names.is_empty() && !stated.user_input.contains(".tar") => names.push(asked),
        Some(asked) => {
            if let Some(position) = names.iter().position(|name| *name == asked) {
                names[..=position].rotate_right(1);
            }
        }
        None => {}
    }
    names
}

/// Old releases write the name for people (`Debian GNU/Linux`, `10 (buster)`), new ones the id.
fn distribution(distro: &wire::Distro<'_>) -> Option<Distribution> {
    let name = distro.name.filled()?.to_ascii_lowercase();
    let family = match name.split_whitespace().next()? {
        "red" => "rhel",
        first => first,
    };
    let version = distro.version.split_whitespace().next().map(str::to_owned);
    Some(Distribution { family: family.to_owned(), version, end_of_life: None })
}
