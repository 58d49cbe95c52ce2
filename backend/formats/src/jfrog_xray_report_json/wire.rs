//! Xray's report as its API writes it. Refuses to interpret; every field may be absent.

use serde::Deserialize;

use crate::jfrog::Cve;
use crate::json::{Number, Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    pub total_rows: Number,
    #[serde(deserialize_with = "nullable")]
    pub rows: Vec<Row<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Row<'a> {
    #[serde(deserialize_with = "nullable")]
    pub cves: Vec<Cve<'a>>,
    pub summary: Text<'a>,
    pub severity: Text<'a>,
    pub vulnerable_component: Text<'a>,
    pub impacted_artifact: Text<'a>,
    pub path: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub fixed_versions: Vec<Text<'a>>,
    pub published: Text<'a>,
    pub artifact_scan_time: Text<'a>,
    pub issue_id: Text<'a>,
    pub description: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub references: Vec<Text<'a>>,
}
