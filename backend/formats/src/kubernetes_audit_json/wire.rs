//! Events as the server of Kubernetes' API writes them, only the fields that are used. Refuses to interpret; every field
//! may be absent. Text is borrowed from the document.

use serde::Deserialize;
use serde_json::Value;

use crate::json::{Number, Text, nullable, pairs};
use crate::objects::Object;

/// An event, or a list of such.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Event<'a> {
    pub kind: Text<'a>,
    pub items: Option<Vec<Event<'a>>>,
    #[serde(rename = "auditID")]
    pub audit_id: Text<'a>,
    pub stage: Text<'a>,
    #[serde(rename = "requestURI")]
    pub request_uri: Text<'a>,
    pub verb: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub user: User<'a>,
    #[serde(rename = "sourceIPs", deserialize_with = "nullable")]
    pub source_ips: Vec<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub object_ref: Reference<'a>,
    #[serde(deserialize_with = "nullable")]
    pub response_status: Status,
    /// Of any shape, and only there where the audit policy asks for it.
    pub request_object: Value,
    pub request_received_timestamp: Text<'a>,
    #[serde(deserialize_with = "pairs")]
    pub annotations: Vec<(Text<'a>, Text<'a>)>,
}

impl Object for Event<'_> {
    fn kind(&self) -> &str {
        &self.kind
    }

    fn items(&self) -> Option<&[Self]> {
        self.items.as_deref()
    }
}

/// Who asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct User<'a> {
    pub username: Text<'a>,
}

/// What was asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Reference<'a> {
    pub resource: Text<'a>,
    pub namespace: Text<'a>,
    pub name: Text<'a>,
    pub subresource: Text<'a>,
}

/// What was answered.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Status {
    pub code: Number,
}
