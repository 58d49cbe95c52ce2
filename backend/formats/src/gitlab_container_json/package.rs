//! The package of an entry. GitLab states its name, its version and the image's operating system, and
//! not its ecosystem: languages are scanned only where that is asked for, so a package belongs to the
//! distribution unless that one could not hold it.
//!
//! Refuses to guess a language beyond names that only one has; the rest is `pkg:generic/…`, told.

use domain::component::Component;

use super::wire::Location;
use crate::platforms::Platform;
use crate::purls;
use crate::trivy_json::ecosystem_of_group;
use crate::untrusted::bounded;
use crate::warnings::Warnings;

/// The component; nothing where the package has no name.
pub(super) fn component(
    location: &Location<'_>,
    platform: Option<&Platform>,
    at: &str,
    warnings: &mut Warnings,
) -> Option<Component> {
    let name = location.dependency.package.name.filled()?;
    let version = location.dependency.version.filled();
    let by_file = language_of_file(&location.image);
    let of_os = |platform: &&Platform| by_file.is_none() && holds(platform.kind, name, version);
    let purl = match platform.filter(of_os) {
        Some(platform) => purls::from_parts(platform.kind, Some(platform.namespace), name, version)?,
        None => {
            let language = by_file.or_else(|| language_of_name(name)).unwrap_or_else(|| {
                warnings.push(at, "nothing tells the ecosystem of a package, so it is known by name alone");
                "generic"
            });
            purls::from_name(language, name, version)?
        }
    };
    let mut component = Component::from_purl(purl);
    component.name = bounded(name, "location.dependency.package.name", warnings);
    component.version = version.map(str::to_owned);
    Some(component)
}

/// Whether a distribution could have a package of this name and version.
fn holds(kind: &str, name: &str, version: Option<&str>) -> bool {
    let version = version.unwrap_or_default();
    match kind {
        "deb" => {
            let allowed =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+-.".contains(&byte);
            name.bytes().all(allowed) && language_of_name(name).is_none()
        }
        "apk" => version.rsplit_once("-r").is_some_and(|(_, revision)| revision.parse::<u32>().is_ok()),
        _ => version.contains('-') && !name.contains(['/', ':', '@']),
    }
}

/// The language of a name that no other has: `@scope/name`, `group:artifact`, a Go module path.
fn language_of_name(name: &str) -> Option<&'static str> {
    match name.split_once('/') {
        Some(_) if name.starts_with('@') => Some("npm"),
        Some((host, _)) if host.contains('.') => Some("golang"),
        None if name.contains(':') => Some("maven"),
        None if name == "stdlib" => Some("golang"),
        _ => None,
    }
}

/// The language of the file or group that old templates of Trivy wrote in place of the image.
pub(super) fn language_of_file(place: &str) -> Option<&'static str> {
    let by_group = || match ecosystem_of_group(place, "") {
        ("npm", _) => "npm",
        ("pypi", _) => "pypi",
        ("maven", _) => "maven",
        ("gem", _) => "gem",
        ("cargo", _) => "cargo",
        _ => "generic",
    };
    let by_file = purls::ecosystem_of_file(place);
    let language = if by_file == "generic" { by_group() } else { by_file };
    (language != "generic").then_some(language)
}
