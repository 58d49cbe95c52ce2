//! Events as Sysdig Secure writes them, only the fields that are used. Refuses to interpret; every field may be absent.
//! Text is borrowed from the document.

use serde::Deserialize;
use serde_json::Value;

use crate::falco_json::Alert;
use crate::json::{Text, nullable, pairs};

/// An event, or a page of such.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Event<'a> {
    /// The events of a page.
    pub data: Option<Vec<Event<'a>>>,
    #[serde(deserialize_with = "nullable")]
    pub page: Page<'a>,
    pub id: Text<'a>,
    /// A text, or nanoseconds.
    pub timestamp: Value,
    /// What made the event: `policy`.
    pub originator: Text<'a>,
    /// From 0, the worst, to 7.
    pub severity: Text<'a>,
    pub container_id: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub content: Alert<'a>,
    #[serde(deserialize_with = "pairs")]
    pub labels: Vec<(Text<'a>, Text<'a>)>,
}

/// Where a page stands in its list.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Page<'a> {
    pub next: Text<'a>,
}

impl Event<'_> {
    /// The first of these labels that is there.
    pub(super) fn label(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| {
            let (_, value) = self.labels.iter().find(|(known, _)| &**known == *name)?;
            value.filled()
        })
    }
}
