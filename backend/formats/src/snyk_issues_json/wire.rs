//! An answer of Snyk's REST API, only the fields that are used. Refuses to interpret; every field may be absent. Text is
//! borrowed from the document.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::json::{Number, Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Answer<'a> {
    #[serde(deserialize_with = "nullable")]
    pub links: Links,
    #[serde(deserialize_with = "nullable")]
    pub data: Vec<Row<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Links {
    pub next: Option<IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Row<'a> {
    #[serde(deserialize_with = "nullable")]
    pub attributes: Attributes<'a>,
    #[serde(deserialize_with = "nullable")]
    pub relationships: Relationships<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Relationships<'a> {
    #[serde(deserialize_with = "nullable")]
    pub scan_item: Related<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Related<'a> {
    #[serde(deserialize_with = "nullable")]
    pub data: Item<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Item<'a> {
    pub id: Text<'a>,
    /// `project`, `environment`.
    #[serde(rename = "type")]
    pub kind: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Attributes<'a> {
    /// The id in Snyk's database for packages and licences, a number of its own for what is found in code.
    pub key: Text<'a>,
    /// `package_vulnerability`, `license`, `code`, `config`, `cloud`, `custom`.
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    pub title: Text<'a>,
    pub description: Text<'a>,
    pub effective_severity_level: Text<'a>,
    /// `open`, `resolved`.
    pub status: Text<'a>,
    pub ignored: Option<bool>,
    #[serde(deserialize_with = "nullable")]
    pub classes: Vec<Class<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub problems: Vec<Problem<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub severities: Vec<Rating<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub exploit_details: Exploit<'a>,
    #[serde(deserialize_with = "nullable")]
    pub coordinates: Vec<Coordinate<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Class<'a> {
    /// `CWE-79`.
    pub id: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Problem<'a> {
    pub id: Text<'a>,
    pub url: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Rating<'a> {
    pub source: Text<'a>,
    pub vector: Text<'a>,
    pub score: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Exploit<'a> {
    #[serde(deserialize_with = "nullable")]
    pub maturity_levels: Vec<Maturity<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Maturity<'a> {
    /// `Attacked`, `Proof of Concept`.
    pub level: Text<'a>,
}

/// Where an issue is, and whether it can be fixed there.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Coordinate<'a> {
    pub is_fixable_snyk: Option<bool>,
    pub is_fixable_upstream: Option<bool>,
    pub is_patchable: Option<bool>,
    pub is_pinnable: Option<bool>,
    pub is_upgradeable: Option<bool>,
    #[serde(deserialize_with = "nullable")]
    pub representations: Vec<Representation<'a>>,
}

/// One of these.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Representation<'a> {
    pub dependency: Option<Dependency<'a>>,
    #[serde(rename = "sourceLocation")]
    pub source_location: Option<Location<'a>>,
    #[serde(rename = "resourcePath")]
    pub resource_path: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Dependency<'a> {
    pub package_name: Text<'a>,
    pub package_version: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Location<'a> {
    pub file: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub region: Region,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Region {
    #[serde(deserialize_with = "nullable")]
    pub start: Point,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Point {
    pub line: Number,
}
