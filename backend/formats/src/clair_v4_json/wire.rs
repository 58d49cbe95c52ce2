//! Clair v4's report as it writes it. Refuses to interpret, and a report that does not say which vulnerabilities
//! match which packages: that is one of an index. Text is borrowed from the document.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Number, Text, nullable, pairs};

/// Members by their id.
type ById<'a, T> = Vec<(Text<'a>, T)>;

#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    #[serde(default)]
    pub manifest_hash: Text<'a>,
    #[serde(default, deserialize_with = "pairs")]
    pub packages: ById<'a, Option<Package<'a>>>,
    #[serde(default, deserialize_with = "pairs")]
    pub distributions: ById<'a, Option<Distribution<'a>>>,
    #[serde(default, deserialize_with = "pairs")]
    pub repository: ById<'a, Option<Repository<'a>>>,
    #[serde(default, deserialize_with = "pairs")]
    pub environments: ById<'a, Option<Vec<Environment<'a>>>>,
    #[serde(default, deserialize_with = "pairs")]
    pub vulnerabilities: ById<'a, Option<Vulnerability<'a>>>,
    /// Ids of vulnerabilities by the id of their package.
    #[serde(deserialize_with = "pairs")]
    pub package_vulnerabilities: ById<'a, Option<Vec<Text<'a>>>>,
    /// By media type, which names the enricher.
    #[serde(default, deserialize_with = "pairs")]
    pub enrichments: ById<'a, &'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Package<'a> {
    pub name: Text<'a>,
    pub version: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub source: Source<'a>,
    pub filepath: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Source<'a> {
    pub name: Text<'a>,
    pub version: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Distribution<'a> {
    pub did: Text<'a>,
    pub name: Text<'a>,
    pub version: Text<'a>,
    pub version_id: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Repository<'a> {
    pub name: Text<'a>,
}

/// Where a package was found.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Environment<'a> {
    pub package_db: Text<'a>,
    pub distribution_id: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub repository_ids: Vec<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    pub name: Text<'a>,
    pub description: Text<'a>,
    pub issued: Text<'a>,
    /// Separated by spaces.
    pub links: Text<'a>,
    pub severity: Text<'a>,
    pub normalized_severity: Text<'a>,
    pub fixed_in_version: Text<'a>,
}

/// What an enricher tells, by the id of the vulnerability.
#[derive(Debug, Deserialize)]
#[serde(transparent, bound(deserialize = "'de: 'a"))]
pub(super) struct Enrichments<'a> {
    #[serde(deserialize_with = "pairs")]
    pub told: ById<'a, Option<Vec<Enrichment<'a>>>>,
}

/// A score: of CVSS from NVD, or of EPSS.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Enrichment<'a> {
    #[serde(rename = "vectorString")]
    pub vector: Text<'a>,
    #[serde(rename = "baseScore")]
    pub base_score: Number,
    pub cve: Text<'a>,
    pub epss: Number,
    pub date: Text<'a>,
}
