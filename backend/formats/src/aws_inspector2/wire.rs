//! A finding of Amazon Inspector as its API writes it; ECR's enhanced scanning answers with the same.
//! Refuses to interpret; every field may be absent. Text is borrowed from the document.

use serde::Deserialize;

use crate::aws::Moment;
use crate::json::{Number, Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Finding<'a> {
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    pub description: Text<'a>,
    pub severity: Text<'a>,
    pub status: Text<'a>,
    pub fix_available: Text<'a>,
    pub last_observed_at: Moment,
    pub updated_at: Moment,
    #[serde(deserialize_with = "nullable")]
    pub resources: Vec<Resource<'a>>,
    pub package_vulnerability_details: Option<PackageVulnerability<'a>>,
    #[serde(alias = "scoreDetails", deserialize_with = "nullable")]
    pub inspector_score_details: ScoreDetails<'a>,
    pub exploit_available: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub exploitability_details: Exploitability,
    #[serde(deserialize_with = "nullable")]
    pub epss: Epss,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Exploitability {
    pub last_known_exploit_at: Moment,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Epss {
    pub score: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Resource<'a> {
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    pub id: Text<'a>,
    pub region: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub details: Details<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Details<'a> {
    pub aws_ecr_container_image: Option<ContainerImage<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct ContainerImage<'a> {
    pub architecture: Text<'a>,
    pub image_hash: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub image_tags: Vec<Text<'a>>,
    pub platform: Text<'a>,
    pub pushed_at: Moment,
    pub registry: Text<'a>,
    pub repository_name: Text<'a>,
    pub in_use_count: Number,
    pub last_in_use_at: Moment,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct PackageVulnerability<'a> {
    pub vulnerability_id: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub related_vulnerabilities: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub vulnerable_packages: Vec<Package<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub cvss: Vec<Cvss<'a>>,
    pub source_url: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub reference_urls: Vec<Text<'a>>,
    pub vendor_created_at: Moment,
    pub vendor_updated_at: Moment,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Package<'a> {
    pub name: Text<'a>,
    pub version: Text<'a>,
    pub epoch: Number,
    pub release: Text<'a>,
    pub package_manager: Text<'a>,
    pub file_path: Text<'a>,
    pub fixed_in_version: Text<'a>,
    pub source_layer_hash: Text<'a>,
    pub runtime_reachability: Text<'a>,
    pub runtime_reachability_reason: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Cvss<'a> {
    pub base_score: Number,
    pub scoring_vector: Text<'a>,
    pub source: Text<'a>,
}

/// The score that Inspector makes of the published one.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(crate) struct ScoreDetails<'a> {
    #[serde(rename = "adjustedCvss", alias = "cvss", deserialize_with = "nullable")]
    pub adjusted: AdjustedCvss<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct AdjustedCvss<'a> {
    #[serde(deserialize_with = "nullable")]
    pub adjustments: Vec<serde::de::IgnoredAny>,
    pub score: Number,
    pub scoring_vector: Text<'a>,
}
