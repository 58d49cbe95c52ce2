//! cargo-audit's report as it writes it, as far as it is used. Refuses to interpret; every field may be absent.

use serde::Deserialize;
use serde_json::Value;

use crate::json::{Text, nullable};

/// The report.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    #[serde(deserialize_with = "nullable")]
    pub(super) database: Database<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) vulnerabilities: Found<'a>,
    /// Lists by kind, or, before 0.14, one list.
    pub(super) warnings: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case", bound(deserialize = "'de: 'a"))]
pub(super) struct Database<'a> {
    pub(super) last_updated: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Found<'a> {
    #[serde(deserialize_with = "nullable")]
    pub(super) list: Vec<Entry<'a>>,
}

/// An advisory on a crate.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Entry<'a> {
    #[serde(deserialize_with = "nullable")]
    pub(super) advisory: Advisory<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) versions: Versions<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) package: Package<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Advisory<'a> {
    pub(super) id: Text<'a>,
    pub(super) title: Text<'a>,
    pub(super) description: Text<'a>,
    pub(super) date: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) aliases: Vec<Text<'a>>,
    pub(super) cvss: Text<'a>,
    pub(super) url: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) references: Vec<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Versions<'a> {
    /// Absent where the report does not say; empty where nothing fixes it.
    pub(super) patched: Option<Vec<Text<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Package<'a> {
    pub(super) name: Text<'a>,
    pub(super) version: Text<'a>,
}
