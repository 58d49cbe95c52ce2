//! Nuclei's list as it writes it, as far as it is used. Refuses to interpret; every field may be absent.

use serde::Deserialize;

use crate::json::{Text, nullable};

/// A template.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Template<'a> {
    #[serde(rename = "ID")]
    pub id: Text<'a>,
    #[serde(rename = "Info", deserialize_with = "nullable")]
    pub info: Info<'a>,
    pub file_path: Text<'a>,
}

/// What it says of the vulnerability.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Info<'a> {
    pub name: Text<'a>,
    pub severity: Text<'a>,
    pub description: Text<'a>,
}
