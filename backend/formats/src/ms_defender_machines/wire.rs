//! A page of machines as Defender for Endpoint writes it. Refuses to look into machines: nothing of them is used.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::json::{Text, nullable, pairs};

/// A page.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Page<'a> {
    #[serde(deserialize_with = "nullable")]
    pub(super) value: Vec<Machine>,
    /// Where the list goes on.
    #[serde(rename = "@odata.nextLink")]
    pub(super) next_link: Text<'a>,
}

/// A machine.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Machine {
    #[serde(deserialize_with = "pairs")]
    _members: Vec<(IgnoredAny, IgnoredAny)>,
}
