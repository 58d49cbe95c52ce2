//! Aqua's documents as it writes them, only the fields that are used. Refuses to interpret; every field may be
//! absent or null. Text is borrowed from the document.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::json::{Number, Text, nullable, pairs};

/// The result of a scan.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Scan<'a> {
    pub image: Text<'a>,
    pub pull_name: Text<'a>,
    /// The name under which Aqua knows the registry, often its address.
    pub registry: Text<'a>,
    /// The image's id, with or without its algorithm.
    pub digest: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub metadata: Metadata<'a>,
    pub os: Text<'a>,
    pub version: Text<'a>,
    /// `amd64::linux:`.
    pub scanned_image_platform: Text<'a>,
    pub scan_started: Option<Moment<'a>>,
    /// Seconds since 1970.
    pub data_date: Number,
    pub partial_results: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub scan_options: Options<'a>,
    #[serde(deserialize_with = "nullable")]
    pub resources: Vec<Scanned<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub malware: Vec<Malware<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub sensitive_data: Vec<Sensitive<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub image_assurance_results: Assurance<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Metadata<'a> {
    #[serde(deserialize_with = "nullable")]
    pub repo_digests: Vec<Text<'a>>,
}

/// Seconds since 1970 as an object, or a text.
#[derive(Debug, Deserialize)]
#[serde(untagged, bound(deserialize = "'de: 'a"))]
pub(super) enum Moment<'a> {
    Parts {
        #[serde(default)]
        seconds: Number,
    },
    Text(Text<'a>),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Options<'a> {
    pub scan_malware: Text<'a>,
    pub scan_sensitive_data: Text<'a>,
}

/// A package or file with what is known of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Scanned<'a> {
    #[serde(deserialize_with = "nullable")]
    pub resource: Resource<'a>,
    #[serde(deserialize_with = "nullable")]
    pub vulnerabilities: Vec<Vulnerability<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Resource<'a> {
    /// `deb`, `npm`, `java`.
    pub format: Text<'a>,
    pub name: Text<'a>,
    pub path: Text<'a>,
    pub version: Text<'a>,
    /// No CPE: `pkg:/debian:10:apt:1.8.2.2`.
    pub cpe: Text<'a>,
    pub src_name: Text<'a>,
    pub src_version: Text<'a>,
    pub license: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub licenses: Vec<Text<'a>>,
}

/// A vulnerability as a scan, a list or a page has it: each has other ones of these fields.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    pub name: Text<'a>,
    pub description: Text<'a>,
    #[serde(alias = "publishdate")]
    pub publish_date: Text<'a>,
    pub modification_date: Text<'a>,
    pub url: Text<'a>,
    pub nvd_url: Text<'a>,
    pub vendor_url: Text<'a>,
    pub fix_version: Text<'a>,
    pub severity: Text<'a>,
    pub aqua_severity: Text<'a>,
    pub vendor_severity: Text<'a>,
    pub vendor_severity_v3: Text<'a>,
    pub nvd_severity: Text<'a>,
    #[serde(alias = "nvd_cvss3_severity")]
    pub nvd_severity_v3: Text<'a>,
    #[serde(alias = "nvd_cvss2_score")]
    pub nvd_score: Number,
    #[serde(alias = "nvd_cvss2_vectors")]
    pub nvd_vectors: Text<'a>,
    #[serde(alias = "nvd_cvss3_score")]
    pub nvd_score_v3: Number,
    #[serde(alias = "nvd_cvss3_vectors")]
    pub nvd_vectors_v3: Text<'a>,
    pub vendor_score: Number,
    pub vendor_vectors: Text<'a>,
    pub vendor_score_v3: Number,
    pub vendor_vectors_v3: Text<'a>,
    pub acknowledged: Text<'a>,
    pub acknowledged_date: Text<'a>,
    /// What an advisory covers.
    #[serde(deserialize_with = "nullable")]
    pub referenced_vulnerabilities: Vec<Referenced<'a>>,
    pub cwe_info: Option<Weaknesses<'a>>,
    /// The source package.
    pub ancestor_pkg: Text<'a>,
    /// Of a list: the path or the package.
    pub file: Text<'a>,
    /// Of a page: what it is in, and the image.
    #[serde(deserialize_with = "nullable")]
    pub resource: Resource<'a>,
    pub registry: Text<'a>,
    pub image_name: Text<'a>,
    pub image_digest: Text<'a>,
    pub os: Text<'a>,
    pub os_version: Text<'a>,
    pub last_found_date: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Referenced<'a> {
    pub name: Text<'a>,
}

/// A list, or an empty object.
#[derive(Debug, Deserialize)]
#[serde(untagged, bound(deserialize = "'de: 'a"))]
pub(super) enum Weaknesses<'a> {
    List(Vec<Weakness<'a>>),
    Other(IgnoredAny),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Weakness<'a> {
    #[serde(rename = "Id")]
    pub id: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Malware<'a> {
    pub malware: Text<'a>,
    pub path: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Sensitive<'a> {
    pub filename: Text<'a>,
    pub path: Text<'a>,
    #[serde(rename = "type")]
    pub kind: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Assurance<'a> {
    #[serde(deserialize_with = "nullable")]
    pub checks_performed: Vec<Check<'a>>,
}

/// A control of a policy.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Check<'a> {
    pub control: Text<'a>,
    pub policy_name: Text<'a>,
    pub failed: Text<'a>,
}

/// The vulnerabilities of one image, by the first version of the API.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct List<'a> {
    /// `SCANNED` where it is done.
    pub status: Text<'a>,
    pub image_name: Text<'a>,
    pub registry: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub cves_counts: Counts,
    #[serde(deserialize_with = "nullable")]
    pub cves: Vec<Vulnerability<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Counts {
    pub total: Number,
}

/// Vulnerabilities of many images, by the second.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Page<'a> {
    pub count: Number,
    pub is_partial_data: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub result: Vec<Vulnerability<'a>>,
    #[serde(deserialize_with = "pairs")]
    pub query: Vec<(Text<'a>, Asked<'a>)>,
}

/// What was asked for.
#[derive(Debug, Deserialize)]
#[serde(untagged, bound(deserialize = "'de: 'a"))]
pub(super) enum Asked<'a> {
    Text(Text<'a>),
    Other(IgnoredAny),
}
