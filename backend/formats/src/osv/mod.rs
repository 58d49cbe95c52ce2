//! What OSV's own documents and tools over its database have in common: its records of vulnerabilities, and its
//! ecosystems.
//! Refuses to be a format.
//!
//! Refuses to join through records that cover several CVEs (a distribution's advisory): those are related.

use std::borrow::Cow;
use std::collections::HashMap;

use domain::cvss::CvssScore;
use domain::fix::Fix;
use domain::intel::AffectedPackage;
use domain::purl::Purl;
use domain::vulnerability::{VulnerabilityId, VulnerabilityRecord};
use serde::Deserialize;
use serde_json::Value;

use crate::json::{Text, nullable};
use crate::platforms::Platform;
use crate::untrusted::{link, prose};
use crate::{purls, time};

/// How many other ids of a record are read.
const MOST: usize = 100;

/// OSV's names of ecosystems of languages with the purl types of their packages.
const LANGUAGES: &[(&str, &str)] = &[
    ("Bitnami", "bitnami"),
    ("ConanCenter", "conan"),
    ("CRAN", "cran"),
    ("crates.io", "cargo"),
    ("GitHub Actions", "githubactions"),
    ("Go", "golang"),
    ("Hackage", "hackage"),
    ("Hex", "hex"),
    ("Julia", "julia"),
    ("Maven", "maven"),
    ("npm", "npm"),
    ("NuGet", "nuget"),
    ("Packagist", "composer"),
    ("Pub", "pub"),
    ("PyPI", "pypi"),
    ("RubyGems", "gem"),
    ("SwiftURL", "swift"),
];

/// A record of OSV, only the fields that are used.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Record<'a> {
    pub id: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    aliases: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    related: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    upstream: Vec<Text<'a>>,
    summary: Text<'a>,
    details: Text<'a>,
    published: Text<'a>,
    modified: Text<'a>,
    withdrawn: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    severity: Vec<Score<'a>>,
    #[serde(deserialize_with = "nullable")]
    affected: Vec<Affected<'a>>,
    #[serde(deserialize_with = "nullable")]
    references: Vec<Reference<'a>>,
    /// Each database keeps what it likes here.
    database_specific: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Score<'a> {
    score: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Affected<'a> {
    #[serde(deserialize_with = "nullable")]
    package: Package<'a>,
    #[serde(deserialize_with = "nullable")]
    ranges: Vec<Range<'a>>,
    database_specific: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Package<'a> {
    name: Text<'a>,
    ecosystem: Text<'a>,
    purl: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Range<'a> {
    #[serde(rename = "type")]
    kind: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    events: Vec<Event<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Event<'a> {
    fixed: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Reference<'a> {
    url: Text<'a>,
}

impl Record<'_> {
    /// The record in our words, or nothing where its id is unusable.
    pub(crate) fn record(&self) -> Option<VulnerabilityRecord> {
        let mut record = VulnerabilityRecord::bare(self.id.parse().ok()?);
        (record.aliases, record.related) = self.names(&record.id);
        record.title = self.summary.filled().map(prose);
        record.description = self.details.filled().or_else(|| self.summary.filled()).map(prose);
        record.cvss = self.severity.iter().filter_map(|score| self.cvss(&score.score)).collect();
        record.weaknesses = self.weaknesses();
        for link in self.references.iter().filter_map(|reference| link(&reference.url)) {
            if !record.references.contains(&link) {
                record.references.push(link);
            }
        }
        record.published_at = time::parse(&self.published);
        record.modified_at = time::parse(&self.modified);
        Some(record)
    }

    /// Aliases and related ids. `DEBIAN-CVE-…` is a distribution's record of one CVE, and so that CVE.
    fn names(&self, id: &VulnerabilityId) -> (Vec<VulnerabilityId>, Vec<VulnerabilityId>) {
        let of_distribution = self.id.split_once("-CVE-").map(|(_, number)| format!("CVE-{number}"));
        let own = of_distribution.iter().map(|text| Cow::Borrowed(text.as_str()));
        let stated = self.aliases.iter().map(|text| Cow::Borrowed(&**text));
        let mut aliases = ids(own.chain(stated), &[id]);
        let others = self.related.iter().chain(&self.upstream).map(|text| Cow::Borrowed(&**text));
        let known: Vec<&VulnerabilityId> = std::iter::once(id).chain(&aliases).collect();
        let mut related = ids(others, &known);
        if joins(id, &aliases) {
            related.append(&mut aliases);
        }
        (aliases, related)
    }

    /// The database's word for the severity, if it has one.
    pub(crate) fn severity_word(&self) -> Option<&str> {
        self.database_specific.get("severity")?.as_str().filter(|word| !word.is_empty())
    }

    /// Whether the database has taken it back.
    pub(crate) fn is_withdrawn(&self) -> bool {
        self.withdrawn.filled().is_some()
    }

    /// The fix for a package: a version for each branch that has one.
    pub(crate) fn fix(&self, package: &str) -> Fix {
        let named = self.affected.iter().filter(|affected| &*affected.package.name == package);
        Fix::in_versions(fixed(named))
    }

    /// The packages that it affects, each once, and how many entries name none by an ecosystem that has purls.
    pub(crate) fn affected(&self) -> (Vec<AffectedPackage>, usize) {
        let mut packages: Vec<AffectedPackage> = Vec::new();
        let mut known: HashMap<Purl, usize> = HashMap::new();
        let mut unnamed = 0;
        for affected in &self.affected {
            let Some(purl) = affected.package.purl() else {
                unnamed += 1;
                continue;
            };
            let index = *known.entry(purl.clone()).or_insert_with(|| {
                packages.push(AffectedPackage { purl, fix: Fix::default() });
                packages.len() - 1
            });
            if let Some(package) = packages.get_mut(index) {
                let mut versions = std::mem::take(&mut package.fix.versions);
                for version in fixed(std::iter::once(affected)) {
                    if !versions.contains(&version) {
                        versions.push(version);
                    }
                }
                package.fix = Fix::in_versions(versions);
            }
        }
        (packages, unnamed)
    }

    /// Who scored is not said: the database behind the id did.
    fn cvss(&self, vector: &str) -> Option<CvssScore> {
        if !vector.starts_with("CVSS:") && !vector.starts_with("AV:") {
            return None;
        }
        let source = self.id.split('-').next().unwrap_or("osv").to_ascii_lowercase();
        Some(CvssScore { source, vector: vector.to_owned(), stated: None })
    }

    fn weaknesses(&self) -> Vec<String> {
        let list = |value: &Value, key: &str, inner: Option<&str>| -> Vec<String> {
            let all = value.get(key).and_then(Value::as_array).into_iter().flatten();
            let texts = all.filter_map(|one| inner.map_or(Some(one), |inner| one.get(inner))?.as_str());
            texts.filter(|text| text.starts_with("CWE-")).map(str::to_owned).collect()
        };
        let mut found = list(&self.database_specific, "cwe_ids", None);
        found
            .extend(self.affected.iter().flat_map(|one| list(&one.database_specific, "cwes", Some("cweId"))));
        found.sort();
        found.dedup();
        found
    }
}

impl Package<'_> {
    /// As stated, or by ecosystem and name.
    fn purl(&self) -> Option<Purl> {
        let stated = self.purl.filled().and_then(|purl| purl.parse().ok());
        stated.or_else(|| purl(&self.ecosystem, &self.name, None))
    }
}

/// The versions that fix, each once; commits are none.
fn fixed<'r, 'a: 'r>(affected: impl Iterator<Item = &'r Affected<'a>>) -> Vec<String> {
    let mut versions: Vec<String> = Vec::new();
    let ranges = affected.flat_map(|affected| &affected.ranges).filter(|range| &*range.kind != "GIT");
    for version in ranges.flat_map(|range| &range.events).filter_map(|event| event.fixed.filled()) {
        if !versions.iter().any(|known| known == version) {
            versions.push(version.to_owned());
        }
    }
    versions
}

/// The other names among texts, and those that are only related because there are several CVEs among them.
pub(crate) fn aliases<'t>(
    id: &VulnerabilityId,
    texts: impl Iterator<Item = &'t str>,
) -> (Vec<VulnerabilityId>, Vec<VulnerabilityId>) {
    let found = ids(texts.map(Cow::Borrowed), &[id]);
    if joins(id, &found) { (Vec::new(), found) } else { (found, Vec::new()) }
}

/// Whether several CVEs would become one.
fn joins(id: &VulnerabilityId, aliases: &[VulnerabilityId]) -> bool {
    aliases.iter().chain([id]).filter(|id| id.is_cve()).count() > 1
}

/// Ids among texts, each once and none of those known.
fn ids<'t>(texts: impl Iterator<Item = Cow<'t, str>>, known: &[&VulnerabilityId]) -> Vec<VulnerabilityId> {
    let mut found: Vec<VulnerabilityId> = Vec::new();
    for id in texts.take(MOST).filter_map(|text| text.parse().ok()) {
        if !found.contains(&id) && !known.contains(&&id) {
            found.push(id);
        }
    }
    found
}

/// The purl of a package in an ecosystem of OSV's: `npm`, `Debian:12`; nothing where that is unknown.
pub(crate) fn purl(ecosystem: &str, name: &str, version: Option<&str>) -> Option<Purl> {
    let base = ecosystem.split(':').next().unwrap_or(ecosystem);
    if let Some((_, kind)) = LANGUAGES.iter().find(|(known, _)| *known == base) {
        return purls::from_name(kind, name, version);
    }
    let platform = Platform::of_os(base)?;
    purls::from_parts(platform.kind, Some(platform.namespace), name, version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(document: &str, aliases: &[&str], related: &[&str]) {
        let record = serde_json::from_str::<Record<'_>>(document).unwrap().record().unwrap();
        let texts = |ids: &[VulnerabilityId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            (texts(&record.aliases), texts(&record.related)),
            (
                aliases.iter().map(ToString::to_string).collect(),
                related.iter().map(ToString::to_string).collect(),
            )
        );
    }

    #[test]
    fn one_cve_is_an_alias_and_several_are_related() {
        check(
            r#"{"id":"GO-2025-0001","aliases":["CVE-2025-1","GHSA-aaaa-bbbb-cccc","CVE-2025-1"]}"#,
            &["CVE-2025-1", "GHSA-aaaa-bbbb-cccc"],
            &[],
        );
        check(r#"{"id":"DEBIAN-CVE-2025-1","upstream":["CVE-2025-1"]}"#, &["CVE-2025-1"], &[]);
        check(
            r#"{"id":"RLSA-2025:1","aliases":["CVE-2025-1","CVE-2025-2"],"related":["CVE-2025-3"]}"#,
            &[],
            &["CVE-2025-3", "CVE-2025-1", "CVE-2025-2"],
        );
    }

    #[test]
    fn ecosystems_are_those_of_other_scanners() {
        let text = |ecosystem, name| purl(ecosystem, name, Some("1")).map(|purl| purl.to_string());
        assert_eq!(text("crates.io", "left").as_deref(), Some("pkg:cargo/left@1"));
        assert_eq!(text("Maven", "org.x:y").as_deref(), Some("pkg:maven/org.x/y@1"));
        assert_eq!(text("Debian:12", "tar").as_deref(), Some("pkg:deb/debian/tar@1"));
        assert_eq!(text("Ubuntu:22.04:LTS", "tar").as_deref(), Some("pkg:deb/ubuntu/tar@1"));
        assert_eq!(text("Alpine:v3.18", "musl").as_deref(), Some("pkg:apk/alpine/musl@1"));
        assert_eq!(text("Rocky Linux:9", "bash").as_deref(), Some("pkg:rpm/rocky/bash@1"));
        assert_eq!(text("OSS-Fuzz", "left"), None);
    }
}
