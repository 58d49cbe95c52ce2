//! Kubescape's sums as its types write them, as far as they are used. Refuses to interpret; every field may be absent.

use serde::Deserialize;

use crate::json::{Text, nullable, pairs};

/// The sums of a scan.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Summary<'a> {
    /// By id: `C-0001`.
    #[serde(deserialize_with = "pairs")]
    pub(super) controls: Vec<(Text<'a>, Control<'a>)>,
}

/// A control.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Control<'a> {
    pub(super) status: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) status_info: StatusInfo<'a>,
}

/// The status with what explains it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct StatusInfo<'a> {
    pub(super) status: Text<'a>,
}
