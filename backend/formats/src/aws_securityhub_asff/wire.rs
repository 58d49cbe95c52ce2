//! A finding in the AWS Security Finding Format. Refuses to interpret; every field may be absent. Text
//! is borrowed from the document.

use serde::Deserialize;

use crate::aws::Moment;
use crate::json::{Number, Text, nullable, pairs};

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Finding<'a> {
    pub product_arn: Text<'a>,
    pub product_name: Text<'a>,
    pub generator_id: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub types: Vec<Text<'a>>,
    pub last_observed_at: Moment,
    pub created_at: Moment,
    pub updated_at: Moment,
    #[serde(deserialize_with = "nullable")]
    pub severity: Severity<'a>,
    pub title: Text<'a>,
    pub description: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub remediation: Remediation<'a>,
    #[serde(deserialize_with = "pairs")]
    pub product_fields: Vec<(Text<'a>, Text<'a>)>,
    #[serde(deserialize_with = "nullable")]
    pub resources: Vec<Resource<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub workflow: Workflow<'a>,
    pub record_state: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub note: Note<'a>,
    #[serde(deserialize_with = "nullable")]
    pub vulnerabilities: Vec<Vulnerability<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Severity<'a> {
    pub label: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Remediation<'a> {
    #[serde(deserialize_with = "nullable")]
    pub recommendation: Recommendation<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Recommendation<'a> {
    pub url: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Workflow<'a> {
    pub status: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Note<'a> {
    pub text: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Resource<'a> {
    #[serde(rename = "Type")]
    pub kind: Text<'a>,
    pub id: Text<'a>,
    pub region: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub details: Details<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Details<'a> {
    pub aws_ecr_container_image: Option<EcrImage<'a>>,
    pub container: Option<Container<'a>>,
    #[serde(deserialize_with = "pairs")]
    pub other: Vec<(Text<'a>, Text<'a>)>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct EcrImage<'a> {
    pub registry_id: Text<'a>,
    pub repository_name: Text<'a>,
    pub architecture: Text<'a>,
    pub image_digest: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub image_tags: Vec<Text<'a>>,
    pub image_published_at: Moment,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Container<'a> {
    pub image_id: Text<'a>,
    pub image_name: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    pub id: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub vulnerable_packages: Vec<Package<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub cvss: Vec<Cvss<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub related_vulnerabilities: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub vendor: Vendor<'a>,
    #[serde(deserialize_with = "nullable")]
    pub reference_urls: Vec<Text<'a>>,
    pub fix_available: Text<'a>,
    pub epss_score: Number,
    pub exploit_available: Text<'a>,
    pub last_known_exploit_at: Moment,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Package<'a> {
    pub name: Text<'a>,
    pub version: Text<'a>,
    pub epoch: Number,
    pub release: Text<'a>,
    pub package_manager: Text<'a>,
    pub file_path: Text<'a>,
    pub fixed_in_version: Text<'a>,
    pub source_layer_hash: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Cvss<'a> {
    pub base_score: Number,
    pub base_vector: Text<'a>,
    pub source: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vendor<'a> {
    pub url: Text<'a>,
    pub vendor_created_at: Moment,
    pub vendor_updated_at: Moment,
}

impl Finding<'_> {
    /// The product behind the finding: `aws/inspector`, `prowler/prowler`.
    pub(super) fn product(&self) -> &str {
        let product = self.product_arn.split_once(":product/").map(|(_, product)| product);
        product.or(self.product_name.filled()).unwrap_or("an unnamed product")
    }
}
