//! A scan as Wiz' service hands it to its command line. Refuses to interpret; every field may be absent. Text is
//! borrowed from the document.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::json::{Text, nullable};
use crate::wizcli::{Policy, Secret, Status};

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Document<'a> {
    pub created_at: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub status: Status<'a>,
    #[serde(deserialize_with = "nullable")]
    pub policies: Vec<Policy<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub extra_info: Client<'a>,
    #[serde(deserialize_with = "nullable")]
    pub scan_origin_resource: Origin<'a>,
    #[serde(deserialize_with = "nullable")]
    pub result: Outcome<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Client<'a> {
    pub client_version: Text<'a>,
}

/// What was looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Origin<'a> {
    /// `CICDScanOriginContainerImage`, `CICDScanOriginDirectory`.
    #[serde(rename = "__typename")]
    pub kind: Text<'a>,
    pub name: Text<'a>,
    /// Of an image: what its engine calls it.
    pub id: Text<'a>,
    /// Of an image: what its registry calls it.
    pub digest: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Outcome<'a> {
    #[serde(deserialize_with = "nullable")]
    pub os_packages: Vec<Package<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub libraries: Vec<Package<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub applications: Vec<Application<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub cpes: Vec<Package<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub secrets: Vec<Secret<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub data_findings: Vec<IgnoredAny>,
    pub host_configuration: Option<IgnoredAny>,
    /// Packages once more, in a layout of their own.
    #[serde(rename = "vulnerableSBOMArtifactsByNameVersion")]
    pub artefacts: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Package<'a> {
    pub name: Text<'a>,
    pub version: Text<'a>,
    pub path: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub vulnerabilities: Vec<Vulnerability<'a>>,
}

/// A program that no package manager installed; each vulnerability has its place and version.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Application<'a> {
    pub name: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub vulnerabilities: Vec<Placed<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Placed<'a> {
    pub path: Text<'a>,
    pub version: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub vulnerability: Vulnerability<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    pub name: Text<'a>,
    pub severity: Text<'a>,
    pub fixed_version: Text<'a>,
    /// A link to the tracker.
    pub source: Text<'a>,
    pub description: Text<'a>,
    pub has_exploit: Option<bool>,
    pub publish_date: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub failed_policy_matches: Vec<IgnoredAny>,
    #[serde(deserialize_with = "nullable")]
    pub ignored_policy_matches: Vec<Ignored<'a>>,
}

/// A policy that lets a finding pass.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Ignored<'a> {
    pub ignore_reason: Text<'a>,
}
