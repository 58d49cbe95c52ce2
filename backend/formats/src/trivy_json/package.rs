//! Packages as Trivy lists them, to components. Refuses packages without a name.

use domain::component::{Component, SourcePackage};
use domain::purl::Purl;

use super::target;
use super::wire::Package;
use crate::json::{Number, Text};
use crate::purls::{self, Purls};

/// A listed package, of a result of this `Type`.
pub(super) fn component<'r>(
    kind: &str,
    package: &'r Package<'r>,
    purls: &mut Purls<'r>,
) -> Option<Component> {
    let version = evr(package.epoch, &package.version, &package.release);
    let stated = package.identifier.purl.filled().and_then(|text| purls.parse(text).ok().cloned());
    let purl = match stated {
        Some(purl) => purl,
        None => purl(kind, package.name.filled()?, version.as_deref())?,
    };
    let mut component = Component::from_purl(purl);
    if let Some(name) = package.name.filled() {
        name.clone_into(&mut component.name);
    }
    component.version = version;
    component.source = source(package);
    component.licences = package.licenses.iter().map(ToString::to_string).collect();
    component.paths = package.file_path.filled().map(str::to_owned).into_iter().collect();
    Some(component)
}

/// The source package behind a distribution's package.
pub(super) fn source(package: &Package<'_>) -> Option<SourcePackage> {
    Some(SourcePackage {
        name: package.src_name.filled()?.to_owned(),
        version: evr(package.src_epoch, &package.src_version, &package.src_release),
    })
}

/// A purl for a package that comes without one, as reports before 2024 did.
pub(crate) fn purl(kind: &str, name: &str, version: Option<&str>) -> Option<Purl> {
    match target::ecosystem(kind) {
        (kind, Some(namespace)) => purls::from_parts(kind, Some(namespace), name, version),
        (kind, None) => purls::from_name(kind, name, version),
    }
}

/// Epoch, version and release in one text, as package managers print it.
fn evr(epoch: Number, version: &Text<'_>, release: &Text<'_>) -> Option<String> {
    let mut text = version.filled()?.to_owned();
    if let Some(epoch) = epoch.whole().filter(|epoch| *epoch > 0) {
        text = format!("{epoch}:{text}");
    }
    if let Some(release) = release.filled() {
        text = format!("{text}-{release}");
    }
    Some(text)
}
