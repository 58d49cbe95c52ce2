//! Elements of an SPDX 3 graph, all kinds in one: a graph mixes them. Only the fields that are used.
//! Refuses to follow references.

use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use crate::json::{Text, nullable};

/// An element, or the document around the graph.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Element<'a> {
    #[serde(rename = "@graph")]
    pub(super) graph: Option<Vec<Element<'a>>>,
    #[serde(rename = "type")]
    pub(super) kind: Text<'a>,
    #[serde(rename = "@type")]
    pub(super) node_kind: Text<'a>,
    pub(super) spdx_id: Text<'a>,
    #[serde(rename = "@id")]
    pub(super) node: Text<'a>,
    pub(super) name: Text<'a>,
    /// Of what made the document.
    pub(super) created: Text<'a>,
    pub(super) created_using: Ids<'a>,
    pub(super) created_by: Ids<'a>,
    /// Of documents and bills.
    pub(super) root_element: Ids<'a>,
    /// Of relationships.
    pub(super) from: Ids<'a>,
    pub(super) to: Ids<'a>,
    pub(super) relationship_type: Text<'a>,
    /// Of annotations.
    pub(super) subject: Ids<'a>,
    pub(super) statement: Text<'a>,
    /// Of licence expressions.
    #[serde(rename = "simplelicensing_licenseExpression")]
    pub(super) licence: Text<'a>,
    /// Of packages.
    #[serde(rename = "software_packageVersion")]
    pub(super) version: Text<'a>,
    #[serde(rename = "software_packageUrl")]
    pub(super) purl: Text<'a>,
    #[serde(rename = "software_primaryPurpose")]
    pub(super) purpose: Text<'a>,
    #[serde(rename = "software_sourceInfo")]
    pub(super) source: Text<'a>,
    #[serde(rename = "software_attributionText", deserialize_with = "nullable")]
    pub(super) attributions: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) external_identifier: Vec<Identifier<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) verified_using: Vec<Hash<'a>>,
}

/// A name in another scheme.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Identifier<'a> {
    pub(super) identifier: Text<'a>,
}

/// A checksum.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Hash<'a> {
    pub(super) algorithm: Text<'a>,
    pub(super) hash_value: Text<'a>,
}

impl Element<'_> {
    /// What others refer to it by.
    pub(super) fn id(&self) -> &str {
        self.spdx_id.filled().unwrap_or(&self.node)
    }

    /// Its class: `software_Package`.
    pub(super) fn kind(&self) -> &str {
        self.kind.filled().unwrap_or(&self.node_kind)
    }
}

/// Ids of other elements: one or many, each alone or with the element in its place.
#[derive(Debug, Default)]
pub(super) struct Ids<'a>(pub(super) Vec<Text<'a>>);

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
struct Inlined<'a> {
    spdx_id: Text<'a>,
    #[serde(rename = "@id")]
    node: Text<'a>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Ids<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IdsVisitor).map(Ids)
    }
}

struct IdsVisitor;

impl<'de> Visitor<'de> for IdsVisitor {
    type Value = Vec<Text<'de>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ids of elements")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(vec![Text(text.into())])
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(vec![Text(text.to_owned().into())])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut ids = Vec::new();
        while let Some(inner) = list.next_element::<Ids<'de>>()? {
            ids.extend(inner.0);
        }
        Ok(ids)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let Inlined { spdx_id, node } = Inlined::deserialize(MapAccessDeserializer::new(map))?;
        Ok(vec![if spdx_id.is_empty() { node } else { spdx_id }])
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }
}
