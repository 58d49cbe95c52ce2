//! The package of an issue as the purl that other scanners give it. Snyk writes packages of a distribution as
//! source and binary package, `glibc/libc6`, and those of Go by the package's path.
//!
//! Refuses to guess an ecosystem that neither issue nor project names: then it is `pkg:generic/…`, told.

use domain::component::Component;
use domain::purl::Purl;

use super::wire::{Issue, Project};
use crate::platforms::Platform;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{packages, purls};

/// The component of an issue; nothing where the package has no name.
pub(crate) fn component(
    issue: &Issue<'_>,
    project: &Project<'_>,
    at: &str,
    warnings: &mut Warnings,
) -> Option<Component> {
    let stated = issue.name.filled().or_else(|| issue.package_name.filled())?;
    let version = issue.version.filled();
    if let Some((kind, namespace)) = distribution(issue, project) {
        let (source, binary) = stated.split_once('/').unwrap_or(("", stated));
        let purl = purls::from_parts(kind, namespace, binary, version)?;
        let mut component = named(purl, binary, version, at, warnings);
        component.source = packages::source(source, None, None);
        return Some(component);
    }
    let kind = ecosystem(&issue.package_manager)
        .or_else(|| ecosystem(&issue.language))
        .or_else(|| ecosystem(&project.package_manager));
    let kind = kind.unwrap_or_else(|| {
        warnings.push(at, "nothing tells the ecosystem of a package, so it is known by name alone");
        "generic"
    });
    let name = if kind == "golang" { module(stated) } else { stated };
    let mut component = named(purls::from_name(kind, name, version)?, name, version, at, warnings);
    let file = project.target_file.filled().or_else(|| project.display_target_file.filled());
    component.paths = file.map(|file| bounded(file, at, warnings)).into_iter().collect();
    Some(component)
}

fn named(purl: Purl, name: &str, version: Option<&str>, at: &str, warnings: &mut Warnings) -> Component {
    let mut component = Component::from_purl(purl);
    component.name = bounded(name, at, warnings);
    component.version = version.map(|version| bounded(version, at, warnings));
    component
}

/// The distribution of an issue's package.
pub(super) fn platform(issue: &Issue<'_>) -> Option<Platform> {
    Platform::of_os(&issue.package_manager)
}

/// Type and namespace of the distribution's packages; the namespace where the release is told.
fn distribution(issue: &Issue<'_>, project: &Project<'_>) -> Option<(&'static str, Option<&'static str>)> {
    if let Some(platform) = platform(issue) {
        return Some((platform.kind, Some(platform.namespace)));
    }
    let of_os = issue.language.eq_ignore_ascii_case("linux");
    match &*project.package_manager {
        "apk" if of_os => Some(("apk", None)),
        "deb" if of_os => Some(("deb", None)),
        "rpm" if of_os => Some(("rpm", None)),
        _ => None,
    }
}

/// The purl type of a package manager's or language's packages.
fn ecosystem(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "npm" | "yarn" | "pnpm" | "js" | "javascript" => "npm",
        "pip" | "pipenv" | "poetry" | "python" => "pypi",
        "maven" | "gradle" | "sbt" | "java" | "scala" => "maven",
        "rubygems" | "ruby" => "gem",
        "composer" | "php" => "composer",
        "nuget" | "paket" | "dotnet" => "nuget",
        "golang" | "gomodules" | "golangdep" | "govendor" => "golang",
        "cargo" | "rust" => "cargo",
        "cocoapods" | "objective-c" => "cocoapods",
        "swift" => "swift",
        "hex" | "elixir" => "hex",
        "pub" | "dart" => "pub",
        _ => return None,
    })
}

/// The module of a Go package where its path alone tells it: other scanners know packages by their modules.
fn module(path: &str) -> &str {
    if path == "std" || path.starts_with("std/") {
        return "stdlib";
    }
    let Some(rest) = path.strip_prefix("golang.org/x/") else { return path };
    rest.find('/').and_then(|end| path.get(..path.len() - rest.len() + end)).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::module;

    #[test]
    fn packages_of_go_are_known_by_their_modules() {
        assert_eq!(module("golang.org/x/net/http2/hpack"), "golang.org/x/net");
        assert_eq!(module("golang.org/x/net"), "golang.org/x/net");
        assert_eq!(module("std/net/http"), "stdlib");
        assert_eq!(module("example.org/left/right"), "example.org/left/right");
    }
}
