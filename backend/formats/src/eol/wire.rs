//! What endoflife.date writes, old and new fields in one. Refuses to interpret; every field may be absent.

use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::json::{Text, nullable, pairs};

/// An answer, or the data of one product.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Document<'a> {
    pub(super) generated_at: Text<'a>,
    pub(super) result: Products<'a>,
    /// Of the data, by name.
    #[serde(deserialize_with = "pairs")]
    pub(super) releases: Vec<(Text<'a>, Release<'a>)>,
}

/// A product.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Product<'a> {
    pub(super) name: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) releases: Vec<Release<'a>>,
}

/// A release, which was a cycle before version 1.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Release<'a> {
    pub(super) name: Text<'a>,
    pub(super) cycle: Text<'a>,
    pub(super) release_date: Text<'a>,
    /// A day, or whether it has ended.
    pub(super) eol: Text<'a>,
    pub(super) is_eol: Text<'a>,
    pub(super) eol_from: Text<'a>,
    pub(super) eoes: Text<'a>,
    pub(super) eoes_from: Text<'a>,
    pub(super) extended_support: Text<'a>,
    /// A version, or an object with its name.
    pub(super) latest: Value,
}

impl<'a> Document<'a> {
    /// The cycles of a product that is not named.
    pub(super) fn of(releases: Vec<Release<'a>>) -> Self {
        let product = Product { name: Text::default(), releases };
        Self { result: Products(vec![product]), ..Self::default() }
    }
}

/// One product or several.
#[derive(Debug, Default)]
pub(super) struct Products<'a>(pub(super) Vec<Product<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Products<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ProductsVisitor).map(Products)
    }
}

struct ProductsVisitor;

impl<'de> Visitor<'de> for ProductsVisitor {
    type Value = Vec<Product<'de>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a product or a list of products")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut products = Vec::new();
        while let Some(product) = list.next_element()? {
            products.push(product);
        }
        Ok(products)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Ok(vec![Product::deserialize(MapAccessDeserializer::new(map))?])
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }
}
