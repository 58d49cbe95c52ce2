//! ECR's answer as its API writes it. Refuses to interpret; every field may be absent. Text is borrowed
//! from the document.

use serde::Deserialize;

use crate::aws::Moment;
use crate::aws_inspector2::wire::Finding as EnhancedFinding;
use crate::json::{Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Answer<'a> {
    pub registry_id: Text<'a>,
    pub repository_name: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub image_id: ImageId<'a>,
    #[serde(deserialize_with = "nullable")]
    pub image_scan_status: Status<'a>,
    #[serde(deserialize_with = "nullable")]
    pub image_scan_findings: Findings<'a>,
    pub next_token: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct ImageId<'a> {
    pub image_digest: Text<'a>,
    pub image_tag: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Status<'a> {
    pub status: Text<'a>,
    pub description: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Findings<'a> {
    pub image_scan_completed_at: Moment,
    pub vulnerability_source_updated_at: Moment,
    #[serde(deserialize_with = "nullable")]
    pub findings: Vec<Finding<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub enhanced_findings: Vec<EnhancedFinding<'a>>,
}

/// A finding of basic scanning.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Finding<'a> {
    pub name: Text<'a>,
    pub description: Text<'a>,
    pub uri: Text<'a>,
    pub severity: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub attributes: Vec<Attribute<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Attribute<'a> {
    pub key: Text<'a>,
    pub value: Text<'a>,
}

impl Finding<'_> {
    /// The attribute of a key, if it says anything.
    pub(super) fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|attribute| &*attribute.key == key)?.value.filled()
    }
}
