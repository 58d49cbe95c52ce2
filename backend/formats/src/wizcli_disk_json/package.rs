//! Packages of Wiz' scans as the purls that other scanners give them. Refuses to guess: a scan names no distribution,
//! so that trackers and versions have to prove it.

use domain::component::Component;
use domain::purl::Purl;

use super::wire::{Package, Vulnerability};
use crate::platforms::Platform;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{distributions, purls};

/// A package by what is stated of it; empty texts are not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stated<'s> {
    pub name: &'s str,
    pub version: &'s str,
    pub path: &'s str,
    /// Whether the distribution's package manager installed it.
    pub of_system: bool,
}

/// The distribution whose tracker or mark the packages of an image bear.
pub(super) fn platform(packages: &[Package<'_>]) -> Option<Platform> {
    let tracked = |found: &Vulnerability<'_>| distributions::of_link(&found.source);
    let by_link = packages.iter().flat_map(|package| &package.vulnerabilities).find_map(tracked);
    let by_version = || packages.iter().find_map(|package| distributions::of_version(&package.version));
    Platform::of_family(by_link.or_else(by_version)?)
}

/// The component; nothing where the package has no name.
pub(super) fn component(
    stated: Stated<'_>,
    platform: Option<&Platform>,
    at: &str,
    warnings: &mut Warnings,
) -> Option<Component> {
    if stated.name.is_empty() {
        return None;
    }
    let version = Some(stated.version).filter(|version| !version.is_empty());
    let mut component = Component::from_purl(purl(stated, version, platform, at, warnings)?);
    component.name = bounded(stated.name, "name of a package", warnings);
    component.version = version.map(|version| bounded(version, "version of a package", warnings));
    if !stated.path.is_empty() {
        component.paths.push(bounded(stated.path, "path of a package", warnings));
    }
    Some(component)
}

fn purl(
    stated: Stated<'_>,
    version: Option<&str>,
    platform: Option<&Platform>,
    at: &str,
    warnings: &mut Warnings,
) -> Option<Purl> {
    if let Some(platform) = platform.filter(|_| stated.of_system) {
        return purls::from_parts(platform.kind, Some(platform.namespace), stated.name, version);
    }
    let by_file = Some(purls::ecosystem_of_file(stated.path)).filter(|kind| *kind != "generic");
    let ecosystem = by_file.or_else(|| purls::ecosystem_of_name(stated.name)).filter(|_| !stated.of_system);
    let kind = ecosystem.unwrap_or_else(|| {
        warnings.push(at, "nothing tells the ecosystem of a package, so it is known by name alone");
        "generic"
    });
    purls::from_name(kind, stated.name, version)
}
