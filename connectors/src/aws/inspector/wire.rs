//! A page of findings, of which only the image is read: the findings stay as they came. Refuses nothing;
//! every field may be absent.

use serde::Deserialize;
use serde_json::value::RawValue;

/// An answer of ListFindings.
#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub(super) struct Page<'a> {
    #[serde(default, borrow)]
    pub(super) findings: Vec<&'a RawValue>,
}

/// What tells a finding's image.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Finding {
    pub(super) resources: Vec<Resource>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Resource {
    /// The image's ARN.
    pub(super) id: String,
    pub(super) details: Details,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Details {
    pub(super) aws_ecr_container_image: ContainerImage,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ContainerImage {
    pub(super) pushed_at: Option<Box<RawValue>>,
}
