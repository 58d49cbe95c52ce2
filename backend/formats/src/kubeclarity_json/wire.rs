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
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    pub name: Text<'a>,
    /// The digest in the registry without its algorithm, or the hash of a directory. An image that no registry gave
    /// has its manifest's digest or its id there.
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
    pub id: Text<'a>,
    pub description: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub links: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub distro: Distro<'a>,
    #[serde(deserialize_with = "nullable")]
    pub cvss: Vec<Cvss<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub fix: Fix<'a>,
    pub severity: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub package: Package<'a>,
    pub path: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Distro<'a> {
    pub name: Text<'a>,
    pub version: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Cvss<'a> {
    pub vector: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub metrics: Metrics,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Metrics {
    #[serde(rename = "baseScore")]
    pub base_score: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Fix<'a> {
    #[serde(deserialize_with = "nullable")]
    pub versions: Vec<Text<'a>>,
    /// `fixed`, `not-fixed`, `wont-fix`, as Grype has it.
    pub state: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Package<'a> {
    pub name: Text<'a>,
    pub version: Text<'a>,
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub licenses: Vec<Text<'a>>,
    pub purl: Text<'a>,
}
