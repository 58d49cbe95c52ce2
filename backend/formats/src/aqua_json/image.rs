//! The image that Aqua speaks of. Its digest is the image's id, that of the configuration. Refuses to take the
//! name that Aqua gives a registry for its address.

use domain::image::{DigestRole, Platform};

use crate::images::ImageBuilder;
use crate::warnings::Warnings;

/// An image by its registry, name and id, each of which may be empty.
pub(super) fn of(
    registry: &str,
    name: &str,
    digest: &str,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) -> ImageBuilder {
    let mut image = ImageBuilder::default();
    let hex = digest.strip_prefix("sha256:").unwrap_or(digest);
    if !hex.is_empty() && !image.digest(DigestRole::Config, &format!("sha256:{hex}")) {
        warnings.push(at(), "the digest of an image cannot be read");
    }
    match address(registry, name) {
        _ if name.is_empty() => {}
        Some(address) if image.reference(&address) => {}
        Some(_) => warnings.push(at(), "the name of an image cannot be read"),
        None => warnings
            .push(at(), "Aqua knows the registry by a name of its own, so the image's name is not complete"),
    }
    image
}

/// Adds what the registry calls the image, `repository@digest`; whether it was that.
pub(super) fn add_repository(image: &mut ImageBuilder, registry: &str, text: &str) -> bool {
    match address(registry, text) {
        Some(address) => image.reference(&address),
        None => text.rsplit_once('@').is_some_and(|(_, digest)| image.digest(DigestRole::Repository, digest)),
    }
}

/// The name with its registry's address, where that is known.
fn address(registry: &str, name: &str) -> Option<String> {
    let registry = registry.split_once("://").map_or(registry, |(_, rest)| rest).trim().trim_end_matches('/');
    if starts_with_host(name) || registry.is_empty() || registry.eq_ignore_ascii_case("docker hub") {
        return Some(name.to_owned());
    }
    is_host(registry).then(|| format!("{registry}/{name}"))
}

/// Whether a name has its registry in it.
pub(super) fn starts_with_host(name: &str) -> bool {
    name.split_once('/').is_some_and(|(first, _)| is_host(first))
}

fn is_host(text: &str) -> bool {
    text.contains(['.', ':']) && !text.contains(char::is_whitespace)
}

/// The platform of a text such as `amd64::linux:`.
pub(super) fn platform(text: &str) -> Option<Platform> {
    let parts: Vec<&str> = text.split(':').collect();
    let [architecture, variant, os, ..] = parts.as_slice() else { return None };
    let variant = Some(*variant).filter(|variant| !variant.is_empty() && variant.len() <= 16);
    let known = |text: &str| (1..=32).contains(&text.len());
    (known(architecture) && known(os)).then(|| Platform {
        os: (*os).to_owned(),
        architecture: (*architecture).to_owned(),
        variant: variant.map(str::to_owned),
    })
}
