//! kubeaudit's results as it logs them, as far as they are used. Refuses to interpret; every field may be absent. Text
//! is borrowed from the document.

use serde::Deserialize;

use crate::json::Text;

/// A line. What its auditor adds stands beside what every line has.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Outcome<'a> {
    #[serde(rename = "AuditResultName")]
    pub name: Text<'a>,
    pub resource_kind: Text<'a>,
    pub resource_namespace: Text<'a>,
    pub resource_name: Text<'a>,
    /// `error`, `warning`, `info`.
    #[serde(rename = "level")]
    pub level: Text<'a>,
    #[serde(rename = "msg")]
    pub message: Text<'a>,
    #[serde(rename = "time")]
    pub time: Text<'a>,
    /// Why a label allows what was found.
    pub override_reason: Text<'a>,
    pub container: Text<'a>,
    /// The capability, in old releases.
    pub capability: Text<'a>,
    /// The capability, in later ones.
    pub metadata: Text<'a>,
    pub mount_name: Text<'a>,
    pub policy_name: Text<'a>,
    pub override_label: Text<'a>,
}
