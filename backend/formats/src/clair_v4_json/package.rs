//! Packages as Clair found them: the database or file that lists one tells its ecosystem, the distribution of
//! its environment the namespace of its purl.
//!
//! Refuses to guess: what neither environment nor name tells is `pkg:generic/…`.

use std::collections::HashMap;

use domain::component::Component;
use domain::purl::Purl;

use super::wire::{Distribution, Environment, Package, Report, Repository};
use crate::platforms::Platform;
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{clair, packages, purls};

/// Parts of the paths of databases that distributions keep.
const OF_DISTRIBUTIONS: [&str; 4] = ["lib/rpm", "lib/dpkg", "lib/apk", "sysimage/rpm"];

/// Where the packages of a report were found.
#[derive(Debug)]
pub(super) struct Places<'r> {
    environments: HashMap<&'r str, &'r [Environment<'r>]>,
    platforms: HashMap<&'r str, Platform>,
    repositories: HashMap<&'r str, &'r Repository<'r>>,
}

impl<'r> Places<'r> {
    pub(super) fn of(report: &'r Report<'r>) -> Self {
        let environments = report.environments.iter();
        let distributions = report.distributions.iter();
        let repositories = report.repository.iter();
        Self {
            environments: environments.filter_map(|(id, list)| Some((&**id, list.as_deref()?))).collect(),
            platforms: distributions
                .filter_map(|(id, told)| Some((&**id, platform(told.as_ref()?)?)))
                .collect(),
            repositories: repositories.filter_map(|(id, told)| Some((&**id, told.as_ref()?))).collect(),
        }
    }

    /// The component of a package, and whether anything told its ecosystem; nothing where it has no name.
    pub(super) fn component(
        &self,
        id: &str,
        package: &Package<'_>,
        warnings: &mut Warnings,
    ) -> Option<(Component, bool)> {
        let environments = self.environments.get(id).copied().unwrap_or_default();
        let (purl, told) = self.purl(environments, package)?;
        let mut component = Component::from_purl(purl);
        component.name = bounded(&package.name, "name of a package", warnings);
        component.version = package.version.filled().map(str::to_owned);
        let of_distribution = matches!(component.purl.kind(), "deb" | "rpm" | "apk");
        if of_distribution {
            let source = &package.source;
            component.source =
                packages::source(&source.name, source.version.filled(), package.version.filled());
        } else if let Some(path) = path(environments, package) {
            component.paths.push(bounded(path, "path of a package", warnings));
        }
        Some((component, told))
    }

    fn purl(&self, environments: &[Environment<'_>], package: &Package<'_>) -> Option<(Purl, bool)> {
        let (name, version) = (package.name.filled()?, package.version.filled());
        let language = environments.iter().find_map(|environment| self.language(environment));
        if let Some(kind) = language {
            return Some((purls::from_name(kind, name, version)?, true));
        }
        if let Some(platform) = self.platform(environments) {
            return Some((purls::from_parts(platform.kind, Some(platform.namespace), name, version)?, true));
        }
        match purls::ecosystem_of_name(name) {
            Some(kind) => Some((purls::from_name(kind, name, version)?, true)),
            None => Some((purls::from_parts("generic", None, name, version)?, false)),
        }
    }

    /// `go:usr/bin/clair`, or a repository such as `pypi`.
    fn language(&self, environment: &Environment<'_>) -> Option<&'static str> {
        let by_database = environment.package_db.split_once(':').and_then(|(word, _)| clair::ecosystem(word));
        by_database.or_else(|| self.named(environment).find_map(clair::ecosystem))
    }

    fn platform(&self, environments: &[Environment<'_>]) -> Option<Platform> {
        let stated =
            environments.iter().find_map(|environment| self.platforms.get(&*environment.distribution_id));
        let of_distribution = |environment: &Environment<'_>| {
            OF_DISTRIBUTIONS.iter().any(|path| environment.package_db.contains(path))
        };
        let only = || {
            let mut platforms = self.platforms.values();
            let first = platforms.next().filter(|_| platforms.next().is_none())?;
            environments.iter().any(of_distribution).then_some(first)
        };
        let of_repository = || {
            let mut named = environments.iter().flat_map(|environment| self.named(environment));
            named.find_map(clair::platform_of_repository)
        };
        stated.or_else(only).cloned().or_else(of_repository)
    }

    /// Names of the repositories of an environment.
    fn named<'n>(&'n self, environment: &'n Environment<'_>) -> impl Iterator<Item = &'n str> {
        environment.repository_ids.iter().filter_map(|id| Some(&*self.repositories.get(&**id)?.name))
    }
}

/// The distribution of a report, as far as it is one of those that are known.
pub(super) fn platform(told: &Distribution<'_>) -> Option<Platform> {
    let version = told.version_id.filled().unwrap_or(&told.version);
    [&told.did, &told.name].iter().find_map(|name| Platform::of_release(name, version))
}

/// The file that proves a package of a language.
fn path<'p>(environments: &'p [Environment<'_>], package: &'p Package<'_>) -> Option<&'p str> {
    let database =
        || environments.iter().find_map(|environment| Some(environment.package_db.split_once(':')?.1));
    package.filepath.filled().or_else(database).filter(|path| !path.is_empty())
}
