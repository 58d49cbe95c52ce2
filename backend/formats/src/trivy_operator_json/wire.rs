//! The operator's objects as it writes them (`aquasecurity.github.io/v1alpha1`), as far as they are used.
//! Refuses to interpret; every field may be absent. Text is borrowed from the document.

use serde::Deserialize;

use crate::cyclonedx_json::wire::Bom;
use crate::json::{Number, Text, nullable, pairs};
use crate::objects::{self, Metadata};
use crate::trivy_json::Cvss;

/// A report of any kind, or a list.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Object<'a> {
    pub kind: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub metadata: Metadata<'a>,
    pub report: Option<Report<'a>>,
    /// Of compliance reports alone.
    #[serde(deserialize_with = "nullable")]
    pub status: Status,
    pub items: Option<Vec<Object<'a>>>,
}

impl objects::Object for Object<'_> {
    fn kind(&self) -> &str {
        &self.kind
    }

    fn items(&self) -> Option<&[Self]> {
        self.items.as_deref()
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    pub update_timestamp: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub scanner: Scanner<'a>,
    #[serde(deserialize_with = "nullable")]
    pub registry: Registry<'a>,
    #[serde(deserialize_with = "nullable")]
    pub artifact: Artifact<'a>,
    #[serde(deserialize_with = "nullable")]
    pub os: OperatingSystem<'a>,
    #[serde(deserialize_with = "nullable")]
    pub vulnerabilities: Vec<Vulnerability<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub secrets: Vec<Secret<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub checks: Vec<Check>,
    /// A whole CycloneDX document.
    pub components: Option<Bom<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Scanner<'a> {
    pub version: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Registry<'a> {
    pub server: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Artifact<'a> {
    pub repository: Text<'a>,
    pub tag: Text<'a>,
    pub digest: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct OperatingSystem<'a> {
    pub family: Text<'a>,
    pub name: Text<'a>,
    pub eosl: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    #[serde(rename = "vulnerabilityID")]
    pub id: Text<'a>,
    /// The package's name.
    pub resource: Text<'a>,
    pub installed_version: Text<'a>,
    pub fixed_version: Text<'a>,
    pub published_date: Text<'a>,
    pub last_modified_date: Text<'a>,
    pub severity: Text<'a>,
    pub title: Text<'a>,
    pub description: Text<'a>,
    pub primary_link: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub links: Vec<Text<'a>>,
    #[serde(deserialize_with = "pairs")]
    pub cvss: Vec<(Text<'a>, Cvss<'a>)>,
    pub target: Text<'a>,
    pub class: Text<'a>,
    pub package_type: Text<'a>,
    pub package_path: Text<'a>,
    #[serde(rename = "packagePURL")]
    pub package_purl: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Secret<'a> {
    #[serde(rename = "ruleID")]
    pub rule: Text<'a>,
    pub target: Text<'a>,
    pub title: Text<'a>,
    pub severity: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Check {
    #[serde(deserialize_with = "nullable")]
    pub success: bool,
}

/// How a cluster keeps to a benchmark: in full, or as sums.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Status {
    #[serde(deserialize_with = "nullable")]
    pub detail_report: Detail,
    #[serde(deserialize_with = "nullable")]
    pub summary_report: Summary,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Detail {
    #[serde(deserialize_with = "nullable")]
    pub results: Vec<Control>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Control {
    #[serde(deserialize_with = "nullable")]
    pub checks: Vec<Check>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Summary {
    #[serde(deserialize_with = "nullable")]
    pub control_check: Vec<ControlSum>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ControlSum {
    pub total_fail: Number,
}
