//! Prometheus' answer, and the labels of the operator's samples. Refuses to interpret; every label may be
//! absent. Text is borrowed from the document.

use serde::Deserialize;

use crate::json::{Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Answer<'a> {
    #[serde(deserialize_with = "nullable")]
    pub data: Data<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Data<'a> {
    #[serde(deserialize_with = "nullable")]
    pub result: Vec<Sample<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Sample<'a> {
    #[serde(deserialize_with = "nullable")]
    pub metric: Metric<'a>,
}

/// The labels, of whatever sample has them.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Metric<'a> {
    #[serde(rename = "__name__")]
    pub name: Text<'a>,
    pub resource_kind: Text<'a>,
    pub image_registry: Text<'a>,
    pub image_repository: Text<'a>,
    pub image_tag: Text<'a>,
    pub image_digest: Text<'a>,
    pub severity: Text<'a>,
    pub vuln_id: Text<'a>,
    pub vuln_title: Text<'a>,
    /// The package's name.
    pub resource: Text<'a>,
    pub installed_version: Text<'a>,
    pub fixed_version: Text<'a>,
    pub published_date: Text<'a>,
    pub last_modified_date: Text<'a>,
    pub package_type: Text<'a>,
    pub pkg_path: Text<'a>,
    pub target: Text<'a>,
    pub class: Text<'a>,
    pub secret_rule_id: Text<'a>,
    pub secret_target: Text<'a>,
    pub secret_title: Text<'a>,
    /// Of checks: `false` where they failed.
    #[serde(alias = "rbac_assessment_success", alias = "infra_assessment_success")]
    pub config_audit_success: Text<'a>,
    /// Of controls: `Fail`, `Pass`.
    pub status: Text<'a>,
}
