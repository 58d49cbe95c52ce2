//! The vulnerable package behind a result, read from the wording that Trivy, Grype and Snyk keep to,
//! or from Docker Scout's properties.
//! Refuses to guess an ecosystem: a package known by name alone is `pkg:generic/…`, unless versions in
//! the same run bear a distribution's own mark.

use domain::component::{Component, SourcePackage};
use domain::fix::{Fix, FixState};
use domain::purl::Purl;

use super::rule::line;
use super::wire::{Outcome, Rule, Run};
use crate::platforms::Platform;
use crate::{packages, purls};

/// Docker Scout, as its driver calls itself in lower case.
pub(super) const SCOUT: &str = "docker scout";

/// A vulnerable package and its fix.
pub(super) struct Package {
    pub component: Component,
    pub fix: Fix,
}

/// The distribution of a run's packages, where a version says so beyond doubt: `2.36-9+deb12u1`.
pub(super) fn distribution(run: &Run<'_>) -> Option<Distribution> {
    const MARKS: [(&str, Distribution); 3] =
        [("+deb", ("deb", "debian")), ("ubuntu", ("deb", "ubuntu")), (".amzn", ("rpm", "amazon"))];
    let versions = run.results.iter().flat_map(|result| {
        ["Installed Version:", "Fixed Version:"].map(|key| line(&result.message.text, key))
    });
    let marked = |version: &str| MARKS.iter().find(|(mark, _)| version.contains(mark));
    versions.flatten().find_map(marked).map(|(_, distribution)| *distribution)
}

/// A purl type with its namespace.
pub(super) type Distribution = (&'static str, &'static str);

/// The packages of a vulnerability result; `place` stands for them where the tool names none.
pub(super) fn of(
    tool: &str,
    id: &str,
    result: &Outcome<'_>,
    rule: Option<&Rule<'_>>,
    place: &str,
    distribution: Option<Distribution>,
) -> Vec<Package> {
    if tool == SCOUT
        && let Some(rule) = rule
    {
        let packages = scout(result, rule);
        if !packages.is_empty() {
            return packages;
        }
    }
    let by_tool = match tool {
        "trivy" => {
            let of_os = rule.is_some_and(|rule| &*rule.name == "OsPackageVulnerability");
            trivy(result, place, distribution.filter(|_| of_os))
        }
        "grype" => rule.and_then(|rule| grype(result, rule)),
        _ if id.starts_with("SNYK-") => rule.and_then(|rule| snyk(id, rule)),
        _ => None,
    };
    by_tool.or_else(|| stated(result)).or_else(|| generic(place)).into_iter().collect()
}

/// `Package: apt`, `Installed Version: 2.6.1`, `Fixed Version: …` on lines of the message.
fn trivy(result: &Outcome<'_>, place: &str, distribution: Option<Distribution>) -> Option<Package> {
    let message = &*result.message.text;
    let name = line(message, "Package:")?;
    let version = line(message, "Installed Version:");
    let purl = match distribution {
        Some((kind, namespace)) => purls::from_parts(kind, Some(namespace), name, version)?,
        None => purls::from_name(purls::ecosystem_of_file(place), name, version)?,
    };
    Some(Package { component: component(purl, name, version), fix: fix(line(message, "Fixed Version:")) })
}

/// The rule's help has a line each for name, version, type and namespace.
fn grype(result: &Outcome<'_>, rule: &Rule<'_>) -> Option<Package> {
    let help = &*rule.help.text;
    let name = line(help, "Package:")?;
    let version = version_in_message(&result.message.text).or_else(|| line(help, "Version:"));
    let distribution = line(help, "Data Namespace:").and_then(|namespace| {
        let (family, _) = namespace.split_once(":distro:")?;
        Some(family)
    });
    let kind = line(help, "Type:").unwrap_or_default();
    let purl = purls::from_anchore_type(kind, name, version, distribution)?;
    Some(Package { component: component(purl, name, version), fix: fix(line(help, "Fix Version:")) })
}

/// `… reports tar at version 1.34  which is …`, or `… package: tar, version 1.34 was found …`.
fn version_in_message(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once(" at version ").or_else(|| message.split_once(", version "))?;
    rest.split_whitespace().next()
}

/// `(CVE-2011-3374) apt/libapt-pkg6.0@2.6.1` in the description, the ecosystem among the tags.
fn snyk(id: &str, rule: &Rule<'_>) -> Option<Package> {
    let description = &*rule.full_description.text;
    let (_, package) = description.rsplit_once(") ")?;
    let (name, version) = package.trim().rsplit_once('@').filter(|(name, _)| !name.is_empty())?;
    let ecosystem = id.strip_prefix("SNYK-")?.split('-').next()?.to_ascii_lowercase();
    let distribution = ecosystem.trim_end_matches(|last: char| last.is_ascii_digit());
    let kind = match distribution {
        "debian" | "ubuntu" => "deb",
        "alpine" | "wolfi" | "chainguard" => "apk",
        "rhel" | "centos" | "amzn" | "oracle" | "rocky" | "rockylinux" | "sles" | "fedora" => "rpm",
        "js" => return language("npm", name, version),
        "python" => return language("pypi", name, version),
        "java" => return language("maven", name, version),
        "ruby" => return language("gem", name, version),
        "php" => return language("composer", name, version),
        "dotnet" => return language("nuget", name, version),
        "golang" => return language("golang", name, version),
        "rust" => return language("cargo", name, version),
        _ => return language("generic", name, version),
    };
    let (source, binary) =
        name.split_once('/').map_or((None, name), |(source, binary)| (Some(source), binary));
    let namespace = Platform::of(distribution).map_or(distribution, |platform| platform.namespace);
    let purl = purls::from_parts(kind, Some(namespace), binary, Some(version))?;
    let mut component = component(purl, binary, Some(version));
    component.source = source.map(|name| SourcePackage { name: name.to_owned(), version: None });
    Some(Package { component, fix: Fix::default() })
}

/// Docker Scout states package URLs: the message that of its result, the rule's properties those of all its
/// results. Those of Debian are source packages.
fn scout(result: &Outcome<'_>, rule: &Rule<'_>) -> Vec<Package> {
    let lines = result.message.text.lines().filter_map(|line| line.split_once(':'));
    let mut stated: Vec<&str> =
        lines.filter(|(key, _)| key.trim() == "Package").map(|(_, purl)| purl.trim()).collect();
    if stated.is_empty() {
        stated = ["purls", "purl"].into_iter().flat_map(|key| rule.properties.texts(key)).collect();
    }
    let fixed = rule.properties.text("fixed_version");
    let fix = match fixed.as_deref() {
        Some("not fixed") => Fix { state: FixState::NotFixed, versions: Vec::new() },
        fixed => fix(fixed),
    };
    let purls = stated.into_iter().filter_map(|text| text.parse::<Purl>().ok());
    purls
        .map(|purl| {
            let mut component = Component::from_purl(purl);
            if component.purl.kind() == "deb" {
                component.source = packages::source(&component.name, None, None);
            }
            Package { component, fix: fix.clone() }
        })
        .collect()
}

fn language(kind: &str, name: &str, version: &str) -> Option<Package> {
    let purl = purls::from_name(kind, name, Some(version))?;
    Some(Package { component: component(purl, name, Some(version)), fix: Fix::default() })
}

/// A package URL in a property or as a logical location.
fn stated(result: &Outcome<'_>) -> Option<Package> {
    let logical = result.locations.iter().flat_map(|location| &location.logical_locations);
    let purl: Purl = ["purl", "packageurl", "packageUrl"]
        .iter()
        .filter_map(|key| result.properties.text(key))
        .chain(logical.map(|location| location.fully_qualified_name.to_string()))
        .find_map(|text| text.parse().ok())?;
    Some(Package { component: Component::from_purl(purl), fix: Fix::default() })
}

/// The artifact or location itself.
fn generic(place: &str) -> Option<Package> {
    let bare = place.trim_start_matches("file:").trim_start_matches('/');
    let purl = purls::from_parts("generic", None, if bare.is_empty() { "unknown" } else { bare }, None)?;
    Some(Package { component: Component::from_purl(purl), fix: Fix::default() })
}

fn component(purl: Purl, name: &str, version: Option<&str>) -> Component {
    let mut component = Component::from_purl(purl);
    name.clone_into(&mut component.name);
    component.version = version.map(str::to_owned);
    component
}

fn fix(versions: Option<&str>) -> Fix {
    let listed = versions.into_iter().flat_map(|list| list.split(','));
    Fix::in_versions(
        listed.map(|version| version.trim().to_owned()).filter(|version| !version.is_empty()).collect(),
    )
}
