//! A report as Tenable writes it, in both versions of its API. Refuses to interpret; every field may be absent.

use serde::Deserialize;

use crate::json::{Text, nullable};

/// The report on an image.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    pub(super) image_name: Text<'a>,
    pub(super) tag: Text<'a>,
    /// Of the manifest, without its algorithm.
    pub(super) digest: Text<'a>,
    /// The same with it.
    pub(super) sha256: Text<'a>,
    /// `LINUX_DEBIAN`.
    pub(super) os: Text<'a>,
    pub(super) os_version: Text<'a>,
    pub(super) os_architecture: Text<'a>,
    pub(super) updated_at: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) findings: Vec<Finding<'a>>,
    /// Absent where nobody looked.
    pub(super) malware: Option<Vec<File<'a>>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) potentially_unwanted_programs: Vec<File<'a>>,
}

/// A vulnerability with the packages that have it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Finding<'a> {
    #[serde(rename = "nvdFinding", deserialize_with = "nullable")]
    pub(super) vulnerability: Vulnerability<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) packages: Vec<Package<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    /// The advisory that tells of it: `DSA-3566`.
    pub(super) reference_id: Text<'a>,
    pub(super) cve: Text<'a>,
    pub(super) published_date: Text<'a>,
    pub(super) modified_date: Text<'a>,
    pub(super) description: Text<'a>,
    pub(super) cvss_score: Text<'a>,
    pub(super) cvss_vector: Text<'a>,
    /// `Network`; this and the five below are parts of a vector of version 2.
    pub(super) access_vector: Text<'a>,
    pub(super) access_complexity: Text<'a>,
    pub(super) auth: Text<'a>,
    pub(super) confidentiality_impact: Text<'a>,
    pub(super) integrity_impact: Text<'a>,
    pub(super) availability_impact: Text<'a>,
    pub(super) cwe: Text<'a>,
    /// Advisories, as Nessus writes them: `USN:3643-1`.
    #[serde(deserialize_with = "nullable")]
    pub(super) references: Vec<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Package<'a> {
    pub(super) name: Text<'a>,
    pub(super) version: Text<'a>,
    /// `linux` for those of the distribution; only version 2 tells.
    #[serde(rename = "type")]
    pub(super) kind: Text<'a>,
}

/// A file that should not be there.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct File<'a> {
    #[serde(alias = "infectedFile")]
    pub(super) file: Text<'a>,
    pub(super) md5: Text<'a>,
    pub(super) sha256: Text<'a>,
}
