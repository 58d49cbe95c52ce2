//! What a run was made of: the image that Trivy names in its properties, Grype in logical locations,
//! Snyk and roxctl as the place of every result; or a repository. Refuses to take a source file for an
//! image.

use domain::digest::Digest;
use domain::image::{DigestRole, Image};
use domain::reference::ImageReference;
use domain::scan::Target;

use super::wire::{Location, Run};

/// The target of a run by a tool (lower case).
pub(super) fn of(run: &Run<'_>, tool: &str) -> Target {
    let references = references(run, tool);
    let id = run.properties.text("imageID").and_then(|text| text.parse::<Digest>().ok());
    if references.is_empty() && id.is_none() {
        let repository = run.version_control_provenance.iter().find_map(|at| at.repository_uri.filled());
        return match repository {
            Some(uri) => Target::Other { kind: "repository".to_owned(), name: uri.to_owned() },
            None => Target::Unstated,
        };
    }
    let mut image = Image::default();
    for digest in references.iter().filter_map(|reference| reference.digest.clone()) {
        image.add_digest(DigestRole::Repository, digest);
    }
    if let Some(id) = id.filter(|id| !image.digests.iter().any(|(_, known)| known == id)) {
        image.add_digest(DigestRole::Config, id);
    }
    image.references = references;
    Target::Image(image)
}

fn references(run: &Run<'_>, tool: &str) -> Vec<ImageReference> {
    let mut names: Vec<ImageReference> = Vec::new();
    let mut add = |text: &str| {
        if let Ok(found) = text.parse::<ImageReference>()
            && !names.contains(&found)
        {
            names.push(found);
        }
    };
    for key in ["repoTags", "repoDigests"] {
        run.properties.texts(key).into_iter().for_each(&mut add);
    }
    let first = run.results.first().and_then(|result| result.locations.first());
    match (tool, first) {
        ("grype", Some(location)) => {
            if let Some(name) = before_layer(location) {
                add(name);
            }
        }
        ("snyk container" | "roxctl", Some(location)) => {
            add(&location.physical_location.artifact_location.uri.replacen("@sha256_", "@sha256:", 1));
        }
        _ => {}
    }
    let name = run.properties.text("imageName").filter(|name| !name.contains(".tar"));
    if let Some(name) = name.filter(|_| names.is_empty()) {
        names.extend(name.parse().ok());
    }
    names.into_iter().map(ImageReference::with_default_tag).collect()
}

/// Grype writes `image@sha256:layer:/path`; the image may have a digest of its own.
fn before_layer<'a>(location: &'a Location<'_>) -> Option<&'a str> {
    let name = &location.logical_locations.first()?.fully_qualified_name;
    let (image, layer) = name.rsplit_once('@')?;
    layer.starts_with("sha256:").then_some(image)
}
