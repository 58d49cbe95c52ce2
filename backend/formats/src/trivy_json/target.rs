//! What a Trivy report was made of: the artifact, its image digests and names, and which ecosystem a
//! result's packages belong to. Refuses to take a file name for an image reference.

use std::collections::BTreeMap;

use domain::digest::Digest;
use domain::image::{DigestRole, Distribution, Image, Platform};
use domain::reference::ImageReference;
use domain::scan::Target;

use super::wire::{ImageConfig, Metadata, OperatingSystem, Report};
use crate::time;

/// The target of a report.
pub(super) fn of(report: &Report<'_>) -> Target {
    let metadata = &report.metadata;
    let named = !metadata.repo_tags.is_empty() || !metadata.repo_digests.is_empty();
    match report.artifact_type.filled() {
        Some("container_image") => Target::Image(image(report)),
        // A bill of materials of an image, scanned, carries the image's names along.
        Some(_) if named || metadata.image_id.filled().is_some() => Target::Image(image(report)),
        Some(kind) => Target::Other { kind: kind.to_owned(), name: report.artifact_name.to_string() },
        None if named => Target::Image(image(report)),
        None => unnamed(report),
    }
}

/// Schema version 1 names the image only in its results: `alpine:3.10 (alpine 3.10.2)`.
fn unnamed(report: &Report<'_>) -> Target {
    let reference = report.results.iter().find_map(|result| {
        let (name, _) = result.target.split_once(" (")?;
        reference(name)
    });
    match reference.or_else(|| reference_of_name(report)) {
        None => Target::Unstated,
        Some(reference) => Target::Image(Image {
            distribution: report.results.iter().find_map(|result| distribution_of_target(&result.target)),
            references: vec![reference.with_default_tag()],
            ..Image::default()
        }),
    }
}

fn reference_of_name(report: &Report<'_>) -> Option<ImageReference> {
    report.artifact_name.filled().and_then(reference)
}

/// The distribution in a result's target: `alpine:3.10 (alpine 3.10.2)`.
pub(crate) fn distribution_of_target(target: &str) -> Option<Distribution> {
    let (_, inside) = target.split_once(" (")?;
    let (family, version) = inside.strip_suffix(')')?.split_once(' ')?;
    Some(Distribution {
        family: family.to_ascii_lowercase(),
        version: Some(version.to_owned()),
        end_of_life: None,
    })
}

fn image(report: &Report<'_>) -> Image {
    let metadata = &report.metadata;
    let mut image = Image {
        references: references(report),
        platform: platform(&metadata.image_config),
        distribution: distribution(&metadata.os),
        created_at: time::parse(&metadata.image_config.created),
        size: metadata.size.whole().filter(|size| *size > 0),
        labels: labels(&metadata.image_config),
        layers: metadata.diff_ids.iter().map(|layer| layer.to_string()).collect(),
        ..Image::default()
    };
    let repository: Vec<Digest> =
        image.references.iter().filter_map(|reference| reference.digest.clone()).collect();
    for digest in &repository {
        image.add_digest(DigestRole::Repository, digest.clone());
    }
    // With Docker's containerd store the image id is the digest that was pulled, not the config's.
    if let Ok(id) = metadata.image_id.parse::<Digest>()
        && !repository.contains(&id)
    {
        image.add_digest(DigestRole::Config, id);
    }
    image
}

/// Names of the image, the one that was asked for first.
fn references(report: &Report<'_>) -> Vec<ImageReference> {
    let Metadata { repo_tags, repo_digests, reference: stated, .. } = &report.metadata;
    let mut names: Vec<ImageReference> = Vec::new();
    for text in std::iter::once(stated).chain(repo_tags).chain(repo_digests) {
        if let Some(found) = reference(text)
            && !names.contains(&found)
        {
            names.push(found);
        }
    }
    match reference_of_name(report).map(ImageReference::with_default_tag) {
        Some(asked) if names.is_empty() => names.push(asked),
        Some(asked) => {
            if let Some(position) = names.iter().position(|name| *name == asked) {
                names[..=position].rotate_right(1);
            }
        }
        None => {}
    }
    names
}

/// A reference, unless the text is the name of an image archive.
fn reference(text: &str) -> Option<ImageReference> {
    let archive = [".tar", ".tar.gz", ".tgz", ".img", ".json"].iter().any(|ending| text.ends_with(ending));
    if archive { None } else { text.parse().ok() }
}

fn platform(config: &ImageConfig<'_>) -> Option<Platform> {
    Some(Platform {
        os: config.os.filled()?.to_owned(),
        architecture: config.architecture.filled()?.to_owned(),
        variant: config.variant.filled().map(str::to_owned),
    })
}

fn distribution(os: &OperatingSystem<'_>) -> Option<Distribution> {
    Some(Distribution {
        family: os.family.filled()?.to_ascii_lowercase(),
        version: os.name.filled().map(str::to_owned),
        end_of_life: os.eosl,
    })
}

fn labels(config: &ImageConfig<'_>) -> BTreeMap<String, String> {
    config.config.labels.iter().map(|(key, value)| (key.clone(), value.to_string())).collect()
}

/// The purl type and namespace of packages whose result has this `Type`.
pub(super) fn ecosystem(kind: &str) -> (&str, Option<&str>) {
    match kind {
        "alpine" | "wolfi" | "chainguard" | "minimos" => ("apk", Some(kind)),
        "debian" | "ubuntu" | "echo" => ("deb", Some(kind)),
        "redhat"
        | "centos"
        | "rocky"
        | "alma"
        | "amazon"
        | "oracle"
        | "photon"
        | "fedora"
        | "cbl-mariner"
        | "azurelinux"
        | "opensuse"
        | "opensuse-leap"
        | "opensuse-tumbleweed"
        | "suse linux enterprise server"
        | "suse linux enterprise micro"
        | "sles"
        | "slem"
        | "bottlerocket" => ("rpm", Some(kind)),
        "npm" | "yarn" | "pnpm" | "bun" | "node-pkg" | "javascript" => ("npm", None),
        "pip" | "pipenv" | "poetry" | "uv" | "pylock" | "python-pkg" => ("pypi", None),
        "conda-pkg" | "conda-environment" => ("conda", None),
        "jar" | "pom" | "gradle" | "sbt" => ("maven", None),
        "gomod" | "gobinary" => ("golang", None),
        "cargo" | "rustbinary" | "rust-binary" => ("cargo", None),
        "bundler" | "gemspec" => ("gem", None),
        "composer" | "composer-vendor" => ("composer", None),
        "nuget" | "dotnet-core" | "packages-props" => ("nuget", None),
        "conan" | "hex" | "pub" | "swift" | "cocoapods" | "julia" => (kind, None),
        "kubernetes" | "eks" | "gke" | "aks" | "rke" => ("k8s", None),
        _ => ("generic", None),
    }
}

/// The result `Type` whose packages a licence result of this `Target` speaks of.
pub(crate) fn ecosystem_of_group<'a>(target: &str, os: &'a str) -> (&'a str, Option<&'a str>) {
    match target {
        "OS Packages" => ecosystem(os),
        "Node.js" => ecosystem("npm"),
        "Python" => ecosystem("pip"),
        "Java" => ecosystem("jar"),
        "Ruby" => ecosystem("gemspec"),
        "Rust Binary" => ecosystem("cargo"),
        _ => ecosystem(""),
    }
}
