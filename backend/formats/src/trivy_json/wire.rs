//! Trivy's report as Trivy writes it. Refuses to interpret; every field may be absent, since each
//! release adds some. Text is borrowed from the document.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Number, Text, nullable, pairs};

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    pub artifact_name: Text<'a>,
    pub artifact_type: Text<'a>,
    pub created_at: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub trivy: Program<'a>,
    #[serde(deserialize_with = "nullable")]
    pub metadata: Metadata<'a>,
    #[serde(deserialize_with = "nullable")]
    pub results: Vec<Outcome<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Program<'a> {
    pub version: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Metadata<'a> {
    pub size: Number,
    #[serde(rename = "OS", deserialize_with = "nullable")]
    pub os: OperatingSystem<'a>,
    #[serde(rename = "ImageID")]
    pub image_id: Text<'a>,
    #[serde(rename = "DiffIDs", deserialize_with = "nullable")]
    pub diff_ids: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub repo_tags: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub repo_digests: Vec<Text<'a>>,
    pub reference: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub image_config: ImageConfig<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct OperatingSystem<'a> {
    pub family: Text<'a>,
    pub name: Text<'a>,
    #[serde(rename = "EOSL")]
    pub eosl: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct ImageConfig<'a> {
    pub architecture: Text<'a>,
    pub os: Text<'a>,
    pub variant: Text<'a>,
    pub created: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub config: RunConfig<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct RunConfig<'a> {
    #[serde(deserialize_with = "nullable")]
    pub labels: BTreeMap<String, Text<'a>>,
}

/// One result: what was found in one target of the artifact.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Outcome<'a> {
    pub target: Text<'a>,
    pub class: Text<'a>,
    #[serde(rename = "Type")]
    pub kind: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub packages: Vec<Package<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub vulnerabilities: Vec<Vulnerability<'a>>,
    pub misconf_summary: Option<serde::de::IgnoredAny>,
    #[serde(deserialize_with = "nullable")]
    pub misconfigurations: Vec<Misconfiguration<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub secrets: Vec<Secret<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub licenses: Vec<Licence<'a>>,
    #[serde(rename = "ExperimentalModifiedFindings", deserialize_with = "nullable")]
    pub modified: Vec<Modified<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Package<'a> {
    #[serde(rename = "ID")]
    pub id: Text<'a>,
    pub name: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub identifier: Identifier<'a>,
    pub version: Text<'a>,
    pub release: Text<'a>,
    pub epoch: Number,
    pub src_name: Text<'a>,
    pub src_version: Text<'a>,
    pub src_release: Text<'a>,
    pub src_epoch: Number,
    #[serde(deserialize_with = "nullable")]
    pub licenses: Vec<Text<'a>>,
    pub file_path: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Identifier<'a> {
    #[serde(rename = "PURL")]
    pub purl: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    #[serde(rename = "VulnerabilityID")]
    pub id: Text<'a>,
    #[serde(rename = "VendorIDs", deserialize_with = "nullable")]
    pub vendor_ids: Vec<Text<'a>>,
    #[serde(rename = "PkgID")]
    pub package_id: Text<'a>,
    #[serde(rename = "PkgName")]
    pub package: Text<'a>,
    #[serde(rename = "PkgPath")]
    pub path: Text<'a>,
    #[serde(rename = "PkgIdentifier", deserialize_with = "nullable")]
    pub identifier: Identifier<'a>,
    pub installed_version: Text<'a>,
    pub fixed_version: Text<'a>,
    pub status: Text<'a>,
    pub severity: Text<'a>,
    #[serde(rename = "PrimaryURL")]
    pub primary_url: Text<'a>,
    pub title: Text<'a>,
    pub description: Text<'a>,
    #[serde(rename = "CweIDs", deserialize_with = "nullable")]
    pub weaknesses: Vec<Text<'a>>,
    #[serde(rename = "CVSS", deserialize_with = "pairs")]
    pub cvss: Vec<(Text<'a>, Cvss<'a>)>,
    #[serde(deserialize_with = "nullable")]
    pub references: Vec<Text<'a>>,
    pub published_date: Text<'a>,
    pub last_modified_date: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Cvss<'a> {
    #[serde(rename = "V2Vector")]
    pub v2_vector: Text<'a>,
    #[serde(rename = "V2Score")]
    pub v2_score: Number,
    #[serde(rename = "V3Vector")]
    pub v3_vector: Text<'a>,
    #[serde(rename = "V3Score")]
    pub v3_score: Number,
    #[serde(rename = "V40Vector")]
    pub v4_vector: Text<'a>,
    #[serde(rename = "V40Score")]
    pub v4_score: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Misconfiguration<'a> {
    #[serde(rename = "ID")]
    pub id: Text<'a>,
    #[serde(rename = "AVDID")]
    pub avd_id: Text<'a>,
    pub title: Text<'a>,
    pub severity: Text<'a>,
    pub status: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub cause_metadata: Cause<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Cause<'a> {
    pub resource: Text<'a>,
    pub start_line: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Secret<'a> {
    #[serde(rename = "RuleID")]
    pub rule: Text<'a>,
    pub severity: Text<'a>,
    pub title: Text<'a>,
    pub start_line: Number,
    #[serde(deserialize_with = "nullable")]
    pub layer: Layer<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Layer<'a> {
    pub digest: Text<'a>,
    #[serde(rename = "DiffID")]
    pub diff_id: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Licence<'a> {
    pub severity: Text<'a>,
    pub category: Text<'a>,
    #[serde(rename = "PkgName")]
    pub package: Text<'a>,
    pub file_path: Text<'a>,
    pub name: Text<'a>,
    pub text: Text<'a>,
}

/// A finding that an ignore file or a VEX document set aside; its shape depends on `kind`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Modified<'a> {
    #[serde(rename = "Type")]
    pub kind: Text<'a>,
    pub status: Text<'a>,
    pub statement: Text<'a>,
    pub source: Text<'a>,
    pub finding: Option<&'a RawValue>,
}
