//! The parts of Kubernetes objects that matter here, named as the API names them. An object's kind
//! decides what its `spec` and `status` hold, so these stay raw until the kind is known.
//!
//! Refuses nothing but wrong types: every field may be absent or null.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::wire_security::SecurityContext;
use crate::json::{Number, Text, nullable};

/// Labels or annotations.
pub(super) type Map<'a> = BTreeMap<Text<'a>, Text<'a>>;

/// A whole document: a list, or one object.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Document<'a> {
    #[serde(borrow)]
    pub(super) api_version: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) kind: Option<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) metadata: Metadata<'a>,
    #[serde(borrow)]
    pub(super) items: Option<Vec<Object<'a>>>,
    #[serde(borrow)]
    pub(super) spec: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) status: Option<&'a RawValue>,
    /// Of configurations of webhooks, which have no `spec`.
    #[serde(borrow)]
    pub(super) webhooks: Option<&'a RawValue>,
}

impl<'a> Document<'a> {
    /// A bare array of objects.
    pub(super) fn of(items: Vec<Object<'a>>) -> Self {
        Self { items: Some(items), ..Self::default() }
    }
}

/// One object of any kind.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Object<'a> {
    #[serde(borrow)]
    pub(super) api_version: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) kind: Option<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) metadata: Metadata<'a>,
    #[serde(borrow)]
    pub(super) spec: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) status: Option<&'a RawValue>,
    /// Of configurations of webhooks, which have no `spec`.
    #[serde(borrow)]
    pub(super) webhooks: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Metadata<'a> {
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    #[serde(borrow)]
    pub(super) namespace: Text<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) labels: Map<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) annotations: Map<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) owner_references: Vec<OwnerReference<'a>>,
    /// Of a list: where the next page begins.
    #[serde(borrow)]
    pub(super) r#continue: Text<'a>,
    #[serde(borrow)]
    pub(super) resource_version: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OwnerReference<'a> {
    #[serde(borrow)]
    pub(super) kind: Text<'a>,
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) controller: bool,
}

/// The keys that tell the kind of an object that does not name it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Shape {
    pub(super) containers: Option<IgnoredAny>,
    pub(super) template: Option<IgnoredAny>,
    pub(super) job_template: Option<IgnoredAny>,
    pub(super) selector: Option<IgnoredAny>,
    pub(super) service_name: Option<IgnoredAny>,
    pub(super) update_strategy: Option<IgnoredAny>,
    pub(super) backoff_limit: Option<IgnoredAny>,
    pub(super) completions: Option<IgnoredAny>,
    pub(super) strategy: Option<IgnoredAny>,
    #[serde(rename = "clusterIP")]
    pub(super) cluster_ip: Option<IgnoredAny>,
    pub(super) ports: Option<IgnoredAny>,
    pub(super) node_info: Option<IgnoredAny>,
}

/// Spec of everything that makes pods.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ControllerSpec<'a> {
    pub(super) replicas: Number,
    pub(super) parallelism: Number,
    #[serde(deserialize_with = "nullable")]
    pub(super) suspend: bool,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) template: Template<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) job_template: JobTemplate<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct JobTemplate<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) spec: JobSpec<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct JobSpec<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) template: Template<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Template<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) metadata: Metadata<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) spec: PodSpec<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ControllerStatus<'a> {
    pub(super) desired_number_scheduled: Number,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) conditions: Vec<Condition<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Condition<'a> {
    #[serde(borrow)]
    pub(super) r#type: Text<'a>,
    #[serde(borrow)]
    pub(super) status: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PodSpec<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) containers: Vec<Container<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) init_containers: Vec<Container<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) ephemeral_containers: Vec<Container<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) volumes: Vec<Volume<'a>>,
    #[serde(borrow)]
    pub(super) node_name: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) host_network: bool,
    #[serde(rename = "hostPID", deserialize_with = "nullable")]
    pub(super) host_pid: bool,
    #[serde(rename = "hostIPC", deserialize_with = "nullable")]
    pub(super) host_ipc: bool,
    pub(super) host_users: Option<bool>,
    #[serde(borrow)]
    pub(super) runtime_class_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) service_account_name: Text<'a>,
    /// What `serviceAccountName` was called before.
    #[serde(borrow)]
    pub(super) service_account: Text<'a>,
    pub(super) automount_service_account_token: Option<bool>,
    #[serde(deserialize_with = "nullable")]
    pub(super) share_process_namespace: bool,
    /// Of all containers together.
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) resources: Resources<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) security_context: SecurityContext<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Container<'a> {
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    #[serde(borrow)]
    pub(super) image: Text<'a>,
    #[serde(borrow)]
    pub(super) restart_policy: Text<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) ports: Vec<ContainerPort<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) env: Vec<Variable<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) env_from: Vec<VariableSource<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) volume_mounts: Vec<VolumeMount<'a>>,
    #[serde(borrow)]
    pub(super) image_pull_policy: Text<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) resources: Resources<'a>,
    pub(super) liveness_probe: Option<IgnoredAny>,
    pub(super) readiness_probe: Option<IgnoredAny>,
    pub(super) startup_probe: Option<IgnoredAny>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) security_context: SecurityContext<'a>,
}

/// How much of each is asked for, and how much there is at most. The amounts are not looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Resources<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) requests: BTreeMap<Text<'a>, IgnoredAny>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) limits: BTreeMap<Text<'a>, IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ContainerPort<'a> {
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    #[serde(borrow)]
    pub(super) protocol: Text<'a>,
    pub(super) container_port: Number,
    pub(super) host_port: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Variable<'a> {
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) value_from: ValueFrom,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ValueFrom {
    pub(super) secret_key_ref: Option<IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct VariableSource<'a> {
    #[serde(borrow)]
    pub(super) prefix: Text<'a>,
    #[serde(borrow)]
    pub(super) secret_ref: Option<Named<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Named<'a> {
    #[serde(borrow)]
    pub(super) name: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct VolumeMount<'a> {
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    #[serde(borrow)]
    pub(super) mount_path: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) read_only: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Volume<'a> {
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    #[serde(borrow)]
    pub(super) host_path: Option<HostPath<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct HostPath<'a> {
    #[serde(borrow)]
    pub(super) path: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PodStatus<'a> {
    #[serde(borrow)]
    pub(super) phase: Text<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) container_statuses: Vec<ContainerStatus<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) init_container_statuses: Vec<ContainerStatus<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) ephemeral_container_statuses: Vec<ContainerStatus<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ContainerStatus<'a> {
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    #[serde(borrow, rename = "imageID")]
    pub(super) image_id: Text<'a>,
    #[serde(borrow, rename = "containerID")]
    pub(super) container_id: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) state: State,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct State {
    pub(super) running: Option<IgnoredAny>,
}
