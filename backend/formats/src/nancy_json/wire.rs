//! nancy's report as it writes it, as far as it is used. Refuses to interpret; every field may be absent.

use serde::Deserialize;

use crate::json::{Number, Text, nullable};

/// The report.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    /// All modules, with all that is known of them.
    #[serde(deserialize_with = "nullable")]
    pub(super) audited: Vec<Module<'a>>,
    /// Those of which not all is excluded.
    #[serde(deserialize_with = "nullable")]
    pub(super) vulnerable: Vec<Module<'a>>,
    /// Those whose version could not be read.
    #[serde(deserialize_with = "nullable")]
    pub(super) invalid: Vec<Module<'a>>,
    pub(super) version: Text<'a>,
}

/// A module.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Module<'a> {
    /// Its purl.
    pub(super) coordinates: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) vulnerabilities: Vec<Vulnerability<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    #[serde(alias = "ID")]
    pub(super) id: Text<'a>,
    #[serde(alias = "CVE")]
    pub(super) cve: Text<'a>,
    pub(super) title: Text<'a>,
    pub(super) description: Text<'a>,
    pub(super) cvss_score: Number,
    pub(super) cvss_vector: Text<'a>,
    pub(super) reference: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) excluded: bool,
}
