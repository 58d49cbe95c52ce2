//! Alerts as Orca's console exports them and as its API answers. Refuses to interpret; every field may be absent.

use serde::Deserialize;

use crate::json::{Text, nullable};

/// An alert of an export.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Alert<'a> {
    pub(super) title: Text<'a>,
    pub(super) category: Text<'a>,
    pub(super) orca_score: Text<'a>,
    pub(super) status: Text<'a>,
    /// What raised it, where no inventory is told.
    pub(super) source: Text<'a>,
    pub(super) last_seen: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) inventory: Inventory<'a>,
}

/// The resource that an alert is about.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Inventory<'a> {
    pub(super) name: Text<'a>,
}

/// An answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Answer<'a> {
    #[serde(deserialize_with = "nullable")]
    pub(super) data: Vec<Answered<'a>>,
}

/// An alert of an answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Answered<'a> {
    /// One line.
    pub(super) description: Text<'a>,
    pub(super) category: Text<'a>,
    pub(super) asset_name: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) state: State<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct State<'a> {
    /// `open`, `in_progress`, `closed`.
    pub(super) status: Text<'a>,
    /// `compromised`, `imminent compromise`, `hazardous`, `informational`.
    pub(super) severity: Text<'a>,
    pub(super) last_seen: Text<'a>,
}
