//! Xray's answer as its API writes it. Refuses to interpret; every field may be absent.

use serde::Deserialize;

use crate::jfrog::Cve;
use crate::json::{Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Answer<'a> {
    #[serde(deserialize_with = "nullable")]
    pub artifacts: Vec<Artifact<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub errors: Vec<Unknown<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Artifact<'a> {
    #[serde(deserialize_with = "nullable")]
    pub general: General<'a>,
    #[serde(deserialize_with = "nullable")]
    pub issues: Vec<Issue<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub licenses: Vec<Licence<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct General<'a> {
    pub name: Text<'a>,
    pub pkg_type: Text<'a>,
    pub path: Text<'a>,
    pub sha256: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Issue<'a> {
    pub issue_id: Text<'a>,
    pub summary: Text<'a>,
    pub description: Text<'a>,
    pub issue_type: Text<'a>,
    pub severity: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub cves: Vec<Cve<'a>>,
    pub created: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub impact_path: Vec<Text<'a>>,
    /// Absent in version 1 of some releases: then paths alone tell.
    #[serde(deserialize_with = "nullable")]
    pub components: Vec<Component<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Component<'a> {
    pub component_id: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub fixed_versions: Vec<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Licence<'a> {
    pub name: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub components: Vec<Text<'a>>,
}

/// What was asked for and is not known.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Unknown<'a> {
    pub identifier: Text<'a>,
    pub error: Text<'a>,
}
