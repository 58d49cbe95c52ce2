//! The purl of a vulnerable package. NeuVector states its name, version and file; which distribution or language
//! it is of stands in the list of modules, or before the name (`python:flask`, `go:example.org/x`).
//!
//! Refuses to guess: what neither tells, nor the image's distribution, nor the version, is `pkg:generic/…`, told.

use std::collections::HashMap;

use domain::component::Component;

use super::wire::{Report, Vulnerability};
use crate::platforms::Platform;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{distributions, purls};

/// What NeuVector writes before a name, with the purl type of such packages.
const PREFIXES: &[(&str, &str)] = &[
    (".NET:", "nuget"),
    ("dotnet:", "nuget"),
    ("go:", "golang"),
    ("jar:", "maven"),
    ("php:", "composer"),
    ("python:", "pypi"),
    ("r:", "cran"),
    ("ruby:", "gem"),
];
/// What NeuVector calls a language, with the purl type of its packages.
const LANGUAGES: &[(&str, &str)] = &[
    (".net", "nuget"),
    ("dotnet", "nuget"),
    ("golang", "golang"),
    ("jar", "maven"),
    ("npm", "npm"),
    ("php", "composer"),
    ("python", "pypi"),
    ("r", "cran"),
    ("ruby", "gem"),
];

/// Where the packages of a report are from.
pub(super) struct Sources<'r> {
    by_module: HashMap<(&'r str, &'r str), &'r str>,
    base: Option<Platform>,
}

impl<'r> Sources<'r> {
    pub(super) fn of(report: &'r Report<'r>) -> Self {
        let modules = report.modules.iter().filter(|module| !module.source.is_empty());
        Self {
            by_module: modules.map(|module| ((&*module.name, &*module.version), &*module.source)).collect(),
            base: Platform::of_os(&report.base_os),
        }
    }

    /// The distribution of the image.
    pub(super) fn base(&self) -> Option<&Platform> {
        self.base.as_ref()
    }

    /// The component of a vulnerability; nothing where the package has no name.
    pub(super) fn component(
        &self,
        found: &Vulnerability<'_>,
        at: &str,
        warnings: &mut Warnings,
    ) -> Option<Component> {
        let stated = found.package_name.filled()?;
        let version = found.package_version.filled();
        let prefixed =
            PREFIXES.iter().find_map(|(prefix, kind)| Some((*kind, stated.strip_prefix(*prefix)?)));
        let (purl, name) = match prefixed.or_else(|| Some((self.language(found)?, stated))) {
            Some((kind, name)) => (purls::from_name(kind, name, version)?, name),
            None => match self.platform(found) {
                Some(platform) => {
                    (purls::from_parts(platform.kind, Some(platform.namespace), stated, version)?, stated)
                }
                None => {
                    let kind = purls::ecosystem_of_name(stated).unwrap_or_else(|| {
                        let told = "nothing tells the ecosystem of a package, so it is known by name alone";
                        warnings.push(at, told);
                        "generic"
                    });
                    (purls::from_name(kind, stated, version)?, stated)
                }
            },
        };
        let mut component = Component::from_purl(purl);
        component.name = bounded(name, at, warnings);
        component.version = version.map(|version| bounded(version, at, warnings));
        component.paths =
            found.file_name.filled().map(|file| bounded(file, at, warnings)).into_iter().collect();
        Some(component)
    }

    fn source(&self, found: &Vulnerability<'_>) -> Option<&str> {
        self.by_module.get(&(&*found.package_name, &*found.package_version)).copied()
    }

    /// The purl type of a language's package: as its module says, or its file.
    fn language(&self, found: &Vulnerability<'_>) -> Option<&'static str> {
        let by_source = self.source(found).and_then(|source| {
            let known = LANGUAGES.iter().find(|(word, _)| word.eq_ignore_ascii_case(source));
            known.map(|(_, kind)| *kind)
        });
        by_source.or_else(|| {
            let kind = purls::ecosystem_of_file(&found.file_name);
            (kind != "generic").then_some(kind)
        })
    }

    /// The distribution of a package: as its module says, the image's, or the one that its version bears.
    fn platform(&self, found: &Vulnerability<'_>) -> Option<Platform> {
        let version = &*found.package_version;
        let family = || {
            let apk = || distributions::is_apk_version(version).then_some("alpine");
            distributions::of_version(version).or_else(apk)
        };
        let of_source = self.source(found).and_then(Platform::of_os);
        of_source.or_else(|| self.base.clone()).or_else(|| Platform::of_family(family()?))
    }
}
