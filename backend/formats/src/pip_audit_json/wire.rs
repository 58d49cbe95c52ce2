//! pip-audit's report as it writes it, as far as it is used. Refuses to interpret; every field may be absent.

use serde::Deserialize;

use crate::json::{Text, nullable};

/// The report.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    #[serde(deserialize_with = "nullable")]
    pub(super) dependencies: Vec<Dependency<'a>>,
}

/// A package.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Dependency<'a> {
    pub(super) name: Text<'a>,
    pub(super) version: Text<'a>,
    /// Why it was not audited.
    pub(super) skip_reason: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) vulns: Vec<Vulnerability<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    pub(super) id: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) fix_versions: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) aliases: Vec<Text<'a>>,
    pub(super) description: Text<'a>,
}
