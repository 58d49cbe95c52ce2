//! Checkov's report as its classes write it. Refuses to interpret; every field may be absent. Text is borrowed from
//! the document.

use serde::Deserialize;

use crate::json::{Number, Text, nullable};

/// A report; where nothing could be checked it is a summary alone.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    /// `terraform`, `dockerfile`, `secrets`, `sca_image`…
    pub check_type: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub results: Results<'a>,
    #[serde(deserialize_with = "nullable")]
    pub summary: Summary<'a>,
    /// Of a summary alone.
    pub checkov_version: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Results<'a> {
    #[serde(deserialize_with = "nullable")]
    pub failed_checks: Vec<Record<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub skipped_checks: Vec<Record<'a>>,
    /// Files that could not be read.
    #[serde(deserialize_with = "nullable")]
    pub parsing_errors: Vec<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Summary<'a> {
    pub checkov_version: Text<'a>,
}

/// A check of one resource.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Record<'a> {
    pub check_id: Text<'a>,
    pub check_name: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub check_result: Outcome<'a>,
    /// From the root of what was looked at: `/main.tf`.
    pub file_path: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub file_line_range: Vec<Number>,
    pub resource: Text<'a>,
    /// None without a key for the vendor's platform.
    pub severity: Text<'a>,
    /// Of packages.
    pub vulnerability_details: Option<Details<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Outcome<'a> {
    pub suppress_comment: Text<'a>,
}

/// A vulnerability of a package, or its licence.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Details<'a> {
    pub id: Text<'a>,
    pub severity: Text<'a>,
    pub package_name: Text<'a>,
    pub package_version: Text<'a>,
    pub package_type: Text<'a>,
    pub link: Text<'a>,
    pub cvss: Number,
    pub vector: Text<'a>,
    pub description: Text<'a>,
    pub published_date: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub fixed_versions: Vec<Text<'a>>,
    pub lowest_fixed_version: Text<'a>,
    pub fix_version: Text<'a>,
    pub license: Text<'a>,
}
