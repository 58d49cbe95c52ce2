//! Snyk's results as its command line writes them. Refuses to interpret; every field may be absent. Text is
//! borrowed from the document.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::json::{Number, Text, nullable, pairs};

/// A project: an image's packages of the distribution, or what one manifest lists.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Project<'a> {
    #[serde(deserialize_with = "nullable")]
    pub vulnerabilities: Vec<Issue<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub filtered: Filtered<'a>,
    /// What was found in the applications of an image.
    #[serde(deserialize_with = "nullable")]
    pub applications: Vec<Project<'a>>,
    pub docker: Option<Docker<'a>>,
    pub package_manager: Text<'a>,
    pub project_name: Text<'a>,
    pub path: Text<'a>,
    pub target_file: Text<'a>,
    pub display_target_file: Text<'a>,
    pub platform: Text<'a>,
    pub severity_threshold: Text<'a>,
    /// Why there is no result.
    pub error: Text<'a>,
}

/// What rules set aside.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Filtered<'a> {
    #[serde(deserialize_with = "nullable")]
    pub ignore: Vec<Issue<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub patch: Vec<Issue<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Docker<'a> {
    #[serde(deserialize_with = "nullable")]
    pub binaries_vulns: Binaries<'a>,
}

/// Programs that no package manager installed.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Binaries<'a> {
    #[serde(deserialize_with = "pairs")]
    pub affected_pkgs: Vec<(Text<'a>, IgnoredAny)>,
}

/// A vulnerability or licence issue of a package, once for each way that leads to the package.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Issue<'a> {
    pub id: Text<'a>,
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    pub license: Text<'a>,
    pub title: Text<'a>,
    pub description: Text<'a>,
    pub severity: Text<'a>,
    /// The severity where `severity` knows no `critical`.
    pub severity_with_critical: Text<'a>,
    pub package_manager: Text<'a>,
    pub language: Text<'a>,
    pub name: Text<'a>,
    pub package_name: Text<'a>,
    pub version: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub identifiers: Identifiers<'a>,
    #[serde(rename = "CVSSv3")]
    pub cvss_v3: Text<'a>,
    pub cvss_score: Number,
    #[serde(deserialize_with = "nullable")]
    pub cvss_details: Vec<Rating<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub cvss_sources: Vec<Rating<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub references: Vec<Reference<'a>>,
    pub publication_time: Text<'a>,
    pub modification_time: Text<'a>,
    pub fixed_in: Option<Vec<Text<'a>>>,
    pub nearest_fixed_in_version: Text<'a>,
    pub exploit: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub epss_details: Epss,
    pub dockerfile_instruction: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub filtered: Rules<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Identifiers<'a> {
    #[serde(deserialize_with = "nullable")]
    pub cve: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub ghsa: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub cwe: Vec<Text<'a>>,
}

/// A vector of somebody: the older and the newer layout.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Rating<'a> {
    pub assigner: Text<'a>,
    pub cvss_v3_vector: Text<'a>,
    pub cvss_v3_base_score: Number,
    pub vector: Text<'a>,
    pub base_score: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Reference<'a> {
    pub url: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Epss {
    pub probability: Number,
}

/// Which rules set an issue aside.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Rules<'a> {
    #[serde(deserialize_with = "nullable")]
    pub ignored: Vec<Rule<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Rule<'a> {
    pub reason: Text<'a>,
    pub reason_type: Text<'a>,
}
