//! Terrascan's results as its types write them. Refuses to interpret; every field may be absent. Text is borrowed from
//! the document.

use serde::Deserialize;

use crate::json::{Number, Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Document<'a> {
    #[serde(deserialize_with = "nullable")]
    pub results: Results<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Results<'a> {
    #[serde(deserialize_with = "nullable")]
    pub scan_errors: Vec<ScanError<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub violations: Vec<Violation<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub skipped_violations: Vec<Violation<'a>>,
    /// What registries say of images, on request.
    #[serde(deserialize_with = "nullable")]
    pub vulnerabilities: Vec<Vulnerability<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub scan_summary: Summary<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct ScanError<'a> {
    #[serde(rename = "errMsg")]
    pub message: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Violation<'a> {
    pub rule_name: Text<'a>,
    pub description: Text<'a>,
    pub rule_id: Text<'a>,
    pub severity: Text<'a>,
    pub resource_name: Text<'a>,
    pub resource_type: Text<'a>,
    pub file: Text<'a>,
    pub line: Number,
    /// Of skipped ones.
    pub skip_comment: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    pub image: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Summary<'a> {
    #[serde(rename = "file/folder")]
    pub path: Text<'a>,
    pub scanned_at: Text<'a>,
}
