//! A report as NeuVector's controller answers it. Refuses to interpret; every field may be absent. Text is borrowed from
//! the document.

use serde::Deserialize;

use crate::json::{Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    pub run_at: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub items: Vec<Item<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Item<'a> {
    /// `D.4.1`, `K.1.1.1`.
    pub test_number: Text<'a>,
    /// What was looked at: `host`, `container`, `image`, `master`, `worker`.
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    pub description: Text<'a>,
    /// `PASS`, `WARN`, `NOTE`.
    pub level: Text<'a>,
    pub location: Text<'a>,
}
