//! Alerts as StackRox writes them, only the fields that are used. Refuses to interpret, and the arguments of processes:
//! they carry credentials. Every field may be absent or null. Text is borrowed from the document.

use serde::Deserialize;

use crate::json::{Number, Text, nullable};

/// An answer of the API, or what roxctl writes.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Page<'a> {
    #[serde(deserialize_with = "nullable")]
    pub alerts: Vec<Alert<'a>>,
}

/// What a webhook is told.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Told<'a> {
    #[serde(deserialize_with = "nullable")]
    pub alert: Alert<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Alert<'a> {
    pub id: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub policy: Policy<'a>,
    /// `BUILD`, `DEPLOY`, `RUNTIME`.
    pub lifecycle_stage: Text<'a>,
    pub cluster_name: Text<'a>,
    pub namespace: Text<'a>,
    /// Where lists have the two fields above.
    #[serde(deserialize_with = "nullable")]
    pub common_entity_info: Common<'a>,
    pub deployment: Option<Deployment<'a>>,
    pub image: Option<Image<'a>>,
    pub resource: Option<Resource<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub process_violation: Processes<'a>,
    /// When it last happened.
    pub time: Text<'a>,
    pub first_occurred: Text<'a>,
    /// `ACTIVE`, `SNOOZED`, `RESOLVED`, `ATTEMPTED`.
    pub state: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Policy<'a> {
    pub id: Text<'a>,
    pub name: Text<'a>,
    pub description: Text<'a>,
    /// `LOW_SEVERITY`.
    pub severity: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub mitre_attack_vectors: Vec<Vector<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Vector<'a> {
    #[serde(deserialize_with = "nullable")]
    pub techniques: Vec<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Common<'a> {
    pub cluster_name: Text<'a>,
    pub namespace: Text<'a>,
    pub resource_type: Text<'a>,
}

/// A workload of any kind.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Deployment<'a> {
    pub name: Text<'a>,
    /// `Deployment`, `DaemonSet`.
    #[serde(rename = "type")]
    pub kind: Text<'a>,
    pub namespace: Text<'a>,
    pub cluster_name: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub containers: Vec<Container<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Container<'a> {
    pub name: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub image: Image<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Image<'a> {
    /// What the registry calls it.
    pub id: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub name: Name<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Name<'a> {
    pub full_name: Text<'a>,
}

/// An object of the cluster that is no workload.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Resource<'a> {
    pub name: Text<'a>,
    /// `SECRETS`, `CONFIGMAPS`.
    pub resource_type: Text<'a>,
    pub namespace: Text<'a>,
    pub cluster_name: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Processes<'a> {
    #[serde(deserialize_with = "nullable")]
    pub processes: Vec<Process<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Process<'a> {
    pub container_name: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub signal: Signal<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Signal<'a> {
    pub container_id: Text<'a>,
    pub name: Text<'a>,
    pub exec_file_path: Text<'a>,
    pub pid: Number,
    #[serde(deserialize_with = "nullable")]
    pub lineage_info: Vec<Parent<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Parent<'a> {
    pub parent_exec_file_path: Text<'a>,
}
