//! The old export as Xray writes it. Refuses to interpret; every field may be absent.

use serde::Deserialize;

use crate::jfrog::Cve;
use crate::json::{Number, Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Export<'a> {
    pub total_count: Number,
    #[serde(deserialize_with = "nullable")]
    pub data: Vec<Entry<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Entry<'a> {
    pub id: Text<'a>,
    pub severity: Text<'a>,
    pub summary: Text<'a>,
    pub issue_type: Text<'a>,
    /// The component without its version, for entries that lack the next.
    pub source_id: Text<'a>,
    pub source_comp_id: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub component_versions: Versions<'a>,
    pub edited: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Versions<'a> {
    #[serde(deserialize_with = "nullable")]
    pub fixed_versions: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub more_details: Details<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Details<'a> {
    #[serde(deserialize_with = "nullable")]
    pub cves: Vec<Cve<'a>>,
    pub description: Text<'a>,
}
