//! Alerts as Defender for Cloud writes them, only the fields that are used. Refuses to interpret; every field may be
//! absent. Text is borrowed from the document.

use serde::Deserialize;
use serde_json::Value;

use crate::json::{Text, nullable};

/// An answer of Resource Graph, or of the manager.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Page<'a> {
    #[serde(rename = "data", alias = "value", deserialize_with = "nullable")]
    pub rows: Vec<Row<'a>>,
    #[serde(rename = "$skipToken")]
    pub skip_token: Text<'a>,
    #[serde(rename = "nextLink")]
    pub next_link: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Row<'a> {
    /// Begins with the subscription.
    pub id: Text<'a>,
    /// `Microsoft.Security/Locations/alerts`.
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub properties: Properties<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Properties<'a> {
    pub alert_type: Text<'a>,
    pub alert_display_name: Text<'a>,
    pub system_alert_id: Text<'a>,
    pub severity: Text<'a>,
    /// `Active`; of rows that are no alert an object.
    pub status: Value,
    pub start_time_utc: Text<'a>,
    pub end_time_utc: Text<'a>,
    pub product_component_name: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub resource_identifiers: Vec<Resource<'a>>,
    /// Of many types, each with fields of its own.
    #[serde(deserialize_with = "nullable")]
    pub entities: Vec<Value>,
    #[serde(deserialize_with = "nullable")]
    pub techniques: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub sub_techniques: Vec<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Resource<'a> {
    pub azure_resource_id: Text<'a>,
}

impl Properties<'_> {
    /// The first entity of one of these types: `container`, `K8s-pod`.
    pub(super) fn entity(&self, types: &[&str]) -> Option<&Value> {
        self.entities.iter().find(|entity| {
            let stated = text(entity, "type").unwrap_or_default();
            types.iter().any(|known| known.eq_ignore_ascii_case(stated))
        })
    }
}

/// A text of an entity, whose fields begin with a small or a capital letter.
pub(super) fn text<'v>(entity: &'v Value, key: &str) -> Option<&'v str> {
    let members = entity.as_object()?;
    let found = members.iter().find(|(known, value)| known.eq_ignore_ascii_case(key) && value.is_string());
    found.and_then(|(_, value)| value.as_str()).filter(|text| !text.is_empty())
}

/// An object within an entity.
pub(super) fn part<'v>(entity: &'v Value, key: &str) -> Option<&'v Value> {
    let found = entity
        .as_object()?
        .iter()
        .find(|(known, value)| known.eq_ignore_ascii_case(key) && value.is_object());
    found.map(|(_, value)| value)
}
