//! Findings as Security Command Center writes them, in both versions of its API. Refuses to interpret; every field may
//! be absent.

use serde::Deserialize;

use crate::gcp_artifact_analysis::Cvss;
use crate::json::{Text, nullable};

/// A page of an answer.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Page<'a> {
    #[serde(rename = "listFindingsResults", deserialize_with = "nullable")]
    pub(super) results: Vec<Listed<'a>>,
    pub(super) next_page_token: Text<'a>,
}

/// A finding beside what is said of its resource; a notification too.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Listed<'a> {
    #[serde(deserialize_with = "nullable")]
    pub(super) finding: Finding<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Finding<'a> {
    /// `//artifactregistry.googleapis.com/projects/…/dockerImages/api@sha256:…`
    pub(super) resource_name: Text<'a>,
    /// `GKE_RUNTIME_OS_VULNERABILITY`.
    pub(super) category: Text<'a>,
    /// `VULNERABILITY`, `MISCONFIGURATION`, `THREAT`.
    pub(super) finding_class: Text<'a>,
    /// `ACTIVE` or `INACTIVE`.
    pub(super) state: Text<'a>,
    /// `MUTED`.
    pub(super) mute: Text<'a>,
    pub(super) severity: Text<'a>,
    pub(super) description: Text<'a>,
    pub(super) event_time: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) containers: Vec<Container<'a>>,
    pub(super) vulnerability: Option<Vulnerability<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Container<'a> {
    /// The image as the pod states it.
    pub(super) uri: Text<'a>,
    /// The image that runs, by digest.
    pub(super) image_id: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    #[serde(deserialize_with = "nullable")]
    pub(super) cve: Cve<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) offending_package: Package<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) fixed_package: Package<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) cwes: Vec<Weakness<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Cve<'a> {
    pub(super) id: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) references: Vec<Reference<'a>>,
    pub(super) cvssv3: Option<Cvss<'a>>,
    /// `WIDE`, `CONFIRMED`, `AVAILABLE`, `ANTICIPATED`, `NO_KNOWN`.
    pub(super) exploitation_activity: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) observed_in_the_wild: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Reference<'a> {
    pub(super) uri: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Weakness<'a> {
    pub(super) id: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Package<'a> {
    pub(super) package_name: Text<'a>,
    pub(super) package_version: Text<'a>,
    /// `cpe:/o:debian:debian_linux:12`.
    pub(super) cpe_uri: Text<'a>,
    /// `OS`, `MAVEN`, `GO`.
    pub(super) package_type: Text<'a>,
}
