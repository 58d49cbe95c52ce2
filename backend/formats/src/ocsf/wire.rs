//! A finding as the schema has it, versions 1.0 to 1.6, as far as it is used. Refuses to interpret; every field may be
//! absent. Text is borrowed from the document.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Number, Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Finding<'a> {
    #[serde(deserialize_with = "nullable")]
    pub metadata: Metadata<'a>,
    pub severity: Text<'a>,
    pub status: Text<'a>,
    pub status_id: Number,
    /// The outcome of a check: `PASS`, `FAIL`, `MANUAL`.
    pub status_code: Text<'a>,
    pub status_detail: Text<'a>,
    pub message: Text<'a>,
    pub comment: Text<'a>,
    /// A number, or a text of some.
    pub time: Text<'a>,
    pub time_dt: Text<'a>,
    /// Of drafts.
    pub event_time: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub finding_info: Info<'a>,
    #[serde(deserialize_with = "nullable")]
    pub compliance: Compliance<'a>,
    #[serde(deserialize_with = "nullable")]
    pub cloud: Cloud<'a>,
    #[serde(deserialize_with = "nullable")]
    pub resources: Vec<Resource<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub vulnerabilities: Vec<Vulnerability<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Metadata<'a> {
    /// The check, where there is one.
    pub event_code: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub product: Product<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Product<'a> {
    pub name: Text<'a>,
    pub vendor_name: Text<'a>,
    pub uid: Text<'a>,
    pub version: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Info<'a> {
    pub title: Text<'a>,
    pub last_seen_time_dt: Text<'a>,
    pub modified_time_dt: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Compliance<'a> {
    pub status: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Cloud<'a> {
    pub provider: Text<'a>,
    pub region: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub account: Account<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Account<'a> {
    pub uid: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Resource<'a> {
    pub uid: Text<'a>,
    pub name: Text<'a>,
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    pub region: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub group: Group<'a>,
    /// Whatever the product wants to say.
    pub data: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Group<'a> {
    pub name: Text<'a>,
}

/// What Prowler wants to say of a resource.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Data<'a> {
    pub details: Text<'a>,
    pub metadata: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Vulnerability<'a> {
    #[serde(deserialize_with = "nullable")]
    pub cve: Cve<'a>,
    #[serde(deserialize_with = "nullable")]
    pub advisory: Advisory<'a>,
    pub title: Text<'a>,
    pub desc: Text<'a>,
    pub severity: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub references: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub affected_packages: Vec<Package<'a>>,
    pub is_fix_available: Text<'a>,
    pub is_exploit_available: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Cve<'a> {
    pub uid: Text<'a>,
    pub created_time_dt: Text<'a>,
    pub modified_time_dt: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub cvss: Vec<Cvss<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub epss: Epss,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Advisory<'a> {
    pub uid: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Cvss<'a> {
    pub base_score: Number,
    pub vector_string: Text<'a>,
    pub vendor_name: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Epss {
    pub score: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Package<'a> {
    pub name: Text<'a>,
    pub version: Text<'a>,
    pub epoch: Number,
    pub release: Text<'a>,
    pub package_manager: Text<'a>,
    pub path: Text<'a>,
    pub fixed_in_version: Text<'a>,
    pub purl: Text<'a>,
}
