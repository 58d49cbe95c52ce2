//! Grype's report as Grype writes it, old and new. Refuses to interpret; every field may be absent.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::json::{Number, Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    #[serde(deserialize_with = "nullable")]
    pub matches: Vec<Match<'a>>,
    #[serde(rename = "ignoredMatches", deserialize_with = "nullable")]
    pub ignored: Vec<Match<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub source: Source<'a>,
    #[serde(deserialize_with = "nullable")]
    pub distro: Distro<'a>,
    #[serde(deserialize_with = "nullable")]
    pub descriptor: Descriptor<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Match<'a> {
    #[serde(deserialize_with = "nullable")]
    pub vulnerability: Vulnerability<'a>,
    #[serde(deserialize_with = "nullable")]
    pub related_vulnerabilities: Vec<Vulnerability<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub artifact: Artifact<'a>,
    #[serde(deserialize_with = "nullable")]
    pub applied_ignore_rules: Vec<Rule<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    pub id: Text<'a>,
    pub data_source: Text<'a>,
    pub namespace: Text<'a>,
    pub severity: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub urls: Vec<Text<'a>>,
    /// What 0.7 wrote instead of `urls`.
    #[serde(deserialize_with = "nullable")]
    pub links: Vec<Text<'a>>,
    pub description: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub cvss: Vec<Cvss<'a>>,
    /// What 0.7 wrote instead of `cvss`.
    #[serde(deserialize_with = "nullable")]
    pub cvss_v2: Cvss<'a>,
    #[serde(deserialize_with = "nullable")]
    pub cvss_v3: Cvss<'a>,
    #[serde(deserialize_with = "nullable")]
    pub cwes: Vec<Weakness<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub epss: Vec<Epss<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub fix: Fix<'a>,
    /// What 0.7 wrote instead of `fix`.
    pub fixed_in_version: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Cvss<'a> {
    pub source: Text<'a>,
    pub vector: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub metrics: Metrics,
    pub base_score: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Metrics {
    pub base_score: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Weakness<'a> {
    pub cwe: Text<'a>,
}

/// EPSS as Grype's database repeats it, of each CVE behind the match.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Epss<'a> {
    pub cve: Text<'a>,
    pub epss: Number,
    pub date: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Fix<'a> {
    #[serde(deserialize_with = "nullable")]
    pub versions: Vec<Text<'a>>,
    pub state: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Artifact<'a> {
    pub name: Text<'a>,
    pub version: Text<'a>,
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    pub purl: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub locations: Vec<Location<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub licenses: Vec<Licence<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub upstreams: Vec<Upstream<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Location<'a> {
    pub path: Text<'a>,
}

/// A licence is a text, or an object in newer releases.
#[derive(Debug, Deserialize)]
#[serde(untagged, bound(deserialize = "'de: 'a"))]
pub(super) enum Licence<'a> {
    Text(Text<'a>),
    Object {
        #[serde(default)]
        value: Text<'a>,
    },
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Upstream<'a> {
    pub name: Text<'a>,
    pub version: Text<'a>,
}

/// Why a match was set aside.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Rule<'a> {
    pub vulnerability: Text<'a>,
    pub reason: Text<'a>,
    pub fix_state: Text<'a>,
    pub vex_status: Text<'a>,
    pub vex_justification: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Source<'a> {
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    pub target: Option<Target<'a>>,
}

/// A path for directories and files, an object for images.
#[derive(Debug, Deserialize)]
#[serde(untagged, bound(deserialize = "'de: 'a"))]
pub(super) enum Target<'a> {
    Path(Text<'a>),
    Image(Box<Image<'a>>),
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Image<'a> {
    pub user_input: Text<'a>,
    #[serde(rename = "imageID")]
    pub image_id: Text<'a>,
    pub manifest_digest: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub tags: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub repo_digests: Vec<Text<'a>>,
    pub image_size: Number,
    #[serde(deserialize_with = "nullable")]
    pub layers: Vec<Layer<'a>>,
    pub architecture: Text<'a>,
    pub os: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub labels: BTreeMap<String, Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Layer<'a> {
    pub digest: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Distro<'a> {
    pub name: Text<'a>,
    pub version: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Descriptor<'a> {
    pub name: Text<'a>,
    pub version: Text<'a>,
    pub timestamp: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub db: Database<'a>,
}

/// `built` stands at the top until 0.85, under `status` since.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Database<'a> {
    pub built: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub status: DatabaseStatus<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct DatabaseStatus<'a> {
    pub built: Text<'a>,
}
