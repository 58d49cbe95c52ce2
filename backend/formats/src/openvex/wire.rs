//! An OpenVEX document over its versions: vulnerabilities and products are strings in 0.0.x, objects
//! since 0.2.0, and tools mix them. Roles and notes nobody acts on are skipped.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use crate::json::{Text, nullable};

/// The document.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Document<'a> {
    #[serde(borrow)]
    pub(super) author: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) timestamp: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) last_updated: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) tooling: Option<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) statements: Vec<Statement<'a>>,
}

/// A statement.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Statement<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) vulnerability: Vulnerability<'a>,
    #[serde(borrow)]
    pub(super) timestamp: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) last_updated: Option<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) products: Vec<Product<'a>>,
    /// In 0.0.x, of all the products.
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) subcomponents: Vec<Product<'a>>,
    #[serde(borrow)]
    pub(super) status: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) justification: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) impact_statement: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) action_statement: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) status_notes: Option<Text<'a>>,
    /// Not in the specification, but in the tool's own samples.
    #[serde(borrow)]
    pub(super) statement: Option<Text<'a>>,
}

/// A vulnerability.
#[derive(Debug, Default)]
pub(super) struct Vulnerability<'a> {
    pub(super) id: Option<Text<'a>>,
    pub(super) name: Option<Text<'a>>,
    pub(super) aliases: Vec<Text<'a>>,
}

/// A product, or a component of one.
#[derive(Debug, Default)]
pub(super) struct Product<'a> {
    pub(super) id: Option<Text<'a>>,
    pub(super) identifiers: BTreeMap<String, Text<'a>>,
    pub(super) hashes: BTreeMap<String, Text<'a>>,
    pub(super) subcomponents: Vec<Product<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct VulnerabilityObject<'a> {
    #[serde(borrow, rename = "@id")]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    aliases: Vec<Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ProductObject<'a> {
    #[serde(borrow, rename = "@id")]
    id: Option<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    identifiers: BTreeMap<String, Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    hashes: BTreeMap<String, Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    subcomponents: Vec<Product<'a>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Vulnerability<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(VulnerabilityVisitor)
    }
}

struct VulnerabilityVisitor;

impl<'de> Visitor<'de> for VulnerabilityVisitor {
    type Value = Vulnerability<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a vulnerability as a string or an object")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Vulnerability { name: Some(Text(text.into())), ..Vulnerability::default() })
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Vulnerability { name: Some(Text(text.to_owned().into())), ..Vulnerability::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let object = VulnerabilityObject::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Vulnerability { id: object.id, name: object.name, aliases: object.aliases })
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Product<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ProductVisitor)
    }
}

struct ProductVisitor;

impl<'de> Visitor<'de> for ProductVisitor {
    type Value = Product<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a product as a string or an object")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Product { id: Some(Text(text.into())), ..Product::default() })
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Product { id: Some(Text(text.to_owned().into())), ..Product::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let ProductObject { id, identifiers, hashes, subcomponents } =
            ProductObject::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Product { id, identifiers, hashes, subcomponents })
    }
}
