//! What every resource of the manager has. Refuses to interpret; every field may be absent.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A resource with the properties of its kind.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "P: Deserialize<'de> + Default"))]
pub(super) struct Resource<P> {
    pub(super) id: String,
    pub(super) name: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) kind: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) location: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) tags: BTreeMap<String, String>,
    #[serde(deserialize_with = "nullable")]
    pub(super) identity: Identity,
    #[serde(deserialize_with = "nullable")]
    pub(super) sku: Sku,
    #[serde(deserialize_with = "nullable")]
    pub(super) properties: P,
}

/// What is paid for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sku {
    /// `Premium`; of clusters `Base` or `Automatic`.
    pub(super) name: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Identity {
    #[serde(rename = "type", deserialize_with = "nullable")]
    pub(super) kind: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) user_assigned_identities: BTreeMap<String, serde::de::IgnoredAny>,
}

impl Identity {
    /// The identities as whom it acts, for people: `puller, system-assigned`.
    pub(super) fn words(&self) -> Option<String> {
        let named = self.user_assigned_identities.keys().map(|id| id.rsplit('/').next().unwrap_or(id));
        let mut words: Vec<&str> = named.collect();
        words.sort_unstable();
        if self.kind.to_ascii_lowercase().contains("systemassigned") {
            words.push("system-assigned");
        }
        (!words.is_empty()).then(|| words.join(", "))
    }
}

pub(super) use crate::reading::nullable;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_null_is_absent() {
        let text = r#"{"id": "/a", "name": "a", "tags": null, "identity": null, "properties": null}"#;
        let read: Resource<BTreeMap<String, String>> = serde_json::from_str(text).unwrap();
        assert!(read.tags.is_empty() && read.properties.is_empty() && read.identity.words().is_none());
    }

    #[test]
    fn identities_are_told_by_name() {
        let text = r#"{"type": "SystemAssigned,UserAssigned", "userAssignedIdentities": {"/x/puller": {}, "/x/a": null}}"#;
        let read: Identity = serde_json::from_str(text).unwrap();
        assert_eq!(read.words().as_deref(), Some("a, puller, system-assigned"));
    }
}
