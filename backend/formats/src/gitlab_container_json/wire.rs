//! GitLab's report as analysers write it. Refuses to interpret; every field may be absent.

use serde::Deserialize;

use crate::json::{Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    #[serde(deserialize_with = "nullable")]
    pub scan: Scan<'a>,
    #[serde(deserialize_with = "nullable")]
    pub vulnerabilities: Vec<Vulnerability<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub remediations: Vec<Remediation<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Scan<'a> {
    #[serde(deserialize_with = "nullable")]
    pub scanner: Program<'a>,
    /// What wraps the scanner; absent before schema 15.
    #[serde(deserialize_with = "nullable")]
    pub analyzer: Program<'a>,
    pub start_time: Text<'a>,
    pub end_time: Text<'a>,
    pub status: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Program<'a> {
    pub id: Text<'a>,
    pub version: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    pub id: Text<'a>,
    pub name: Text<'a>,
    pub description: Text<'a>,
    /// What schema 14 kept beside `identifiers`.
    pub cve: Text<'a>,
    pub severity: Text<'a>,
    pub solution: Text<'a>,
    /// What schema 14 repeated here.
    #[serde(deserialize_with = "nullable")]
    pub scanner: Program<'a>,
    #[serde(deserialize_with = "nullable")]
    pub location: Location<'a>,
    #[serde(deserialize_with = "nullable")]
    pub identifiers: Vec<Identifier<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub links: Vec<Link<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub cvss_vectors: Vec<Cvss<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Location<'a> {
    #[serde(deserialize_with = "nullable")]
    pub dependency: Dependency<'a>,
    pub operating_system: Text<'a>,
    pub image: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Dependency<'a> {
    #[serde(deserialize_with = "nullable")]
    pub package: Package<'a>,
    pub version: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Package<'a> {
    pub name: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Identifier<'a> {
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    pub name: Text<'a>,
    pub value: Text<'a>,
    pub url: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Link<'a> {
    pub url: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Cvss<'a> {
    pub vendor: Text<'a>,
    pub vector: Text<'a>,
}

/// A change that repairs several vulnerabilities at once.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Remediation<'a> {
    #[serde(deserialize_with = "nullable")]
    pub fixes: Vec<Repaired<'a>>,
    pub summary: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Repaired<'a> {
    pub id: Text<'a>,
}
