//! SARIF as its specification writes it, as far as it is used. Refuses to interpret; property bags are
//! kept as they are, since every tool fills its own.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::json::{Number, Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Log<'a> {
    #[serde(deserialize_with = "nullable")]
    pub runs: Vec<Run<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Run<'a> {
    #[serde(deserialize_with = "nullable")]
    pub tool: Tool<'a>,
    #[serde(deserialize_with = "nullable")]
    pub results: Vec<Outcome<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub artifacts: Vec<Artifact<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub invocations: Vec<Invocation<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub version_control_provenance: Vec<Repository<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub properties: Properties,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Tool<'a> {
    #[serde(deserialize_with = "nullable")]
    pub driver: Component<'a>,
    #[serde(deserialize_with = "nullable")]
    pub extensions: Vec<Component<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Component<'a> {
    pub name: Text<'a>,
    pub version: Text<'a>,
    pub semantic_version: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub rules: Vec<Rule<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Rule<'a> {
    pub id: Text<'a>,
    pub name: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub short_description: Message<'a>,
    #[serde(deserialize_with = "nullable")]
    pub full_description: Message<'a>,
    #[serde(deserialize_with = "nullable")]
    pub help: Message<'a>,
    pub help_uri: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub default_configuration: Configuration<'a>,
    #[serde(deserialize_with = "nullable")]
    pub properties: Properties,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Message<'a> {
    pub text: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Configuration<'a> {
    pub level: Text<'a>,
}

/// A result of a run.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Outcome<'a> {
    pub rule_id: Text<'a>,
    pub rule_index: Option<i64>,
    #[serde(deserialize_with = "nullable")]
    pub rule: RuleReference<'a>,
    pub level: Text<'a>,
    pub kind: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub message: Message<'a>,
    #[serde(deserialize_with = "nullable")]
    pub locations: Vec<Location<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub suppressions: Vec<Suppression<'a>>,
    pub baseline_state: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub properties: Properties,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct RuleReference<'a> {
    pub id: Text<'a>,
    pub index: Option<i64>,
    #[serde(deserialize_with = "nullable")]
    pub tool_component: ComponentReference,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ComponentReference {
    pub index: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Location<'a> {
    #[serde(deserialize_with = "nullable")]
    pub physical_location: PhysicalLocation<'a>,
    #[serde(deserialize_with = "nullable")]
    pub logical_locations: Vec<LogicalLocation<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct PhysicalLocation<'a> {
    #[serde(deserialize_with = "nullable")]
    pub artifact_location: ArtifactLocation<'a>,
    #[serde(deserialize_with = "nullable")]
    pub region: Region,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct ArtifactLocation<'a> {
    pub uri: Text<'a>,
    pub index: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Region {
    pub start_line: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct LogicalLocation<'a> {
    pub name: Text<'a>,
    pub fully_qualified_name: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Suppression<'a> {
    pub kind: Text<'a>,
    pub status: Text<'a>,
    pub justification: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Artifact<'a> {
    #[serde(deserialize_with = "nullable")]
    pub location: ArtifactLocation<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Invocation<'a> {
    pub execution_successful: Option<bool>,
    pub end_time_utc: Text<'a>,
    pub start_time_utc: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Repository<'a> {
    pub repository_uri: Text<'a>,
}

/// A property bag.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Properties(BTreeMap<String, Value>);

impl Properties {
    /// A text or number.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        match self.0.get(key)? {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// The texts of a list, or the one text.
    pub(super) fn texts(&self, key: &str) -> Vec<&str> {
        match self.0.get(key) {
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(text)) => vec![text],
            _ => Vec::new(),
        }
    }
}
