//! What Syft catalogued: an image with its digests and tags, or a path. Refuses to take Syft's transport
//! prefixes (`registry:`, `docker-archive:`) for parts of a name.

use domain::image::{DigestRole, Distribution, Platform};
use domain::scan::Target;

use super::wire::{Distro, Document, OneOf, Source, SourceMetadata};
use crate::images::ImageBuilder;
use crate::json::Text;
use crate::untrusted::bounded;
use crate::warnings::Warnings;

/// Transports of a registry or engine; what follows is a reference.
const TRANSPORTS: [&str; 4] = ["registry:", "podman:", "containerd:", "snap:"];

/// The target of the document.
pub(super) fn target(document: &Document<'_>, warnings: &mut Warnings) -> Target {
    let source = &document.source;
    let kind = source.kind.as_deref().unwrap_or_default();
    let said = [source.metadata.as_ref(), source.target.as_ref()].into_iter().flatten();
    for said in said {
        match said {
            OneOf::Object(said) if kind == "image" => {
                if let Some(target) = image(source, said, &document.distro) {
                    return target;
                }
            }
            OneOf::Object(SourceMetadata { path: Some(path), .. }) | OneOf::Text(path) => {
                return other(kind, path, warnings);
            }
            OneOf::Object(_) => {}
        }
    }
    match &source.name {
        Some(name) if !name.is_empty() => other(kind, name, warnings),
        _ => Target::Unstated,
    }
}

fn other(kind: &str, name: &str, warnings: &mut Warnings) -> Target {
    let kind = if kind.is_empty() { "source" } else { kind };
    Target::Other { kind: kind.to_owned(), name: bounded(name, "source", warnings) }
}

fn image(source: &Source<'_>, said: &SourceMetadata<'_>, distro: &Distro<'_>) -> Option<Target> {
    let mut builder = ImageBuilder::default();
    if let Some(digest) = &said.manifest_digest {
        builder.digest(DigestRole::Manifest, digest);
    }
    if let Some(digest) = &said.image_id {
        builder.digest(DigestRole::Config, digest);
    }
    for name in said.tags.iter().chain(&said.repo_digests) {
        builder.reference(name);
    }
    if let Some(input) = said.user_input.as_deref().filter(|_| said.tags.is_empty()) {
        let bare = TRANSPORTS.iter().find_map(|transport| input.strip_prefix(transport)).unwrap_or(input);
        if !is_path(bare) {
            builder.reference(bare);
        }
    }
    if builder.is_empty() {
        let name = source.name.as_deref().unwrap_or_default();
        builder.named(name, source.version.as_deref(), DigestRole::Manifest);
    }
    if builder.is_empty() {
        return None;
    }
    for layer in said.layers.iter().filter_map(|layer| layer.digest.as_deref()) {
        builder.layer(layer);
    }
    let image = builder.image_mut();
    image.size = said.image_size.and_then(crate::json::Number::whole);
    image.labels = said.labels.clone();
    image.distribution = distribution(distro);
    if let (Some(os), Some(architecture)) = (filled(&said.os), filled(&said.architecture)) {
        image.platform = Some(Platform { os, architecture, variant: None });
    }
    Some(Target::Image(builder.build()))
}

/// Whether what the user typed is a file: an archive transport, or a path.
fn is_path(input: &str) -> bool {
    const FILES: [&str; 6] = ["docker-archive:", "oci-archive:", "oci-dir:", "singularity:", "dir:", "file:"];
    FILES.iter().any(|transport| input.starts_with(transport)) || input.starts_with(['.', '/', '~'])
}

fn filled(text: &Option<Text<'_>>) -> Option<String> {
    text.as_ref().and_then(|text| text.filled()).map(str::to_owned)
}

fn distribution(distro: &Distro<'_>) -> Option<Distribution> {
    let family = filled(&distro.id).or_else(|| filled(&distro.name))?;
    let version = filled(&distro.version_id).or_else(|| filled(&distro.version));
    Some(Distribution { family: family.to_lowercase(), version, end_of_life: None })
}
