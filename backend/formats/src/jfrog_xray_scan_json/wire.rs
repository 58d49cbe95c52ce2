//! Xray's answer on a scan as `jf` prints it. Refuses to interpret; every field may be absent.

use serde::Deserialize;

use crate::jfrog::Cve;
use crate::json::{Text, nullable, pairs};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Scan<'a> {
    #[serde(deserialize_with = "nullable")]
    pub vulnerabilities: Vec<Issue<'a>>,
    /// What policies forbid, where watches were given: then instead of `vulnerabilities`.
    #[serde(deserialize_with = "nullable")]
    pub violations: Vec<Issue<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub licenses: Vec<Licence<'a>>,
    pub component_id: Text<'a>,
    pub package_type: Text<'a>,
    pub status: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Issue<'a> {
    /// Of a violation: `security`, `license`, `operational_risk`.
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    pub issue_id: Text<'a>,
    pub summary: Text<'a>,
    pub severity: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub cves: Vec<Cve<'a>>,
    #[serde(deserialize_with = "pairs")]
    pub components: Vec<(Text<'a>, Component<'a>)>,
    #[serde(deserialize_with = "nullable")]
    pub references: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub extended_information: Extended<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Component<'a> {
    #[serde(deserialize_with = "nullable")]
    pub fixed_versions: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub impact_paths: Vec<Vec<Step<'a>>>,
}

/// A step from the artifact down to the component.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Step<'a> {
    pub full_path: Text<'a>,
}

/// What JFrog's own research adds.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Extended<'a> {
    pub full_description: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Licence<'a> {
    pub license_key: Text<'a>,
    #[serde(deserialize_with = "pairs")]
    pub components: Vec<(Text<'a>, serde::de::IgnoredAny)>,
}
