//! A page as Defender for Endpoint writes it, under the names of its API; the export has others for some. Refuses to
//! interpret; every field may be absent or `null`.

use serde::Deserialize;

use crate::json::{Text, nullable};

/// A page.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Page<'a> {
    #[serde(rename = "value", deserialize_with = "nullable")]
    pub(super) rows: Vec<Row<'a>>,
    /// Where the list goes on.
    #[serde(rename = "@odata.nextLink")]
    pub(super) next_link: Text<'a>,
}

/// A vulnerability of a product on a machine.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Row<'a> {
    pub(super) cve_id: Text<'a>,
    #[serde(alias = "deviceId")]
    pub(super) machine_id: Text<'a>,
    /// Only the export names the machine.
    pub(super) device_name: Text<'a>,
    #[serde(alias = "softwareName")]
    pub(super) product_name: Text<'a>,
    #[serde(alias = "softwareVersion")]
    pub(super) product_version: Text<'a>,
    #[serde(alias = "vulnerabilitySeverityLevel")]
    pub(super) severity: Text<'a>,
    /// The update that fixes it: an article's number, or its name in the export.
    #[serde(alias = "recommendedSecurityUpdate")]
    pub(super) fixing_kb_id: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) disk_paths: Vec<Text<'a>>,
    /// `NoExploit`, `ExploitIsPublic`, `ExploitIsVerified`, `ExploitIsInKit`.
    pub(super) exploitability_level: Text<'a>,
    pub(super) last_seen_timestamp: Text<'a>,
}
