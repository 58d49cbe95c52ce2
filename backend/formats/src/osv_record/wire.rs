//! The answer to a query; its records are what every tool over OSV's database writes. Refuses to interpret.

use serde::Deserialize;

use crate::json::nullable;
pub(super) use crate::osv::Record;

/// What the API knows of a package.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Answer<'a> {
    #[serde(deserialize_with = "nullable")]
    pub(super) vulns: Vec<Record<'a>>,
}
