//! KubeClarity's results as it writes them. Refuses to interpret; every field may be absent. Text is borrowed from the
//! document.

use serde::Deserialize;

use crate::json::{Number, Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    /// Each inner list holds what scanners say of one vulnerability in one package.
    #[serde(deserialize_with = "nullable")]
    pub vulnerabilities: Vec<Vec<Match<'a>>>,
    #[serde(deserialize_with = "nullable")]
    pub source: Source<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Source<'a> {
    #[serde(rename = "type", alias = "Type")]
    pub kind: Text<'a>,
    #[serde(alias = "Name")]
    pub name: Text<'a>,
    /// The image's id without its algorithm, or the hash of a directory.
    #[serde(alias = "Hash")]
    pub hash: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Match<'a> {
    #[serde(deserialize_with = "nullable")]
    pub vulnerability: Vulnerability<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    #[serde(alias = "ID")]
    pub id: Text<'a>,
    #[serde(alias = "Description")]
    pub description: Text<'a>,
    #[serde(alias = "Links", deserialize_with = "nullable")]
    pub links: Vec<Text<'a>>,
    #[serde(alias = "Distro", deserialize_with = "nullable")]
    pub distro: Distro<'a>,
    #[serde(alias = "CVSS", deserialize_with = "nullable")]
    pub cvss: Vec<Cvss<'a>>,
    #[serde(alias = "Fix", deserialize_with = "nullable")]
    pub fix: Fix<'a>,
    #[serde(alias = "Severity")]
    pub severity: Text<'a>,
    #[serde(alias = "Package", deserialize_with = "nullable")]
    pub package: Package<'a>,
    #[serde(alias = "Path")]
    pub path: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Distro<'a> {
    #[serde(alias = "Name")]
    pub name: Text<'a>,
    #[serde(alias = "Version")]
    pub version: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Cvss<'a> {
    #[serde(alias = "Vector")]
    pub vector: Text<'a>,
    #[serde(alias = "Metrics", deserialize_with = "nullable")]
    pub metrics: Metrics,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Metrics {
    #[serde(rename = "baseScore", alias = "BaseScore")]
    pub base_score: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Fix<'a> {
    #[serde(alias = "Versions", deserialize_with = "nullable")]
    pub versions: Vec<Text<'a>>,
    /// `fixed`, `not-fixed`, `wont-fix`, as Grype has it.
    #[serde(alias = "State")]
    pub state: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Package<'a> {
    #[serde(alias = "Name")]
    pub name: Text<'a>,
    #[serde(alias = "Version")]
    pub version: Text<'a>,
    #[serde(rename = "type", alias = "Type")]
    pub kind: Text<'a>,
    #[serde(alias = "Licenses", deserialize_with = "nullable")]
    pub licenses: Vec<Text<'a>>,
    #[serde(alias = "PURL")]
    pub purl: Text<'a>,
}
