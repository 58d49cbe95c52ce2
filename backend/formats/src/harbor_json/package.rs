//! The purl of a package that Harbor gives by name and version alone, as its scanner would write it: language
//! packages are told by the shape of their names, those of the distribution by their versions, and the
//! distribution by marks in all of them.
//!
//! Refuses to guess: what neither name nor version tells is `pkg:generic/…`.

use domain::purl::Purl;

use super::wire::{Item, Report};
use crate::platforms::Platform;
use crate::{distributions, purls};

/// The distribution that most of a report's versions tell.
pub(super) fn platform<'r>(reports: impl Iterator<Item = &'r Report<'r>>) -> Option<Platform> {
    let mut votes: Vec<(&'static str, usize)> = Vec::new();
    for report in reports {
        let by_link = is_clair(report);
        for item in &report.vulnerabilities {
            let Some(family) = family(item, by_link) else { continue };
            match votes.iter_mut().find(|(known, _)| *known == family) {
                Some((_, count)) => *count += 1,
                None => votes.push((family, 1)),
            }
        }
    }
    let (family, _) = votes.into_iter().rev().max_by_key(|(_, count)| *count)?;
    Platform::of_family(family)
}

/// Whether Clair looked, which knows packages of distributions only, and links to the tracker that it read;
/// Trivy links to whatever was written on a CVE.
pub(super) fn is_clair(report: &Report<'_>) -> bool {
    report.scanner.name.eq_ignore_ascii_case("clair")
}

fn family(item: &Item<'_>, by_link: bool) -> Option<&'static str> {
    let versions = [&item.version, &item.fix_version];
    let linked = || item.links.iter().find_map(|link| distributions::of_link(link));
    // Wolfi writes revisions as Alpine does, and nothing here tells them apart: Alpine is the far more common.
    let apk = || versions.iter().any(|version| distributions::is_apk_version(version)).then_some("alpine");
    let marked = versions.iter().find_map(|version| distributions::of_version(version));
    marked.or_else(|| linked().filter(|_| by_link)).or_else(apk)
}

/// The purl, and whether anything told its ecosystem; nothing where there is no name. `of_distribution` says
/// that every package is one of the distribution's.
pub(super) fn purl(
    item: &Item<'_>,
    platform: Option<&Platform>,
    of_distribution: bool,
) -> Option<(Purl, bool)> {
    let (name, version) = (item.package.filled()?, item.version.filled());
    if let Some(kind) = purls::ecosystem_of_name(name) {
        return Some((purls::from_name(kind, name, version)?, true));
    }
    let versions = [&*item.version, &*item.fix_version];
    let shaped = |platform: &&Platform| versions.iter().any(|text| is_of(platform.kind, text));
    if let Some(platform) = platform.filter(|platform| of_distribution || shaped(platform)) {
        return Some((purls::from_parts(platform.kind, Some(platform.namespace), name, version)?, true));
    }
    // Many distributions are rebuilt from Red Hat's packages and keep its mark.
    if versions.iter().any(|version| is_enterprise_linux(version)) {
        return Some((purls::from_parts("rpm", None, name, version)?, true));
    }
    Some((purls::from_parts("generic", None, name, version)?, false))
}

/// Whether a version is shaped like those of a distribution's packages.
fn is_of(kind: &str, version: &str) -> bool {
    let digit = |text: &str| text.starts_with(|first: char| first.is_ascii_digit());
    let epoch = || {
        version
            .split_once(':')
            .is_some_and(|(epoch, _)| !epoch.is_empty() && epoch.bytes().all(|byte| byte.is_ascii_digit()))
    };
    match kind {
        "apk" => distributions::is_apk_version(version),
        _ => version.rsplit_once('-').is_some_and(|(_, revision)| digit(revision)) || epoch(),
    }
}

/// `4.18.0-477.el8`.
fn is_enterprise_linux(version: &str) -> bool {
    version.match_indices(".el").any(|(at, mark)| {
        let rest = version.get(at + mark.len()..).unwrap_or_default();
        rest.starts_with(|next: char| next.is_ascii_digit())
    })
}
