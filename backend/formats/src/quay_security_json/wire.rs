//! Quay's answer as its API writes it. Refuses to interpret; every field may be absent or null. Text is
//! borrowed from the document.

use serde::Deserialize;

use crate::json::{Number, Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Answer<'a> {
    pub status: Text<'a>,
    pub data: Option<Data<'a>>,
    /// The layer without anything around it.
    #[serde(rename = "Layer")]
    pub layer: Option<Layer<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Data<'a> {
    #[serde(rename = "Layer")]
    pub layer: Option<Layer<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Layer<'a> {
    pub name: Text<'a>,
    pub indexed_by_version: Number,
    #[serde(deserialize_with = "nullable")]
    pub features: Vec<Feature<'a>>,
}

/// A package.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Feature<'a> {
    pub name: Text<'a>,
    /// `debian:12`, before Clair v4.
    pub namespace_name: Text<'a>,
    pub version: Text<'a>,
    /// Digest of a layer.
    pub added_by: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub vulnerabilities: Vec<Vulnerability<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    pub name: Text<'a>,
    /// The updater, or `debian:12` before Clair v4.
    pub namespace_name: Text<'a>,
    pub severity: Text<'a>,
    pub link: Text<'a>,
    pub fixed_by: Text<'a>,
    pub description: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub metadata: Metadata<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Metadata<'a> {
    pub updated_by: Text<'a>,
    pub repo_name: Text<'a>,
    pub distro_name: Text<'a>,
    pub distro_version: Text<'a>,
    #[serde(rename = "NVD", deserialize_with = "nullable")]
    pub nvd: Nvd<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Nvd<'a> {
    #[serde(rename = "CVSSv3", deserialize_with = "nullable")]
    pub v3: Cvss<'a>,
    #[serde(rename = "CVSSv2", deserialize_with = "nullable")]
    pub v2: Cvss<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Cvss<'a> {
    pub vectors: Text<'a>,
    pub score: Number,
}
