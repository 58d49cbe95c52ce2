//! The package behind a finding of the operator: its purl where the report has one, as releases of 2024 and
//! later do, or else whatever tells where it comes from, most of which is written only on request.
//!
//! Refuses to take a package for the distribution's because of the image's distribution alone: its version
//! has to bear the distribution's mark.

use domain::component::Component;
use domain::purl::Purl;

use crate::distributions::is_apk_version;
use crate::packages;
use crate::purls::{self, Purls};
use crate::trivy_json::{distribution_of_target, ecosystem_of_group, purl_of_package};
use crate::untrusted::bounded;
use crate::warnings::Warnings;

/// What a distribution, as Trivy calls it, writes into the versions of its packages.
const MARKS: [(&str, &str); 12] = [
    ("alma", ".el"),
    ("amazon", ".amzn"),
    ("azurelinux", ".azl"),
    ("cbl-mariner", ".cm"),
    ("centos", ".el"),
    ("debian", "+deb"),
    ("fedora", ".fc"),
    ("oracle", ".el"),
    ("photon", ".ph"),
    ("redhat", ".el"),
    ("rocky", ".el"),
    ("ubuntu", "ubuntu"),
];

/// What is told of a package; empty texts are not told.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Told<'a> {
    pub purl: &'a str,
    pub name: &'a str,
    pub version: &'a str,
    /// Trivy's type of package: `ubuntu`, `gobinary`.
    pub kind: &'a str,
    /// `os-pkgs` or `lang-pkgs`.
    pub class: &'a str,
    /// The result that lists it: `alpine:3.20 (alpine 3.20.1)`, `Java`, a lock file.
    pub target: &'a str,
    pub path: &'a str,
    /// The image's distribution.
    pub family: &'a str,
}

/// The package, unless it has neither purl nor name.
pub(crate) fn component<'a>(
    told: &Told<'a>,
    purls: &mut Purls<'a>,
    at: &str,
    warnings: &mut Warnings,
) -> Option<Component> {
    let stated = (!told.purl.is_empty()).then(|| packages::purl(told.purl, purls, at, warnings)).flatten();
    let purl = stated.or_else(|| by_name(told, at, warnings))?;
    let mut component = Component::from_purl(purl);
    if !told.name.is_empty() {
        component.name = bounded(told.name, at, warnings);
    }
    component.version = filled(told.version).map(|version| bounded(version, at, warnings));
    component.paths = filled(told.path).map(|path| bounded(path, at, warnings)).into_iter().collect();
    Some(component)
}

fn by_name(told: &Told<'_>, at: &str, warnings: &mut Warnings) -> Option<Purl> {
    let (name, version) = (filled(told.name)?, filled(told.version));
    let of_target = distribution_of_target(told.target).map(|distribution| distribution.family);
    let family = of_target.clone().unwrap_or_else(|| told.family.to_ascii_lowercase());
    let of_distribution = match told.class {
        "os-pkgs" => !family.is_empty(),
        "" => of_target.is_some() || bears_mark(&family, told.version),
        _ => false,
    };
    if let Some(kind) = filled(told.kind).or_else(|| of_distribution.then_some(&*family)) {
        return purl_of_package(kind, name, version);
    }
    let (group, _) = ecosystem_of_group(told.target, "");
    let files = [told.path, told.target].map(purls::ecosystem_of_file);
    let kinds = [group, files[0], files[1]];
    let kind = kinds.into_iter().find(|kind| *kind != "generic");
    if kind.is_none() {
        warnings.push(at, "nothing tells where a package comes from, so it is known by name alone");
    }
    purls::from_name(kind.unwrap_or("generic"), name, version)
}

/// Whether a version is one that only this distribution gives.
fn bears_mark(family: &str, version: &str) -> bool {
    match family {
        "alpine" | "wolfi" | "chainguard" | "minimos" => is_apk_version(version),
        _ => MARKS.iter().any(|(known, mark)| *known == family && version.contains(mark)),
    }
}

fn filled(text: &str) -> Option<&str> {
    if text.is_empty() { None } else { Some(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(told: Told<'_>, expected: &str) {
        let (mut purls, mut warnings) = (Purls::default(), Warnings::default());
        let told = Told { name: "tar", version: "1.2-r3", ..told };
        let component = component(&told, &mut purls, "", &mut warnings).unwrap();
        assert_eq!(component.purl.as_str(), expected, "{told:?}");
        assert_eq!(warnings.into_vec().len(), usize::from(expected.starts_with("pkg:generic")), "{told:?}");
    }

    #[test]
    fn reads_what_tells_an_ecosystem() {
        check(
            Told { purl: "pkg:apk/alpine/tar@1.2-r3?arch=x86_64", ..Told::default() },
            "pkg:apk/alpine/tar@1.2-r3",
        );
        check(Told { kind: "gobinary", family: "alpine", ..Told::default() }, "pkg:golang/tar@1.2-r3");
        check(Told { class: "os-pkgs", family: "Debian", ..Told::default() }, "pkg:deb/debian/tar@1.2-r3");
        check(Told { target: "x:1 (wolfi 2)", ..Told::default() }, "pkg:apk/wolfi/tar@1.2-r3");
        check(Told { family: "alpine", ..Told::default() }, "pkg:apk/alpine/tar@1.2-r3");
        check(Told { target: "Java", ..Told::default() }, "pkg:maven/tar@1.2-r3");
        check(Told { path: "srv/package.json", ..Told::default() }, "pkg:npm/tar@1.2-r3");
    }

    #[test]
    fn a_distribution_alone_tells_nothing_of_a_package() {
        check(Told { family: "debian", ..Told::default() }, "pkg:generic/tar@1.2-r3");
        check(Told { class: "lang-pkgs", family: "alpine", ..Told::default() }, "pkg:generic/tar@1.2-r3");
        check(Told::default(), "pkg:generic/tar@1.2-r3");
    }
}
