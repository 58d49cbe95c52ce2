//! StackRox's documents as it writes them, only the fields that are used. Refuses to interpret; every field may
//! be absent or null. Text is borrowed from the document.

use serde::Deserialize;

use crate::json::{Number, Text, nullable};

/// An image with its scan.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Image<'a> {
    /// What the registry calls it; a number of StackRox's own in newer releases.
    pub id: Text<'a>,
    /// What newer releases have in its place.
    pub digest: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub name: Name<'a>,
    #[serde(deserialize_with = "nullable")]
    pub names: Vec<Name<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub metadata: Metadata<'a>,
    pub scan: Option<Scan<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Name<'a> {
    pub full_name: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Metadata<'a> {
    /// The configuration.
    #[serde(deserialize_with = "nullable")]
    pub v1: Configuration<'a>,
    /// The manifest.
    #[serde(deserialize_with = "nullable")]
    pub v2: Manifest<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Configuration<'a> {
    pub digest: Text<'a>,
    pub created: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Manifest<'a> {
    pub digest: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Scan<'a> {
    pub scanner_version: Text<'a>,
    pub scan_time: Text<'a>,
    /// `ubuntu:22.04`.
    pub operating_system: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub data_source: Source<'a>,
    /// What is missing: `OS_CVES_UNAVAILABLE`.
    #[serde(deserialize_with = "nullable")]
    pub notes: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub components: Vec<Component<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Source<'a> {
    pub name: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Component<'a> {
    pub name: Text<'a>,
    pub version: Text<'a>,
    /// `OS`, `PYTHON`, `GO`.
    pub source: Text<'a>,
    pub location: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub vulns: Vec<Vulnerability<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    pub cve: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub advisory: Source<'a>,
    pub summary: Text<'a>,
    pub link: Text<'a>,
    pub fixed_by: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub cvss_v2: Cvss<'a>,
    #[serde(deserialize_with = "nullable")]
    pub cvss_v3: Cvss<'a>,
    pub published_on: Text<'a>,
    pub last_modified: Text<'a>,
    /// Whether somebody snoozed it.
    pub suppressed: Text<'a>,
    /// `IMPORTANT_VULNERABILITY_SEVERITY`.
    pub severity: Text<'a>,
    /// `OBSERVED`, `DEFERRED`, `FALSE_POSITIVE`.
    pub state: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Cvss<'a> {
    pub vector: Text<'a>,
    pub score: Number,
}

/// What roxctl writes.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Summary<'a> {
    #[serde(deserialize_with = "nullable")]
    pub result: Outcome<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Outcome<'a> {
    #[serde(deserialize_with = "nullable")]
    pub summary: Counts,
    #[serde(deserialize_with = "nullable")]
    pub vulnerabilities: Vec<Entry<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Counts {
    #[serde(rename = "TOTAL-VULNERABILITIES")]
    pub vulnerabilities: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Entry<'a> {
    pub cve_id: Text<'a>,
    pub cve_severity: Text<'a>,
    pub cve_info: Text<'a>,
    pub advisory_id: Text<'a>,
    pub component_name: Text<'a>,
    pub component_version: Text<'a>,
    pub component_fixed_version: Text<'a>,
}
