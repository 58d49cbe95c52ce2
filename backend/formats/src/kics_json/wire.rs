//! KICS' report as its model writes it. Refuses to interpret; every field may be absent. Text is borrowed from the
//! document.

use serde::Deserialize;

use crate::json::{Number, Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    pub kics_version: Text<'a>,
    pub files_failed_to_scan: Number,
    pub queries_failed_to_execute: Number,
    pub start: Text<'a>,
    pub end: Text<'a>,
    /// What was looked at.
    #[serde(deserialize_with = "nullable")]
    pub paths: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub queries: Vec<Query<'a>>,
    /// Resources that are listed on request: no findings.
    #[serde(deserialize_with = "nullable")]
    pub bill_of_materials: Vec<Query<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Query<'a> {
    pub query_name: Text<'a>,
    pub query_id: Text<'a>,
    pub severity: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub files: Vec<Place<'a>>,
}

/// A place in a file that failed a query.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Place<'a> {
    pub file_name: Text<'a>,
    pub line: Number,
    /// `aws_s3_bucket[this].policy`.
    pub search_key: Text<'a>,
    /// What tells places with one key apart.
    pub search_value: Text<'a>,
    pub resource_type: Text<'a>,
    pub resource_name: Text<'a>,
}
