//! Popeye's report as it writes it, as far as it is used. Refuses to interpret; every field may be absent. Text is
//! borrowed from the document.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::json::{Text, nullable, pairs};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Document<'a> {
    #[serde(deserialize_with = "nullable")]
    pub popeye: Report<'a>,
    #[serde(rename = "ClusterName")]
    pub cluster: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    #[serde(rename = "report_time")]
    pub time: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub sections: Vec<Section<'a>>,
    /// What sections were called before.
    #[serde(deserialize_with = "nullable")]
    pub sanitizers: Vec<Section<'a>>,
    /// Why something could not be looked at: an object that repeats a key, or a list.
    pub errors: Option<IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Section<'a> {
    /// `pods`.
    pub linter: Text<'a>,
    /// What a linter was called before.
    pub sanitizer: Text<'a>,
    /// `apps/v1/deployments`.
    pub gvr: Text<'a>,
    /// Those of each object, also of objects without any.
    #[serde(deserialize_with = "pairs")]
    pub issues: Vec<(Text<'a>, Option<Vec<Issue<'a>>>)>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Issue<'a> {
    /// The container, or `__root__`.
    pub group: Text<'a>,
    /// From 0, which is good, to 3.
    pub level: Text<'a>,
    /// With its code before it: `[POP-106] …`.
    pub message: Text<'a>,
}
