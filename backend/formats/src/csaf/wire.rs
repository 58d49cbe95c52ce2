//! A CSAF document as its JSON schemas write it, as far as it is used. Refuses to interpret; every field may be
//! absent.

use serde::Deserialize;

use crate::json::{Text, nullable, pairs};

/// The document.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Csaf<'a> {
    #[serde(deserialize_with = "nullable")]
    pub(super) document: Heading<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) product_tree: Tree<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) vulnerabilities: Vec<Vulnerability<'a>>,
}

/// What is said of the document.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Heading<'a> {
    pub(super) category: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) publisher: Named<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) tracking: Tracking<'a>,
}

/// A publisher, or the program that made the document.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Named<'a> {
    pub(super) name: Text<'a>,
    pub(super) version: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Tracking<'a> {
    pub(super) status: Text<'a>,
    pub(super) initial_release_date: Text<'a>,
    pub(super) current_release_date: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) generator: Generator<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Generator<'a> {
    #[serde(deserialize_with = "nullable")]
    pub(super) engine: Named<'a>,
}

/// All products, those that are parts of others too.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Tree<'a> {
    #[serde(deserialize_with = "nullable")]
    pub(super) branches: Vec<Branch<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) full_product_names: Vec<Product<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) relationships: Vec<Relationship<'a>>,
    /// What relationships are since 2.1.
    #[serde(deserialize_with = "nullable")]
    pub(super) product_paths: Vec<ProductPath<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) product_groups: Vec<Group<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Branch<'a> {
    #[serde(deserialize_with = "nullable")]
    pub(super) branches: Vec<Branch<'a>>,
    pub(super) product: Option<Product<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Product<'a> {
    pub(super) product_id: Text<'a>,
    pub(super) name: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) product_identification_helper: Helper<'a>,
}

/// Names of a product in other schemes.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Helper<'a> {
    pub(super) purl: Text<'a>,
    /// Since 2.1.
    #[serde(deserialize_with = "nullable")]
    pub(super) purls: Vec<Text<'a>>,
    pub(super) cpe: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Relationship<'a> {
    pub(super) product_reference: Text<'a>,
    pub(super) relates_to_product_reference: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) full_product_name: Product<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct ProductPath<'a> {
    pub(super) beginning_product_reference: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) subpaths: Vec<Subpath<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) full_product_name: Product<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Subpath<'a> {
    pub(super) next_product_reference: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Group<'a> {
    pub(super) group_id: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) product_ids: Vec<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    pub(super) cve: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) ids: Vec<Id<'a>>,
    #[serde(deserialize_with = "pairs")]
    pub(super) product_status: Vec<(Text<'a>, Vec<Text<'a>>)>,
    #[serde(deserialize_with = "nullable")]
    pub(super) flags: Vec<Said<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) threats: Vec<Said<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) remediations: Vec<Said<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Id<'a> {
    pub(super) text: Text<'a>,
}

/// A flag, threat or remediation: a word or prose about some products.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Said<'a> {
    pub(super) label: Text<'a>,
    pub(super) category: Text<'a>,
    pub(super) details: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) product_ids: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) group_ids: Vec<Text<'a>>,
}
