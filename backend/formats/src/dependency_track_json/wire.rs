//! Dependency-Track's findings as it writes them. Refuses to interpret; every field may be absent. Text is borrowed
//! from the document.

use serde::Deserialize;

use crate::json::{Number, Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    #[serde(deserialize_with = "nullable")]
    pub meta: Meta<'a>,
    #[serde(deserialize_with = "nullable")]
    pub project: Project<'a>,
    #[serde(deserialize_with = "nullable")]
    pub findings: Vec<Finding<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Meta<'a> {
    pub version: Text<'a>,
    pub timestamp: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Project<'a> {
    pub name: Text<'a>,
    pub version: Text<'a>,
    pub purl: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Finding<'a> {
    #[serde(deserialize_with = "nullable")]
    pub component: Component<'a>,
    #[serde(deserialize_with = "nullable")]
    pub vulnerability: Vulnerability<'a>,
    #[serde(deserialize_with = "nullable")]
    pub analysis: Analysis<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Component<'a> {
    pub group: Text<'a>,
    pub name: Text<'a>,
    pub version: Text<'a>,
    pub purl: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    pub vuln_id: Text<'a>,
    /// `NVD`, `GITHUB`, `OSV`, `NPM`…
    pub source: Text<'a>,
    pub title: Text<'a>,
    pub description: Text<'a>,
    pub severity: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub aliases: Vec<Alias<'a>>,
    pub cwe_id: Number,
    #[serde(deserialize_with = "nullable")]
    pub cwes: Vec<Weakness>,
    pub cvss_v2_base_score: Number,
    pub cvss_v2_vector: Text<'a>,
    pub cvss_v3_base_score: Number,
    pub cvss_v3_vector: Text<'a>,
    pub cvss_v4_score: Number,
    pub cvss_v4_vector: Text<'a>,
    pub epss_score: Number,
}

/// One vulnerability by its names in several databases.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Alias<'a> {
    pub cve_id: Text<'a>,
    pub ghsa_id: Text<'a>,
    pub osv_id: Text<'a>,
    pub snyk_id: Text<'a>,
    pub gsd_id: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Weakness {
    pub cwe_id: Number,
}

/// What people decided.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Analysis<'a> {
    pub state: Text<'a>,
    pub detail: Text<'a>,
    pub is_suppressed: Option<bool>,
}
