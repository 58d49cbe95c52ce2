//! Events as Tracee writes them in both layouts, only the fields that are used. Refuses to interpret; every field may be
//! absent. Text is borrowed from the document.

use serde::Deserialize;
use serde_json::Value;

use crate::json::{Number, Text, nullable, pairs};

/// An event in either layout.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Event<'a> {
    /// Nanoseconds, a text, or seconds and nanoseconds.
    pub timestamp: Value,
    #[serde(alias = "name")]
    pub event_name: Text<'a>,
    pub host_name: Text<'a>,
    pub process_id: Number,
    pub process_name: Text<'a>,
    pub user_id: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub executable: Executable<'a>,
    #[serde(deserialize_with = "nullable")]
    pub container: Container<'a>,
    #[serde(deserialize_with = "nullable")]
    pub kubernetes: Kubernetes<'a>,
    #[serde(deserialize_with = "nullable")]
    pub matched_policies: Vec<Text<'a>>,
    #[serde(alias = "data", deserialize_with = "nullable")]
    pub args: Vec<Argument<'a>>,
    pub metadata: Option<Metadata<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub policies: Policies<'a>,
    #[serde(deserialize_with = "nullable")]
    pub workload: Workload<'a>,
    pub threat: Option<Threat<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Executable<'a> {
    pub path: Text<'a>,
}

/// Of the layout before.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Container<'a> {
    pub id: Text<'a>,
    pub name: Text<'a>,
    pub image: Text<'a>,
    pub image_digest: Text<'a>,
}

/// Of the layout before.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Kubernetes<'a> {
    pub pod_name: Text<'a>,
    pub pod_namespace: Text<'a>,
}

/// A value of an event: in one field before, since then in a field by its type.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Argument<'a> {
    pub name: Text<'a>,
    #[serde(alias = "str")]
    pub value: Value,
}

/// What a signature says of itself, of the layout before.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Metadata<'a> {
    pub description: Text<'a>,
    #[serde(deserialize_with = "pairs")]
    pub properties: Vec<(Text<'a>, Value)>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Policies<'a> {
    #[serde(deserialize_with = "nullable")]
    pub matched: Vec<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Workload<'a> {
    #[serde(deserialize_with = "nullable")]
    pub process: Process<'a>,
    #[serde(deserialize_with = "nullable")]
    pub container: WorkloadContainer<'a>,
    #[serde(deserialize_with = "nullable")]
    pub k8s: Cluster<'a>,
    /// Where it stood at first.
    #[serde(deserialize_with = "nullable")]
    pub pod: Named<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Process<'a> {
    #[serde(deserialize_with = "nullable")]
    pub thread: Named<'a>,
    #[serde(deserialize_with = "nullable")]
    pub executable: Executable<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct WorkloadContainer<'a> {
    pub id: Text<'a>,
    pub name: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub image: Image<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Image<'a> {
    pub name: Text<'a>,
    #[serde(alias = "repoDigests", deserialize_with = "nullable")]
    pub repo_digests: Vec<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Cluster<'a> {
    #[serde(deserialize_with = "nullable")]
    pub pod: Named<'a>,
    #[serde(deserialize_with = "nullable")]
    pub namespace: Named<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Named<'a> {
    pub name: Text<'a>,
}

/// What a detector found.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Threat<'a> {
    pub name: Text<'a>,
    pub description: Text<'a>,
    /// `HIGH`, or its number.
    pub severity: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub mitre: Mitre<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Mitre<'a> {
    #[serde(deserialize_with = "nullable")]
    pub technique: Technique<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Technique<'a> {
    pub id: Text<'a>,
}
