//! Policy reports as the working group's types write them, old and new. Refuses to interpret; every field
//! may be absent. Text is borrowed from the document.

use serde::Deserialize;

use crate::json::{Number, Text, nullable, pairs};
use crate::objects::{self, Metadata};

/// A report, or a list.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Object<'a> {
    pub kind: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub metadata: Metadata<'a>,
    /// Who made all results that do not say so themselves.
    pub source: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub scope: Reference<'a>,
    #[serde(deserialize_with = "nullable")]
    pub summary: Summary,
    #[serde(deserialize_with = "nullable")]
    pub results: Vec<Outcome<'a>>,
    pub items: Option<Vec<Object<'a>>>,
}

impl objects::Object for Object<'_> {
    fn kind(&self) -> &str {
        &self.kind
    }

    fn items(&self) -> Option<&[Self]> {
        self.items.as_deref()
    }
}

/// An object that a report or a result is about.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Reference<'a> {
    pub kind: Text<'a>,
    pub namespace: Text<'a>,
    pub name: Text<'a>,
}

/// How many results there are of each outcome.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Summary {
    pub pass: Number,
    pub fail: Number,
    pub warn: Number,
    pub error: Number,
    pub skip: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Outcome<'a> {
    pub source: Text<'a>,
    pub policy: Text<'a>,
    pub category: Text<'a>,
    pub severity: Text<'a>,
    /// `pass`, `fail`, `warn`, `error`, `skip`; v1alpha1 called it `status`.
    #[serde(alias = "status")]
    pub result: Text<'a>,
    pub message: Text<'a>,
    pub timestamp: Option<Timestamp<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub resources: Vec<Reference<'a>>,
    /// What the source adds; v1alpha1 called it `data`.
    #[serde(alias = "data", deserialize_with = "pairs")]
    pub properties: Vec<(Text<'a>, Text<'a>)>,
}

/// Seconds since 1970 as an object, as the types say, or a text.
#[derive(Debug, Deserialize)]
#[serde(untagged, bound(deserialize = "'de: 'a"))]
pub(super) enum Timestamp<'a> {
    Text(Text<'a>),
    Parts {
        #[serde(default)]
        seconds: Number,
    },
}

impl Outcome<'_> {
    /// The first property of these names that says anything.
    pub(super) fn property(&self, names: &[&str]) -> &str {
        let named = |name: &&str| {
            let (_, value) = self.properties.iter().find(|(known, _)| &**known == *name)?;
            value.filled()
        };
        names.iter().find_map(named).unwrap_or_default()
    }
}
