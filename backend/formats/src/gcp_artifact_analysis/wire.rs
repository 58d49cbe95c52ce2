//! An occurrence as Grafeas writes it in JSON. Refuses to interpret; every field may be absent. Text is borrowed
//! from the document.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::json::{Number, Text, nullable, pairs};

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Page<'a> {
    #[serde(deserialize_with = "nullable")]
    pub(super) occurrences: Vec<Occurrence<'a>>,
    pub(super) next_page_token: Text<'a>,
}

/// What gcloud says of one image.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Description<'a> {
    #[serde(deserialize_with = "nullable")]
    discovery_summary: Discovered<'a>,
    #[serde(deserialize_with = "nullable")]
    package_vulnerability_summary: Found<'a>,
    #[serde(deserialize_with = "nullable")]
    image_summary: Summary<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Summary<'a> {
    digest: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Discovered<'a> {
    #[serde(deserialize_with = "nullable")]
    discovery: Vec<Occurrence<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Found<'a> {
    /// By severity.
    #[serde(deserialize_with = "pairs")]
    vulnerabilities: Vec<(Text<'a>, Vec<Occurrence<'a>>)>,
}

impl<'a> Description<'a> {
    /// The image's digest and everything said about it.
    pub(super) fn into_occurrences(self) -> (Text<'a>, Vec<Occurrence<'a>>) {
        let found =
            self.package_vulnerability_summary.vulnerabilities.into_iter().flat_map(|(_, found)| found);
        let all = self.discovery_summary.discovery.into_iter().chain(found).collect();
        (self.image_summary.digest, all)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Occurrence<'a> {
    /// `VULNERABILITY`, `DISCOVERY`, `ATTESTATION`, `DSSE_ATTESTATION`, `SBOM_REFERENCE`.
    pub(super) kind: Text<'a>,
    /// `https://europe-west1-docker.pkg.dev/…@sha256:…`.
    pub(super) resource_uri: Text<'a>,
    /// `projects/goog-vulnz/notes/CVE-…`.
    pub(super) note_name: Text<'a>,
    pub(super) update_time: Text<'a>,
    pub(super) vulnerability: Option<Vulnerability<'a>>,
    pub(super) discovery: Option<Discovery<'a>>,
    pub(super) attestation: Option<Attestation>,
    pub(super) dsse_attestation: Option<DsseAttestation<'a>>,
    pub(super) sbom_reference: Option<SbomReference<'a>>,
}

/// A payload that somebody signed, such as that of Binary Authorization.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Attestation {
    #[serde(deserialize_with = "nullable")]
    pub(super) signatures: Vec<IgnoredAny>,
}

/// A statement in an envelope.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct DsseAttestation<'a> {
    #[serde(deserialize_with = "nullable")]
    pub(super) envelope: Attestation,
    #[serde(deserialize_with = "nullable")]
    pub(super) statement: Statement<'a>,
}

/// Where a bill of materials lies, as a statement.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct SbomReference<'a> {
    #[serde(deserialize_with = "nullable")]
    pub(super) payload: Statement<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) signatures: Vec<IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Statement<'a> {
    pub(super) predicate_type: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Discovery<'a> {
    /// `ACTIVE`, `INACTIVE`.
    pub(super) continuous_analysis: Text<'a>,
    /// `FINISHED_SUCCESS`, `FINISHED_FAILED`, `FINISHED_UNSUPPORTED`, `PENDING`, `SCANNING`.
    pub(super) analysis_status: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) analysis_status_error: Status<'a>,
    pub(super) last_scan_time: Text<'a>,
    /// The distribution: `cpe:/o:debian:debian_linux:12`.
    pub(super) cpe: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Status<'a> {
    pub(super) message: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    /// By the score.
    pub(super) severity: Text<'a>,
    /// By the distribution, where it says one.
    pub(super) effective_severity: Text<'a>,
    pub(super) cvss_score: Number,
    pub(super) cvssv3: Option<Cvss<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) package_issue: Vec<Issue<'a>>,
    pub(super) short_description: Text<'a>,
    pub(super) long_description: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) related_urls: Vec<Related<'a>>,
    pub(super) vex_assessment: Option<Assessment<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Cvss<'a> {
    pub(crate) base_score: Number,
    pub(crate) attack_vector: Text<'a>,
    pub(crate) attack_complexity: Text<'a>,
    pub(crate) privileges_required: Text<'a>,
    pub(crate) user_interaction: Text<'a>,
    pub(crate) scope: Text<'a>,
    pub(crate) confidentiality_impact: Text<'a>,
    pub(crate) integrity_impact: Text<'a>,
    pub(crate) availability_impact: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Issue<'a> {
    pub(super) affected_cpe_uri: Text<'a>,
    pub(super) affected_package: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) affected_version: Version<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) fixed_version: Version<'a>,
    /// `OS`, `GO`, `GO_STDLIB`, `MAVEN`, `NPM`, `PYPI`, `RUBYGEMS`…
    pub(super) package_type: Text<'a>,
    pub(super) fix_available: Option<bool>,
    pub(super) effective_severity: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) file_location: Vec<Location<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Version<'a> {
    /// Epoch, version and revision in one text.
    pub(super) full_name: Text<'a>,
    pub(super) name: Text<'a>,
    pub(super) revision: Text<'a>,
    pub(super) epoch: Number,
    /// `NORMAL`; `MAXIMUM` where there is no fix.
    pub(super) kind: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Location<'a> {
    pub(super) file_path: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Related<'a> {
    pub(super) url: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Assessment<'a> {
    /// `NOT_AFFECTED`, `AFFECTED`, `FIXED`, `UNDER_INVESTIGATION`.
    pub(super) state: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) justification: Justification<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Justification<'a> {
    pub(super) justification_type: Text<'a>,
}
