//! The reports of klar and of clair-scanner as they write them. Refuses to interpret; every field may be absent
//! or null. Text is borrowed from the document.

use serde::Deserialize;

use crate::json::{Text, nullable, pairs};

/// Clair's words for severities before v4, by which klar groups.
pub(super) const SEVERITIES: [&str; 7] =
    ["Unknown", "Negligible", "Low", "Medium", "High", "Critical", "Defcon1"];

/// klar's report.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Klar<'a> {
    /// By severity.
    #[serde(rename = "Vulnerabilities", deserialize_with = "pairs")]
    pub vulnerabilities: Vec<(Text<'a>, Option<Vec<Vulnerability<'a>>>)>,
}

/// clair-scanner's report.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Scanner<'a> {
    pub image: Text<'a>,
    /// Ids that no list of exceptions names.
    #[serde(deserialize_with = "nullable")]
    pub unapproved: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub vulnerabilities: Vec<Vulnerability<'a>>,
}

/// A vulnerability of a package, in klar's spelling; in clair-scanner's it is all small.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    #[serde(rename = "Name", alias = "vulnerability")]
    pub name: Text<'a>,
    #[serde(rename = "NamespaceName", alias = "namespace")]
    pub namespace: Text<'a>,
    #[serde(rename = "Description", alias = "description")]
    pub description: Text<'a>,
    #[serde(rename = "Link", alias = "link")]
    pub link: Text<'a>,
    #[serde(rename = "Severity", alias = "severity")]
    pub severity: Text<'a>,
    #[serde(rename = "FixedBy", alias = "fixedby")]
    pub fixed_by: Text<'a>,
    #[serde(rename = "FeatureName", alias = "featurename")]
    pub feature_name: Text<'a>,
    #[serde(rename = "FeatureVersion", alias = "featureversion")]
    pub feature_version: Text<'a>,
}
