//! An SPDX 2 document as its JSON schema writes it, as far as it is used, with the tag-value names some
//! converters leave in. Files, snippets and all relationships but `DESCRIBES` are dropped while reading.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

use crate::json::{Text, nullable};

/// The document.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Document<'a> {
    /// `SPDXVersion` in documents made from tag-value text, which then name packages so too.
    #[serde(borrow, rename = "SPDXVersion")]
    pub(crate) tag_value_version: Option<Text<'a>>,
    #[serde(borrow, alias = "DocumentName")]
    pub(crate) name: Option<Text<'a>>,
    #[serde(borrow, alias = "DocumentNamespace")]
    pub(crate) document_namespace: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) comment: Option<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) creation_info: CreationInfo<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) document_describes: Vec<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) packages: Vec<Package<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) relationships: Described<'a>,
}

/// Who made it and when.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CreationInfo<'a> {
    #[serde(borrow)]
    pub(crate) created: Option<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) creators: Vec<Text<'a>>,
}

/// A package.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Package<'a> {
    #[serde(borrow, rename = "SPDXID")]
    pub(crate) id: Option<Text<'a>>,
    #[serde(borrow, alias = "PackageName")]
    pub(crate) name: Option<Text<'a>>,
    #[serde(borrow, alias = "PackageVersion")]
    pub(crate) version_info: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) license_concluded: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) license_declared: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) source_info: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) primary_package_purpose: Option<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) external_refs: Vec<ExternalRef<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) checksums: Vec<Checksum<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) annotations: Vec<Annotation<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) attribution_texts: Vec<Text<'a>>,
}

/// A name in another scheme: a purl, a CPE.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ExternalRef<'a> {
    #[serde(borrow)]
    pub(crate) reference_type: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) reference_locator: Option<Text<'a>>,
}

/// A checksum.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Checksum<'a> {
    #[serde(borrow)]
    pub(crate) algorithm: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) checksum_value: Option<Text<'a>>,
}

/// A remark, into which Trivy puts its own fields.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Annotation<'a> {
    #[serde(borrow)]
    pub(crate) comment: Option<Text<'a>>,
}

/// The ids that the document is related to as their description.
#[derive(Debug, Default)]
pub(crate) struct Described<'a>(pub(crate) Vec<Text<'a>>);

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Relationship<'a> {
    #[serde(borrow)]
    spdx_element_id: Option<Text<'a>>,
    #[serde(borrow)]
    related_spdx_element: Option<Text<'a>>,
    #[serde(borrow)]
    relationship_type: Option<Text<'a>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Described<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(DescribedVisitor).map(Described)
    }
}

struct DescribedVisitor;

impl<'de> Visitor<'de> for DescribedVisitor {
    type Value = Vec<Text<'de>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of relationships")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut described = Vec::new();
        while let Some(relationship) = list.next_element::<Relationship<'de>>()? {
            match relationship.relationship_type.as_deref() {
                Some("DESCRIBES") => described.extend(relationship.related_spdx_element),
                Some("DESCRIBED_BY") => described.extend(relationship.spdx_element_id),
                _ => {}
            }
        }
        Ok(described)
    }
}
