//! Anchore's answers as it writes them: Engine in snake case, Enterprise since version 5 in camel case. Refuses to
//! interpret; every field may be absent, and where Engine knows nothing it writes `None`. Text is borrowed from
//! the document.

use serde::Deserialize;

use crate::json::{Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    #[serde(alias = "image_digest")]
    pub image_digest: Text<'a>,
    /// Which packages were asked for: `os`, `non-os` or `all`.
    #[serde(alias = "vulnerability_type")]
    pub vulnerability_type: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub vulnerabilities: Vec<Item<'a>>,
}

/// A vulnerability in a package.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Item<'a> {
    /// Only in lists, and not in all of them.
    #[serde(alias = "image_digest")]
    pub image_digest: Text<'a>,
    pub vuln: Text<'a>,
    pub severity: Text<'a>,
    pub url: Text<'a>,
    pub description: Text<'a>,
    /// One version or several between commas.
    pub fix: Text<'a>,
    #[serde(alias = "will_not_fix")]
    pub will_not_fix: Text<'a>,
    /// `debian:9`, `debian:distro:debian:9`, `github:language:python`, `nvdv2:cves`.
    #[serde(alias = "feed_group")]
    pub feed_group: Text<'a>,
    #[serde(alias = "package_name")]
    pub package_name: Text<'a>,
    #[serde(alias = "package_version")]
    pub package_version: Text<'a>,
    #[serde(alias = "package_type")]
    pub package_type: Text<'a>,
    #[serde(alias = "package_path")]
    pub package_path: Text<'a>,
    #[serde(alias = "nvd_data", deserialize_with = "nullable")]
    pub nvd_data: Vec<Related<'a>>,
}

/// What the NVD says of it, of which only the ids matter: there are scores without vectors.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Related<'a> {
    pub id: Text<'a>,
}
