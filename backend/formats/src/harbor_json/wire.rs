//! Harbor's report as its API and scanner adapters write it. Refuses to interpret; every field may be absent
//! or null. Text is borrowed from the document.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Number, Text, nullable, pairs};

/// Reports by media type; others than reports of vulnerabilities may stand beside them.
#[derive(Debug, Deserialize)]
#[serde(transparent, bound(deserialize = "'de: 'a"))]
pub(super) struct Answer<'a> {
    #[serde(deserialize_with = "pairs")]
    pub reports: Vec<(Text<'a>, Option<Report<'a>>)>,
}

impl<'a> Answer<'a> {
    /// The reports of vulnerabilities, and the media types of what else there is.
    pub(super) fn sorted(&self) -> (Vec<(&str, &Report<'a>)>, Vec<&str>) {
        let (mut reports, mut others) = (Vec::new(), Vec::new());
        for (media_type, report) in &self.reports {
            match report {
                Some(report) if is_report(media_type) => reports.push((&**media_type, report)),
                _ => others.push(&**media_type),
            }
        }
        (reports, others)
    }
}

/// Whether a media type is one of a report of vulnerabilities, of Harbor's own or of an adapter's layout.
pub(super) fn is_report(media_type: &str) -> bool {
    media_type.starts_with("application/vnd.security.vulnerability.report")
        || media_type.starts_with("application/vnd.scanner.adapter.vuln.report")
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    pub generated_at: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub scanner: Scanner<'a>,
    #[serde(deserialize_with = "nullable")]
    pub vulnerabilities: Vec<Item<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Scanner<'a> {
    pub name: Text<'a>,
    pub version: Text<'a>,
}

/// A vulnerability of a package.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Item<'a> {
    pub id: Text<'a>,
    pub package: Text<'a>,
    pub version: Text<'a>,
    pub fix_version: Text<'a>,
    pub severity: Text<'a>,
    pub description: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub links: Vec<Text<'a>>,
    /// Artifacts of an index that have it.
    #[serde(deserialize_with = "nullable")]
    pub artifact_digests: Vec<Text<'a>>,
    /// Its one artifact, before Harbor 2.3.
    pub artifact_digest: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub preferred_cvss: PreferredCvss<'a>,
    #[serde(deserialize_with = "nullable")]
    pub cwe_ids: Vec<Text<'a>>,
    /// Whatever the scanner adds.
    pub vendor_attributes: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct PreferredCvss<'a> {
    pub score_v3: Number,
    pub vector_v3: Text<'a>,
    pub score_v2: Number,
    pub vector_v2: Text<'a>,
}

/// What Trivy's adapter adds.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Attributes<'a> {
    #[serde(rename = "CVSS", deserialize_with = "pairs")]
    pub cvss: Vec<(Text<'a>, Cvss<'a>)>,
}

/// Scores of one source.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Cvss<'a> {
    #[serde(rename = "V2Vector")]
    pub v2_vector: Text<'a>,
    #[serde(rename = "V3Vector")]
    pub v3_vector: Text<'a>,
    #[serde(rename = "V40Vector")]
    pub v4_vector: Text<'a>,
    #[serde(rename = "V2Score")]
    pub v2_score: Number,
    #[serde(rename = "V3Score")]
    pub v3_score: Number,
    #[serde(rename = "V40Score")]
    pub v4_score: Number,
}
