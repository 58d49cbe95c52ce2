//! CVE records as their schema writes them, as far as they are used. Refuses to interpret; every field may be
//! absent.

use serde::Deserialize;
use serde_json::Value;

use crate::json::{Number, Text, nullable};

/// A record.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Record<'a> {
    #[serde(deserialize_with = "nullable")]
    pub(super) cve_metadata: Metadata<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) containers: Containers<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Metadata<'a> {
    pub(super) cve_id: Text<'a>,
    pub(super) state: Text<'a>,
    pub(super) date_published: Text<'a>,
    pub(super) date_updated: Text<'a>,
}

/// What the authority that assigned the id says, and what others add.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Containers<'a> {
    #[serde(deserialize_with = "nullable")]
    pub(super) cna: Container<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) adp: Vec<Container<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Container<'a> {
    #[serde(deserialize_with = "nullable")]
    pub(super) provider_metadata: Provider<'a>,
    pub(super) title: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) descriptions: Vec<Prose<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) rejected_reasons: Vec<Prose<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) problem_types: Vec<ProblemType<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) metrics: Vec<Metric<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) references: Vec<Reference<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Provider<'a> {
    pub(super) short_name: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Prose<'a> {
    pub(super) lang: Text<'a>,
    pub(super) value: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct ProblemType<'a> {
    #[serde(deserialize_with = "nullable")]
    pub(super) descriptions: Vec<Problem<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Problem<'a> {
    pub(super) cwe_id: Text<'a>,
}

/// A rating by one version of CVSS, or something else.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Metric<'a> {
    #[serde(rename = "cvssV4_0")]
    pub(super) v40: Option<Vector<'a>>,
    #[serde(rename = "cvssV3_1")]
    pub(super) v31: Option<Vector<'a>>,
    #[serde(rename = "cvssV3_0")]
    pub(super) v30: Option<Vector<'a>>,
    #[serde(rename = "cvssV2_0")]
    pub(super) v2: Option<Vector<'a>>,
    pub(super) other: Option<Other<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Vector<'a> {
    pub(super) vector_string: Text<'a>,
    pub(super) base_score: Number,
    pub(super) base_severity: Text<'a>,
}

/// A rating of another kind, whose content is each kind's own.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Other<'a> {
    #[serde(rename = "type")]
    pub(super) kind: Text<'a>,
    pub(super) content: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Reference<'a> {
    pub(super) url: Text<'a>,
}
