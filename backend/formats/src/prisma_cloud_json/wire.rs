//! The report of twistcli as it writes it, only the fields that are used. Refuses to interpret; every field may be
//! absent or null. Text is borrowed from the document.

use serde::Deserialize;

use crate::json::{Number, Text, nullable, pairs};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    #[serde(deserialize_with = "nullable")]
    pub results: Vec<Outcome<'a>>,
}

/// An image.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Outcome<'a> {
    /// The image's id.
    pub id: Text<'a>,
    pub name: Text<'a>,
    /// What the registry calls it.
    pub digest: Text<'a>,
    pub distro: Text<'a>,
    pub scan_time: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub packages: Vec<Package<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub compliances: Vec<Compliance<'a>>,
    pub compliance_distribution: Option<Counts>,
    #[serde(deserialize_with = "nullable")]
    pub vulnerabilities: Vec<Vulnerability<'a>>,
    pub vulnerability_distribution: Option<Counts>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Package<'a> {
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    pub name: Text<'a>,
    pub version: Text<'a>,
    pub path: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub licenses: Vec<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Compliance<'a> {
    pub id: Text<'a>,
    pub title: Text<'a>,
    pub severity: Text<'a>,
    pub cause: Text<'a>,
}

/// How many there are of each severity, of which the sum is used.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Counts {
    pub total: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    pub id: Text<'a>,
    pub status: Text<'a>,
    pub cvss: Number,
    pub vector: Text<'a>,
    pub description: Text<'a>,
    pub severity: Text<'a>,
    pub package_name: Text<'a>,
    pub package_version: Text<'a>,
    pub package_path: Text<'a>,
    pub link: Text<'a>,
    pub risk_factors: Option<Factors<'a>>,
    pub published_date: Text<'a>,
}

/// A list, or the names of an object's members in older releases.
#[derive(Debug, Deserialize)]
#[serde(untagged, bound(deserialize = "'de: 'a"))]
pub(super) enum Factors<'a> {
    List(Vec<Text<'a>>),
    Members(Members<'a>),
}

#[derive(Debug, Deserialize)]
#[serde(transparent, bound(deserialize = "'de: 'a"))]
pub(super) struct Members<'a>(
    #[serde(deserialize_with = "pairs")] pub Vec<(Text<'a>, serde::de::IgnoredAny)>,
);
