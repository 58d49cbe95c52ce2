//! Xeol's matches as it writes them; the rest of the report is as Grype writes it. Refuses to interpret; every field
//! may be absent.

use serde::Deserialize;

use crate::json::{Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    #[serde(deserialize_with = "nullable")]
    pub matches: Vec<Match<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Match<'a> {
    #[serde(rename = "Cycle", deserialize_with = "nullable")]
    pub cycle: Cycle<'a>,
    #[serde(deserialize_with = "nullable")]
    pub artifact: Artifact<'a>,
}

/// A release cycle of a product.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Cycle<'a> {
    pub product_name: Text<'a>,
    pub release_cycle: Text<'a>,
    /// The day of its end, or Go's zero day where only the end as such is known.
    pub eol: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Artifact<'a> {
    pub name: Text<'a>,
    pub version: Text<'a>,
    pub purl: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub locations: Vec<Location<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Location<'a> {
    pub path: Text<'a>,
}
