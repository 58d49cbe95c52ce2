//! The result as Sysdig writes it, only the fields that are used. Refuses to interpret; every field may be
//! absent or null. Text is borrowed from the document.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::json::{Number, Text, nullable, pairs};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Report<'a> {
    #[serde(deserialize_with = "nullable")]
    pub info: Info<'a>,
    #[serde(deserialize_with = "nullable")]
    pub scanner: Scanner<'a>,
    #[serde(deserialize_with = "nullable")]
    pub result: Outcome<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Info<'a> {
    pub scan_time: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Scanner<'a> {
    pub version: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Outcome<'a> {
    #[serde(deserialize_with = "nullable")]
    pub metadata: Metadata<'a>,
    #[serde(deserialize_with = "nullable")]
    pub producer: Producer<'a>,
    /// Packages, by the names that nothing here refers to.
    #[serde(deserialize_with = "keyed")]
    pub packages: Vec<(Text<'a>, Package<'a>)>,
    /// Vulnerabilities that packages refer to.
    #[serde(deserialize_with = "keyed")]
    pub vulnerabilities: Vec<(Text<'a>, Vulnerability<'a>)>,
    #[serde(deserialize_with = "pairs")]
    pub risk_accepts: Vec<(Text<'a>, Acceptance<'a>)>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Producer<'a> {
    pub produced_at: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Metadata<'a> {
    pub pull_string: Text<'a>,
    pub image_id: Text<'a>,
    pub digest: Text<'a>,
    /// `debian 12.9`.
    pub base_os: Text<'a>,
    pub os: Text<'a>,
    pub architecture: Text<'a>,
    pub created_at: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Package<'a> {
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    pub name: Text<'a>,
    pub version: Text<'a>,
    pub path: Text<'a>,
    pub is_running: Text<'a>,
    pub is_removed: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub vulns: Vec<Vulnerability<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub vulnerabilities_refs: Vec<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vulnerability<'a> {
    pub name: Text<'a>,
    pub severity: Option<Rated<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub cvss_score: Cvss<'a>,
    pub disclosure_date: Text<'a>,
    pub exploitable: Text<'a>,
    #[serde(alias = "fixVersion")]
    pub fixed_in_version: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub risk_accept_refs: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub accepted_risks: Vec<IgnoredAny>,
}

/// A word, or one with its source in the first layout.
#[derive(Debug, Deserialize)]
#[serde(untagged, bound(deserialize = "'de: 'a"))]
pub(super) enum Rated<'a> {
    Word(Text<'a>),
    Sourced {
        #[serde(default)]
        value: Text<'a>,
    },
}

/// A score, with its source around it in the first layout.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Cvss<'a> {
    pub score: Number,
    pub vector: Text<'a>,
    pub value: Option<Score<'a>>,
    pub source_name: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Score<'a> {
    pub score: Number,
    pub vector: Text<'a>,
}

/// Why a risk is accepted, and whether it still is.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Acceptance<'a> {
    pub reason: Text<'a>,
    pub status: Text<'a>,
}

/// An object as a list of its members with their keys, or a list, whose keys are the default.
fn keyed<'de, D, K, V>(deserializer: D) -> Result<Vec<(K, V)>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de> + Default,
    V: Deserialize<'de>,
{
    deserializer.deserialize_any(KeyedVisitor(PhantomData))
}

struct KeyedVisitor<K, V>(PhantomData<(K, V)>);

impl<'de, K: Deserialize<'de> + Default, V: Deserialize<'de>> Visitor<'de> for KeyedVisitor<K, V> {
    type Value = Vec<(K, V)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list or an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(item) = items.next_element()? {
            members.push((K::default(), item));
        }
        Ok(members)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = items.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }
}
