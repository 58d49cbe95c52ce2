//! A list, its objects as members in document order. Refuses to know any key of theirs.

use serde::Deserialize;
use serde_json::Value;

use crate::json::{Text, nullable, pairs};

/// A list with what is said of all of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct List<'a> {
    pub(super) tool: Text<'a>,
    /// DefectDojo's word for the tool.
    #[serde(rename = "type")]
    pub(super) kind: Text<'a>,
    pub(super) name: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) findings: Vec<Finding<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(transparent, bound(deserialize = "'de: 'a"))]
pub(super) struct Finding<'a> {
    #[serde(deserialize_with = "pairs")]
    pub(super) members: Vec<(Text<'a>, Value)>,
}
