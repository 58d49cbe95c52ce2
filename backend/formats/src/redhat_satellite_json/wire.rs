//! A page of errata as Satellite writes it. Refuses to interpret; every field may be absent.

use serde::Deserialize;

use crate::json::{Number, Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Page<'a> {
    pub subtotal: Number,
    #[serde(deserialize_with = "nullable")]
    pub results: Vec<Erratum<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Erratum<'a> {
    pub errata_id: Text<'a>,
    pub title: Text<'a>,
    /// `security`, `bugfix` or `enhancement`.
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    pub severity: Text<'a>,
    pub issued: Text<'a>,
    pub updated: Text<'a>,
    pub description: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub cves: Vec<Cve<'a>>,
    /// What fixes it: `name-version-release.architecture`.
    #[serde(deserialize_with = "nullable")]
    pub packages: Vec<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Cve<'a> {
    pub cve_id: Text<'a>,
    pub href: Text<'a>,
}
