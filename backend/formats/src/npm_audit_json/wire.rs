//! npm audit's reports as npm writes them, as far as they are used. Refuses to interpret; every field may be absent.

use serde::Deserialize;
use serde_json::Value;

use crate::json::{Number, Text, nullable, pairs};

/// The report since npm 7: vulnerable packages by name.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    #[serde(deserialize_with = "pairs")]
    pub(super) vulnerabilities: Vec<(Text<'a>, Package<'a>)>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Package<'a> {
    /// Advisories, and names of other packages through which it is vulnerable.
    #[serde(deserialize_with = "nullable")]
    pub(super) via: Vec<Value>,
    /// Where it is installed.
    #[serde(deserialize_with = "nullable")]
    pub(super) nodes: Vec<Text<'a>>,
    /// Whether there is a fix, or the package whose update brings it.
    pub(super) fix_available: Value,
}

/// The report before npm 7.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Old<'a> {
    #[serde(deserialize_with = "pairs")]
    pub(super) advisories: Vec<(Text<'a>, Advisory<'a>)>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Advisory<'a> {
    pub(super) module_name: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) findings: Vec<Found<'a>>,
    pub(super) github_advisory_id: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) cves: Vec<Text<'a>>,
    pub(super) title: Text<'a>,
    pub(super) overview: Text<'a>,
    pub(super) severity: Text<'a>,
    pub(super) url: Text<'a>,
    /// One id, or several.
    pub(super) cwe: Value,
    #[serde(deserialize_with = "nullable")]
    pub(super) cvss: Cvss<'a>,
    pub(super) patched_versions: Text<'a>,
}

/// A version that is installed, and by which ways.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Found<'a> {
    pub(super) version: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) paths: Vec<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Cvss<'a> {
    pub(super) score: Number,
    pub(super) vector_string: Text<'a>,
}
