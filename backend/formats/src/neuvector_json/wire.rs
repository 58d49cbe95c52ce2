//! NeuVector's report as its scanner and controller write it. Refuses to interpret; every field may be absent.
//! Text is borrowed from the document. The evidence of a secret is not read.

use serde::Deserialize;

use crate::json::{Number, Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Answer<'a> {
    #[serde(deserialize_with = "nullable")]
    pub report: Report<'a>,
}

/// A report. What names the image is only there where the scanner wrote it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    pub image_id: Text<'a>,
    pub registry: Text<'a>,
    pub repository: Text<'a>,
    pub tag: Text<'a>,
    pub digest: Text<'a>,
    pub base_os: Text<'a>,
    pub cvedb_create_time: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub vulnerabilities: Vec<Vulnerability<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub modules: Vec<Module<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub checks: Vec<Check<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub secrets: Vec<Secret<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    pub name: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub cves: Vec<Text<'a>>,
    pub severity: Text<'a>,
    pub score: Number,
    pub vectors: Text<'a>,
    pub score_v3: Number,
    pub vectors_v3: Text<'a>,
    pub description: Text<'a>,
    pub link: Text<'a>,
    pub package_name: Text<'a>,
    pub package_version: Text<'a>,
    pub fixed_version: Text<'a>,
    pub file_name: Text<'a>,
    pub published_timestamp: Number,
    pub last_modified_timestamp: Number,
}

/// An installed package. Its source is the distribution's release, or the language.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Module<'a> {
    pub name: Text<'a>,
    pub version: Text<'a>,
    pub source: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Check<'a> {
    pub test_number: Text<'a>,
    pub level: Text<'a>,
    pub description: Text<'a>,
    pub location: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Secret<'a> {
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    pub path: Text<'a>,
}
