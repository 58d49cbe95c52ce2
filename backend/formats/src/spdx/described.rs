//! What an SPDX document describes: the package it points to, or what its name gives away.
//! Refuses to split a name in which the generator replaced the colon before the tag.

use domain::image::{DigestRole, Distribution};
use domain::scan::Target;

use super::map::{fields, purls};
use crate::images::{self, ImageBuilder, is_image_purl};
use crate::spdx_json::wire::{Document, Package};
use crate::untrusted::bounded;
use crate::warnings::Warnings;

/// The packages the document says it describes.
pub(super) fn roots<'b, 'a>(document: &'b Document<'a>) -> Vec<&'b Package<'a>> {
    let ids: Vec<&str> =
        document.document_describes.iter().chain(&document.relationships.0).map(|id| &**id).collect();
    let described = |package: &&Package<'_>| package.id.as_deref().is_some_and(|id| ids.contains(&id));
    document.packages.iter().filter(described).collect()
}

/// Whether a package is an image rather than something inside one. Before 2.3 nothing states the purpose of
/// a package, and only fields of Trivy's tell an image.
pub(super) fn is_image(package: &Package<'_>) -> bool {
    package.primary_package_purpose.as_deref() == Some("CONTAINER")
        || purls(package).any(is_image_purl)
        || fields(package).any(|(key, _)| matches!(key, "ImageID" | "RepoTag"))
}

/// Whether a package is the distribution itself; Trivy's ids say so where no purpose does.
pub(super) fn is_system(package: &Package<'_>) -> bool {
    package.primary_package_purpose.as_deref() == Some("OPERATING-SYSTEM")
        || package.id.as_deref().is_some_and(|id| id.starts_with("SPDXRef-OperatingSystem-"))
}

/// The target of the document.
pub(super) fn target(document: &Document<'_>, warnings: &mut Warnings) -> Target {
    let roots = roots(document);
    if let Some(package) = roots.iter().find(|package| is_image(package))
        && let Some(target) = image(package, document)
    {
        return target;
    }
    let name = document.name.as_ref().and_then(|name| name.filled());
    if let Some(target) = name.and_then(|name| image_by_name(name, document, warnings)) {
        return target;
    }
    let named = roots.iter().find_map(|package| {
        let name = bounded(package.name.as_ref()?.filled()?, "packages", warnings);
        let purpose = package.primary_package_purpose.as_deref().unwrap_or("package").to_lowercase();
        let version = package.version_info.as_ref().and_then(|version| version.filled());
        Some((purpose, version.map_or_else(|| name.clone(), |version| format!("{name}@{version}"))))
    });
    match named.or_else(|| Some(("document".to_owned(), bounded(name?, "name", warnings)))) {
        Some((kind, name)) => Target::Other { kind, name },
        None => Target::Unstated,
    }
}

fn image(package: &Package<'_>, document: &Document<'_>) -> Option<Target> {
    let mut builder = ImageBuilder::default();
    for purl in purls(package) {
        builder.purl(purl);
    }
    let sha256 = package.checksums.iter().filter(|sum| sum.algorithm.as_deref() == Some("SHA256"));
    for checksum in sha256.filter_map(|sum| sum.checksum_value.as_ref()) {
        builder.digest(DigestRole::Manifest, &format!("sha256:{}", &**checksum));
    }
    for (key, value) in fields(package) {
        match key {
            "RepoTag" | "RepoDigest" | "Reference" => drop(builder.reference(value)),
            "ImageID" => drop(builder.digest(DigestRole::Config, value)),
            "DiffID" => builder.layer(value),
            "Size" => builder.image_mut().size = value.parse().ok(),
            _ => {}
        }
    }
    if builder.image_mut().references.is_empty()
        && let Some(name) = package.name.as_deref()
    {
        builder.named(name, package.version_info.as_deref(), DigestRole::Repository);
    }
    if builder.is_empty() {
        return None;
    }
    builder.image_mut().distribution = distribution(document);
    Some(Target::Image(builder.build()))
}

/// Syft names documents of images after their reference, and its namespaces say so; Claircore names
/// them by digest and put the reference into a comment, `generated for 'quay.example/shop@sha256:…'`.
fn image_by_name(name: &str, document: &Document<'_>, warnings: &mut Warnings) -> Option<Target> {
    let mut builder = ImageBuilder::default();
    let by_syft = document.document_namespace.as_deref().is_some_and(|space| space.contains("/syft/image/"));
    if by_syft {
        let exact = images::reference(name).filter(|name| name.tag.is_some() || name.digest.is_some());
        if exact.is_none() {
            warnings.push(
                "name",
                "the image's name has lost the colon before its tag: say which image it is when submitting",
            );
            return Some(Target::Other { kind: "image".to_owned(), name: bounded(name, "name", warnings) });
        }
        builder.reference(name);
    } else if !builder.digest(DigestRole::Repository, name) {
        return None;
    }
    let comment = document.comment.as_deref().and_then(|text| text.split_once("generated for '"));
    if let Some((reference, _)) = comment.and_then(|(_, rest)| rest.split_once('\'')) {
        builder.reference(reference);
    }
    builder.image_mut().distribution = distribution(document);
    Some(Target::Image(builder.build()))
}

/// The package that is the distribution; Claircore puts fields of `os-release` into its references.
fn distribution(document: &Document<'_>) -> Option<Distribution> {
    let system = document.packages.iter().find(|package| is_system(package))?;
    let field = |kind: &str| {
        let mut references = system.external_refs.iter();
        let found = references.find(|found| found.reference_type.as_deref() == Some(kind))?;
        found.reference_locator.as_ref()?.filled()
    };
    let version = field("version_id").or_else(|| system.version_info.as_ref()?.filled());
    let family = field("did").or_else(|| system.name.as_ref()?.filled())?;
    Some(Distribution {
        family: family.to_lowercase(),
        version: version.map(str::to_owned),
        end_of_life: None,
    })
}
