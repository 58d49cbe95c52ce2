//! The packages that StackRox names. Refuses to take what roxctl's summary lists for packages of the
//! distribution where their versions do not bear its mark: it lists those of languages beside them.

use domain::component::Component;
use domain::purl::Purl;

use super::wire;
use crate::platforms::Platform;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{distributions, packages, purls};

const BY_NAME: &str = "nothing tells the ecosystem of a package, so it is known by name alone";

/// A component of a scan; `by_source` says that packages of a distribution go by their source package.
pub(super) fn of_scan(
    stated: &wire::Component<'_>,
    platform: Option<&Platform>,
    by_source: bool,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) -> Option<Component> {
    let (name, version) = (&*stated.name, stated.version.filled());
    let (purl, told) = match (&*stated.source, platform) {
        ("OS", Some(platform)) => (of_system(platform, name, version)?, true),
        ("DOTNETCORERUNTIME" | "INFRASTRUCTURE", _) => (purls::from_name("generic", name, version)?, true),
        (word, _) => of_language(purls::ecosystem_of_word(word), name, version)?,
    };
    if !told {
        warnings.push(at(), BY_NAME);
    }
    let mut component = named(purl, name, version, warnings);
    if by_source && component.purl.kind() == "deb" {
        component.source = packages::source(&component.name, None, None);
    }
    if let Some(path) = stated.location.filled() {
        component.paths.push(bounded(path, "path of a package", warnings));
    }
    Some(component)
}

/// A component of a summary.
pub(super) fn of_summary(
    entry: &wire::Entry<'_>,
    platform: Option<&Platform>,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) -> Option<Component> {
    let (name, version) = (&*entry.component_name, entry.component_version.filled());
    let marked =
        platform.filter(|platform| version.is_some_and(|version| distributions::marks(platform, version)));
    let (purl, told) = match marked {
        Some(platform) => (of_system(platform, name, version)?, true),
        None => of_language(None, name, version)?,
    };
    if !told {
        warnings.push(at(), BY_NAME);
    }
    Some(named(purl, name, version, warnings))
}

/// The distribution that links and versions of a summary tell.
pub(super) fn platform(entries: &[wire::Entry<'_>]) -> Option<Platform> {
    let by_link = || entries.iter().find_map(|entry| distributions::of_link(&entry.cve_info));
    let marked = entries.iter().find_map(|entry| distributions::of_version(&entry.component_version));
    Platform::of_family(marked.or_else(by_link)?)
}

fn of_system(platform: &Platform, name: &str, version: Option<&str>) -> Option<Purl> {
    purls::from_parts(platform.kind, Some(platform.namespace), name, version)
}

/// A purl, and whether its ecosystem is told, by a word or by the name's own shape.
fn of_language(word: Option<&str>, name: &str, version: Option<&str>) -> Option<(Purl, bool)> {
    let ecosystem = word.or_else(|| purls::ecosystem_of_name(name));
    Some((purls::from_name(ecosystem.unwrap_or("generic"), name, version)?, ecosystem.is_some()))
}

fn named(purl: Purl, name: &str, version: Option<&str>, warnings: &mut Warnings) -> Component {
    let mut component = Component::from_purl(purl);
    component.name = bounded(name, "name of a package", warnings);
    component.version = version.map(str::to_owned);
    component
}
