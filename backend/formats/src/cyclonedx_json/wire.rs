//! A CycloneDX document as the specification's JSON schemas 1.0 to 1.7 write it, as far as it is used.
//! XML is the same object model in another spelling, so its reader builds the same structs.
//!
//! Refuses nothing that a schema allows; dependencies, services, hashes and signatures are skipped.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::json::{Number, Text, nullable};

/// The document.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Bom<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) metadata: Metadata<'a>,
    #[serde(borrow)]
    pub(crate) components: Option<Vec<Component<'a>>>,
    #[serde(borrow)]
    pub(crate) vulnerabilities: Option<Vec<Vulnerability<'a>>>,
}

/// Who made it, when and of what.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Metadata<'a> {
    #[serde(borrow)]
    pub(crate) timestamp: Option<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) tools: Tools<'a>,
    #[serde(borrow)]
    pub(crate) component: Option<Component<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) authors: Vec<Named<'a>>,
    #[serde(borrow)]
    pub(crate) supplier: Option<Named<'a>>,
    #[serde(borrow)]
    pub(crate) manufacturer: Option<Named<'a>>,
    /// The name of the field before 1.6; a document may have both.
    #[serde(borrow)]
    pub(crate) manufacture: Option<Named<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) properties: Vec<Property<'a>>,
}

/// A person, an organisation or a source.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Named<'a> {
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
}

/// The tools: a list up to 1.4, an object with lists since 1.5.
#[derive(Debug, Default)]
pub(crate) struct Tools<'a>(pub(crate) Vec<Tool<'a>>);

/// A tool of either form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Tool<'a> {
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) version: Option<Text<'a>>,
}

/// A component, which may hold others.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Component<'a> {
    #[serde(borrow, rename = "type")]
    pub(crate) kind: Option<Text<'a>>,
    #[serde(borrow, rename = "bom-ref")]
    pub(crate) bom_ref: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) group: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) version: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) purl: Option<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) licenses: Vec<LicenceChoice<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) properties: Vec<Property<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) evidence: Evidence<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) components: Vec<Component<'a>>,
    /// Those of the vulnerability extension, which exists in XML alone.
    #[serde(skip)]
    pub(crate) vulnerabilities: Vec<Vulnerability<'a>>,
}

/// A licence or an expression.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct LicenceChoice<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) license: Licence<'a>,
    #[serde(borrow)]
    pub(crate) expression: Option<Text<'a>>,
}

/// A licence by SPDX id or by name.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Licence<'a> {
    #[serde(borrow)]
    pub(crate) id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
}

/// A name with a value, whose meaning is the tool's.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Property<'a> {
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) value: Option<Text<'a>>,
}

/// Why the tool believes in the component.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Evidence<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) occurrences: Vec<Occurrence<'a>>,
}

/// Where it was found.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Occurrence<'a> {
    #[serde(borrow)]
    pub(crate) location: Option<Text<'a>>,
}

/// A vulnerability and what it affects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Vulnerability<'a> {
    #[serde(borrow, rename = "bom-ref")]
    pub(crate) bom_ref: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) id: Option<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) source: Source<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) references: Vec<Reference<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) ratings: Vec<Rating<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) cwes: Vec<Text<'a>>,
    #[serde(borrow)]
    pub(crate) description: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) detail: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) recommendation: Option<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) advisories: Vec<Advisory<'a>>,
    #[serde(borrow)]
    pub(crate) published: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) updated: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) analysis: Option<Analysis<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) affects: Vec<Affected<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) properties: Vec<Property<'a>>,
}

/// Who publishes a vulnerability or a rating.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Source<'a> {
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) url: Option<Text<'a>>,
}

/// The same vulnerability elsewhere.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Reference<'a> {
    #[serde(borrow)]
    pub(crate) id: Option<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) source: Source<'a>,
}

/// One source's judgement.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Rating<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) source: Source<'a>,
    pub(crate) score: Option<Number>,
    #[serde(borrow)]
    pub(crate) severity: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) method: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) vector: Option<Text<'a>>,
}

/// A page about it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Advisory<'a> {
    #[serde(borrow)]
    pub(crate) url: Option<Text<'a>>,
}

/// What an analyst decided.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Analysis<'a> {
    #[serde(borrow)]
    pub(crate) state: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) justification: Option<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) response: Vec<Text<'a>>,
    #[serde(borrow)]
    pub(crate) detail: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) first_issued: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) last_updated: Option<Text<'a>>,
}

/// A component, by reference, and which of its versions.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Affected<'a> {
    #[serde(borrow, rename = "ref")]
    pub(crate) reference: Option<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(crate) versions: Vec<AffectedVersion<'a>>,
}

/// A version or range with its status.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AffectedVersion<'a> {
    #[serde(borrow)]
    pub(crate) version: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) status: Option<Text<'a>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Tools<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ToolsVisitor).map(Tools)
    }
}

struct ToolsVisitor;

impl<'de> Visitor<'de> for ToolsVisitor {
    type Value = Vec<Tool<'de>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of tools or an object with `components`")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut tools = Vec::new();
        while let Some(tool) = list.next_element()? {
            tools.push(tool);
        }
        Ok(tools)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut tools = Vec::new();
        while let Some(key) = map.next_key::<Text<'de>>()? {
            if matches!(&*key, "components" | "services") {
                let more: Option<Vec<Tool<'de>>> = map.next_value()?;
                tools.extend(more.unwrap_or_default());
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(tools)
    }
}
