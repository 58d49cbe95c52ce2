//! OSV-Scanner's report as it writes it. Refuses to interpret; every field may be absent.

use serde::Deserialize;

use crate::json::{Text, nullable, pairs};
use crate::osv::Record;

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    #[serde(deserialize_with = "nullable")]
    pub results: Vec<Found<'a>>,
    pub image_metadata: Option<Image<'a>>,
}

/// A vulnerability of a package, as the scanner's library writes it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Flat<'a> {
    #[serde(deserialize_with = "nullable")]
    pub source: Source<'a>,
    #[serde(deserialize_with = "nullable")]
    pub package: Package<'a>,
    #[serde(deserialize_with = "nullable")]
    pub vulnerability: Record<'a>,
    #[serde(deserialize_with = "nullable")]
    pub group_info: Group<'a>,
    #[serde(deserialize_with = "nullable")]
    pub licenses: Vec<Text<'a>>,
}

/// What was found in one source.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Found<'a> {
    #[serde(deserialize_with = "nullable")]
    pub source: Source<'a>,
    #[serde(deserialize_with = "nullable")]
    pub packages: Vec<Listed<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Source<'a> {
    pub path: Text<'a>,
    #[serde(rename = "type")]
    pub kind: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Listed<'a> {
    #[serde(deserialize_with = "nullable")]
    pub package: Package<'a>,
    #[serde(deserialize_with = "nullable")]
    pub vulnerabilities: Vec<Record<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub groups: Vec<Group<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub licenses: Vec<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Package<'a> {
    pub name: Text<'a>,
    /// The binary package of a distribution, whose source package is `name`; since version 2.
    pub os_package_name: Text<'a>,
    pub version: Text<'a>,
    pub ecosystem: Text<'a>,
}

/// Records of one vulnerability.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Group<'a> {
    #[serde(deserialize_with = "nullable")]
    pub ids: Vec<Text<'a>>,
    #[serde(alias = "experimentalAnalysis", deserialize_with = "pairs")]
    pub experimental_analysis: Vec<(Text<'a>, Analysis)>,
}

/// What the analysis of calls says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Analysis {
    pub called: Option<bool>,
}

/// Of a scanned image; its name is not told.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Image<'a> {
    pub os: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub layer_metadata: Vec<Layer<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Layer<'a> {
    pub diff_id: Text<'a>,
}
