//! NVD's records as its schema writes them, as far as they are used. Refuses to interpret; every field may be
//! absent.

use serde::Deserialize;

use crate::json::{Number, Text, nullable};

/// A page of records, or one record in its wrapping.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Page<'a> {
    pub(super) timestamp: Text<'a>,
    pub(super) total_results: Number,
    #[serde(deserialize_with = "nullable")]
    pub(super) vulnerabilities: Vec<Item<'a>>,
    pub(super) cve: Option<Cve<'a>>,
    pub(super) item: Option<Item<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Item<'a> {
    #[serde(deserialize_with = "nullable")]
    pub(super) cve: Cve<'a>,
}

/// A record.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Cve<'a> {
    pub(super) id: Text<'a>,
    pub(super) published: Text<'a>,
    pub(super) last_modified: Text<'a>,
    pub(super) vuln_status: Text<'a>,
    pub(super) cisa_exploit_add: Text<'a>,
    pub(super) cisa_vulnerability_name: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) descriptions: Vec<Prose<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) metrics: Metrics<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) weaknesses: Vec<Weakness<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) references: Vec<Reference<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Prose<'a> {
    pub(super) lang: Text<'a>,
    pub(super) value: Text<'a>,
}

/// Ratings by version of CVSS.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Metrics<'a> {
    #[serde(rename = "cvssMetricV40", deserialize_with = "nullable")]
    pub(super) v40: Vec<Metric<'a>>,
    #[serde(rename = "cvssMetricV31", deserialize_with = "nullable")]
    pub(super) v31: Vec<Metric<'a>>,
    #[serde(rename = "cvssMetricV30", deserialize_with = "nullable")]
    pub(super) v30: Vec<Metric<'a>>,
    #[serde(rename = "cvssMetricV2", deserialize_with = "nullable")]
    pub(super) v2: Vec<Metric<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Metric<'a> {
    pub(super) source: Text<'a>,
    #[serde(rename = "type")]
    pub(super) kind: Text<'a>,
    /// Of version 2, where it stands beside the vector.
    pub(super) base_severity: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) cvss_data: Vector<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Vector<'a> {
    pub(super) vector_string: Text<'a>,
    pub(super) base_score: Number,
    pub(super) base_severity: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Weakness<'a> {
    #[serde(deserialize_with = "nullable")]
    pub(super) description: Vec<Prose<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Reference<'a> {
    pub(super) url: Text<'a>,
}
