//! The purl of a feature. Quay does not state its ecosystem; the distribution or repository that its
//! vulnerabilities were matched in does.
//!
//! Refuses to guess: what neither a vulnerability nor the name tells is `pkg:generic/…`.

use domain::component::Component;
use domain::purl::Purl;

use super::wire::{Feature, Metadata, Vulnerability};
use crate::platforms::Platform;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{clair, packages, purls};

/// The component of a feature, and whether anything told its ecosystem; nothing where it has no name.
pub(super) fn component(feature: &Feature<'_>, warnings: &mut Warnings) -> Option<(Component, bool)> {
    let (purl, told) = purl(feature)?;
    let mut component = Component::from_purl(purl);
    component.name = bounded(&feature.name, "Name of a feature", warnings);
    component.version = feature.version.filled().map(str::to_owned);
    // Before v4 Clair took what dpkg lists by its source package.
    if component.purl.kind() == "deb" && !feature.namespace_name.is_empty() {
        component.source = packages::source(&component.name, None, None);
    }
    Some((component, told))
}

fn purl(feature: &Feature<'_>) -> Option<(Purl, bool)> {
    let (name, version) = (feature.name.filled()?, feature.version.filled());
    if let Some(kind) = feature.vulnerabilities.iter().find_map(|found| language(&found.metadata)) {
        return Some((purls::from_name(kind, name, version)?, true));
    }
    if let Some(platform) = platform(feature) {
        return Some((purls::from_parts(platform.kind, Some(platform.namespace), name, version)?, true));
    }
    match purls::ecosystem_of_name(name) {
        Some(kind) => Some((purls::from_name(kind, name, version)?, true)),
        None => Some((purls::from_parts("generic", None, name, version)?, false)),
    }
}

fn language(metadata: &Metadata<'_>) -> Option<&'static str> {
    clair::ecosystem(&metadata.repo_name).or_else(|| clair::ecosystem(&metadata.updated_by))
}

/// The distribution that a feature is of.
pub(super) fn platform(feature: &Feature<'_>) -> Option<Platform> {
    let stated = of_namespace(&feature.namespace_name);
    stated.or_else(|| feature.vulnerabilities.iter().find_map(of_vulnerability))
}

fn of_vulnerability(found: &Vulnerability<'_>) -> Option<Platform> {
    let metadata = &found.metadata;
    Platform::of_release(&metadata.distro_name, &metadata.distro_version)
        .or_else(|| clair::platform_of_repository(&metadata.repo_name))
        .or_else(|| of_namespace(&found.namespace_name))
}

/// `debian:12`; updaters, which stand in the same place since Clair v4, have no colon.
fn of_namespace(namespace: &str) -> Option<Platform> {
    let (name, version) = namespace.split_once(':')?;
    Platform::of_release(name, version)
}
