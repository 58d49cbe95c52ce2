//! The component that a resource is. Refuses to take a script found as a file for the package that it may have
//! come in.

use domain::component::Component;

use super::wire::Resource;
use crate::platforms::Platform;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{packages, purls};

const BY_NAME: &str = "nothing tells the ecosystem of a package, so it is known by name alone";

/// The component of a resource; `ancestor` is the source package, where the vulnerability tells it.
pub(super) fn of_resource(
    resource: &Resource<'_>,
    ancestor: &str,
    platform: Option<&Platform>,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) -> Option<Component> {
    let (name, version) = (name(resource)?, resource.version.filled());
    let format = resource.format.to_ascii_lowercase();
    let purl = match format.as_str() {
        kind @ ("apk" | "deb" | "rpm") => {
            let platform = platform.filter(|platform| platform.kind == kind);
            purls::from_parts(kind, platform.map(|platform| platform.namespace), name, version)?
        }
        "javascript" => purls::from_name("generic", name, version)?,
        word => {
            let ecosystem = purls::ecosystem_of_word(word);
            if ecosystem.is_none() {
                warnings.push(at(), BY_NAME);
            }
            purls::from_name(ecosystem.unwrap_or("generic"), name, version)?
        }
    };
    let mut component = Component::from_purl(purl);
    component.name = bounded(name, "name of a package", warnings);
    component.version = version.map(str::to_owned);
    component.source = match resource.src_name.filled() {
        Some(source) => packages::source(source, resource.src_version.filled(), version),
        None => packages::source(ancestor, None, version),
    };
    component.licences = licences(resource, warnings);
    if let Some(path) = resource.path.filled() {
        component.paths.push(bounded(path, "path of a package", warnings));
    }
    Some(component)
}

/// The component of a list's entry, which names a file or a package and no version: that stands in the name of an
/// archive, if anywhere.
pub(super) fn of_file(file: &str, at: &dyn Fn() -> String, warnings: &mut Warnings) -> Option<Component> {
    let base = file_name(file)?;
    let purl = match (purls::ecosystem_of_file(file), archive(base)) {
        ("maven", Some((name, version))) => purls::from_name("maven", name, Some(version))?,
        _ => {
            warnings.push(at(), BY_NAME);
            purls::from_name("generic", base, None)?
        }
    };
    let mut component = Component::from_purl(purl);
    component.name = bounded(&component.name, "name of a package", warnings);
    if file.starts_with('/') {
        component.paths.push(bounded(file, "path of a package", warnings));
    }
    Some(component)
}

/// `left-1.0.jar`.
fn archive(base: &str) -> Option<(&str, &str)> {
    let (stem, _) = base.rsplit_once('.')?;
    let (name, version) = stem.rsplit_once('-')?;
    (!name.is_empty() && version.starts_with(|first: char| first.is_ascii_digit())).then_some((name, version))
}

/// The name; where a path stands in its place, the one in what Aqua calls a CPE, or else the file's.
fn name<'r>(resource: &'r Resource<'_>) -> Option<&'r str> {
    let stated = resource.name.filled();
    let plain = stated.filter(|name| !name.starts_with('/'));
    plain.or_else(|| in_cpe(resource)).or_else(|| file_name(stated.or_else(|| resource.path.filled())?))
}

/// `guava` in `pkg:/java:*:guava:20.0.0`.
fn in_cpe<'r>(resource: &'r Resource<'_>) -> Option<&'r str> {
    let rest = resource.cpe.strip_prefix("pkg:/")?.splitn(3, ':').nth(2)?;
    let named = rest.strip_suffix(&*resource.version).and_then(|rest| rest.strip_suffix(':')).unwrap_or(rest);
    Some(named).filter(|name| !name.is_empty())
}

fn file_name(path: &str) -> Option<&str> {
    path.rsplit('/').next().filter(|name| !name.is_empty())
}

fn licences(resource: &Resource<'_>, warnings: &mut Warnings) -> Vec<String> {
    let stated = resource.licenses.iter().chain([&resource.license]).filter_map(|licence| licence.filled());
    stated.map(|licence| bounded(licence, "licence of a package", warnings)).collect()
}
