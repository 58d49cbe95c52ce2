//! What documents of Prisma Cloud have in common: how packages are named, how a fix is told, what a distribution is
//! called. Refuses to be a format.

use domain::component::Component;
use domain::finding::{ReportedFinding, Subject};
use domain::fix::{Fix, FixState};
use domain::purl::Purl;
use domain::scan::Tool;

use crate::platforms::Platform;
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{distributions, packages, purls, severity};

/// Prisma Cloud Compute, which was Twistlock, whichever of its programs wrote the document.
pub(crate) fn tool() -> Tool {
    Tool { name: "prisma-cloud".to_owned(), version: None }
}

/// A package as a document names it; what it does not tell is empty.
#[derive(Debug, Default)]
pub(crate) struct Package<'p> {
    /// `os`, `jar`, `python`.
    pub kind: &'p str,
    pub name: &'p str,
    pub version: &'p str,
    /// Its source package.
    pub source: &'p str,
    pub path: &'p str,
    pub licences: Vec<&'p str>,
}

/// The component of a package.
pub(crate) fn component(
    package: &Package<'_>,
    platform: Option<&Platform>,
    at: &dyn Fn() -> String,
    warnings: &mut Warnings,
) -> Option<Component> {
    let version = Some(package.version).filter(|version| !version.is_empty());
    let (purl, told) = purl(package, version, platform)?;
    if !told {
        warnings.push(at(), "nothing tells the ecosystem of a package, so it is known by name alone");
    }
    let mut component = Component::from_purl(purl);
    component.name = bounded(&component.name, "name of a package", warnings);
    component.version = version.map(str::to_owned);
    component.source = packages::source(package.source, None, version);
    component.licences =
        package.licences.iter().map(|licence| bounded(licence, "licence of a package", warnings)).collect();
    if !package.path.is_empty() {
        component.paths.push(bounded(package.path, "path of a package", warnings));
    }
    Some(component)
}

/// The purl, and whether something tells its ecosystem.
fn purl(package: &Package<'_>, version: Option<&str>, platform: Option<&Platform>) -> Option<(Purl, bool)> {
    let kind = package.kind.trim().to_ascii_lowercase();
    let from_system = |platform: &Platform| {
        purls::from_parts(platform.kind, Some(platform.namespace), package.name, version)
    };
    match (kind.as_str(), platform) {
        ("os", Some(platform)) => return Some((from_system(platform)?, true)),
        ("os", None) => return Some((purls::from_parts("generic", None, package.name, version)?, false)),
        ("app" | "application" | "binary" | "windows", _) => {
            return Some((purls::from_parts("generic", None, package.name, version)?, true));
        }
        _ => {}
    }
    let by_file = Some(purls::ecosystem_of_file(package.path)).filter(|kind| *kind != "generic");
    let by_name = || purls::ecosystem_of_name(package.name);
    let ecosystem = purls::ecosystem_of_word(&kind).or(by_file).or_else(by_name);
    if let Some(ecosystem) = ecosystem {
        let name = if ecosystem == "maven" { coordinates(package.name) } else { package.name.to_owned() };
        return Some((purls::from_name(ecosystem, &name, version)?, true));
    }
    match platform.filter(|platform| version.is_some_and(|version| distributions::marks(platform, version))) {
        Some(platform) => Some((from_system(platform)?, true)),
        None => Some((purls::from_parts("generic", None, package.name, version)?, false)),
    }
}

/// `group:artifact` for what Prisma Cloud writes as `group_artifact`. Behind an underscore in an artifact's own name
/// stands a version of Scala.
fn coordinates(name: &str) -> String {
    match name.split_once('_') {
        Some((group, artifact))
            if !name.contains(':') && !artifact.starts_with(|first: char| first.is_ascii_digit()) =>
        {
            format!("{group}:{artifact}")
        }
        _ => name.to_owned(),
    }
}

/// The fix in a status: `fixed in 1.2.3, 2.0.0`, `needed`, `will not fix`.
pub(crate) fn fix(status: &str) -> Fix {
    let status = status.trim().to_ascii_lowercase();
    if let Some(versions) = status.strip_prefix("fixed in ") {
        let versions = versions.split(',').map(str::trim).filter(|version| !version.is_empty());
        return Fix::in_versions(versions.map(str::to_owned).collect());
    }
    let state = match status.as_str() {
        "affected" | "deferred" | "fix deferred" | "needed" | "open" | "vulnerable" => FixState::NotFixed,
        "end of life" | "will not fix" => FixState::WontFix,
        _ => FixState::Unknown,
    };
    Fix { state, versions: Vec::new() }
}

/// What is told of whether a package is used, among risk factors.
pub(crate) fn in_use<'f>(mut factors: impl Iterator<Item = &'f str>) -> Option<String> {
    factors.any(|factor| factor.trim().eq_ignore_ascii_case("package in use")).then(|| "in use".to_owned())
}

/// A compliance check that failed.
pub(crate) struct Check<'c> {
    pub id: &'c str,
    pub title: &'c str,
    pub cause: &'c str,
    pub severity: &'c str,
}

/// The finding of a check; nothing where neither id nor title tells which it is.
pub(crate) fn check(check: &Check<'_>, warnings: &mut Warnings) -> Option<ReportedFinding> {
    let name = if check.id.is_empty() { check.title } else { check.id };
    if name.is_empty() {
        return None;
    }
    let check_name = bounded(name, "compliance check", warnings);
    let subject =
        Subject::Misconfiguration { check: check_name, path: String::new(), resource: None, line: None };
    let mut finding = ReportedFinding::new(subject, severity::from_word(check.severity), check.severity);
    let title = match (check.title, check.cause) {
        (title, "") => title.to_owned(),
        ("", cause) => cause.to_owned(),
        (title, cause) => format!("{title}: {cause}"),
    };
    finding.title = Some(prose(&title)).filter(|title| !title.is_empty());
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_purl(kind: &str, name: &str, version: &str, path: &str, expected: &str) {
        let platform = Platform::of_words("debian 12");
        let package = Package { kind, name, version, path, ..Package::default() };
        let (purl, _) = purl(&package, Some(version), platform.as_ref()).unwrap();
        assert_eq!(purl.as_str(), expected);
    }

    #[test]
    fn packages_are_those_of_their_ecosystems() {
        check_purl("os", "tar", "1.34", "", "pkg:deb/debian/tar@1.34");
        check_purl("OS", "tar", "1.34", "", "pkg:deb/debian/tar@1.34");
        check_purl("jar", "org.demo.left_left-core", "1.0", "", "pkg:maven/org.demo.left/left-core@1.0");
        check_purl("java", "left_2.13", "1.0", "", "pkg:maven/left_2.13@1.0");
        check_purl("", "org.demo_left", "1.0", "/srv/left.jar", "pkg:maven/org.demo/left@1.0");
        check_purl("nodejs", "@demo/left", "1.0", "", "pkg:npm/%40demo/left@1.0");
        check_purl("", "libdemo", "1.0-1+deb12u1", "", "pkg:deb/debian/libdemo@1.0-1%2Bdeb12u1");
        check_purl("", "left", "1.0", "", "pkg:generic/left@1.0");
        check_purl("binary", "demo", "1.0", "", "pkg:generic/demo@1.0");
    }

    #[test]
    fn fixes_are_told_in_words() {
        assert_eq!(fix("fixed in 1.2, 2.0").versions, ["1.2", "2.0"]);
        assert_eq!(fix("Will not fix").state, FixState::WontFix);
        assert_eq!(fix("needed").state, FixState::NotFixed);
        assert_eq!((fix("").state, fix("fixed in ").state), (FixState::Unknown, FixState::Unknown));
    }
}
