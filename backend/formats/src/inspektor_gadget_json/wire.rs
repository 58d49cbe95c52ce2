//! Records as gadgets write them, only the fields that are used, of all gadgets together. Refuses to interpret; every
//! field may be absent. Text is borrowed from the document.

use serde::Deserialize;
use serde_json::Value;

use crate::json::{Number, Text, nullable};

/// A record of any gadget.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Record<'a> {
    /// A text, or nanoseconds.
    pub timestamp: Value,
    /// Before release 0.31: `normal`, or what kind of message it is.
    #[serde(rename = "type")]
    pub kind: Value,
    #[serde(deserialize_with = "nullable")]
    pub k8s: Pod<'a>,
    #[serde(deserialize_with = "nullable")]
    pub runtime: Container<'a>,
    #[serde(rename = "proc", deserialize_with = "nullable")]
    pub process: Process<'a>,
    /// Where it stood at first.
    pub comm: Text<'a>,
    /// Where it stood at first.
    pub pid: Number,
    /// Where it stood at first.
    pub pcomm: Text<'a>,
    /// Empty where a call did what it was asked for.
    pub error: Text<'a>,
    /// Of an execution: the path.
    pub exepath: Text<'a>,
    /// Of an execution: whether the file was written after the container began.
    #[serde(alias = "upperlayer")]
    pub upper_layer: Option<bool>,
    /// The system call.
    pub syscall: Text<'a>,
    /// What seccomp answered.
    pub code: Text<'a>,
    /// Of a mount: `MOUNT` or `UMOUNT`.
    #[serde(alias = "operation")]
    pub op: Value,
    #[serde(alias = "source")]
    pub src: Value,
    #[serde(alias = "target")]
    pub dest: Value,
    /// Of a kernel module.
    pub param_values: Option<Text<'a>>,
    /// Of a kernel module.
    pub filepath: Text<'a>,
}

/// Where Kubernetes runs it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Pod<'a> {
    pub node: Text<'a>,
    pub namespace: Text<'a>,
    pub pod_name: Text<'a>,
    pub container_name: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub owner: Owner<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Owner<'a> {
    pub kind: Text<'a>,
    pub name: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Container<'a> {
    pub container_name: Text<'a>,
    pub container_id: Text<'a>,
    pub container_image_name: Text<'a>,
    pub container_image_digest: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Process<'a> {
    pub comm: Text<'a>,
    pub pid: Number,
    #[serde(deserialize_with = "nullable")]
    pub creds: Credentials<'a>,
    #[serde(deserialize_with = "nullable")]
    pub parent: Parent<'a>,
}

/// As whom it runs.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Credentials<'a> {
    pub user: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Parent<'a> {
    pub comm: Text<'a>,
}
