//! Services, jobs and worker pools as Cloud Run's API (v2) writes them, only the fields that are used. Refuses to
//! interpret; every field may be absent.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Service {
    pub(super) name: String,
    pub(super) labels: BTreeMap<String, String>,
    /// `INGRESS_TRAFFIC_ALL`.
    pub(super) ingress: String,
    pub(super) template: Template,
    pub(super) traffic_statuses: Vec<Traffic>,
    pub(super) latest_ready_revision: String,
    pub(super) uri: String,
    pub(super) default_uri_disabled: bool,
    pub(super) invoker_iam_disabled: bool,
    pub(super) iap_enabled: bool,
}

/// What a revision is made of; revisions and tasks have the same members.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Template {
    pub(super) service_account: String,
    pub(super) containers: Vec<Container>,
    /// `EXECUTION_ENVIRONMENT_GEN2`.
    pub(super) execution_environment: String,
    pub(super) labels: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Container {
    pub(super) name: String,
    pub(super) image: String,
    pub(super) env: Vec<Variable>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) value: Value,
    pub(super) value_source: Option<serde::de::IgnoredAny>,
}

/// Whether a variable has a value of its own; what it is, is not kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) stated: bool,
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Ok(Self { stated: !text.is_empty() })
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Traffic {
    /// A revision's short name.
    pub(super) revision: String,
    pub(super) percent: u32,
    pub(super) tag: String,
}

/// A revision: a template that was deployed.
pub(super) type Revision = Template;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Job {
    pub(super) name: String,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) template: ExecutionTemplate,
    pub(super) latest_created_execution: Option<ExecutionName>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ExecutionTemplate {
    pub(super) template: Template,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ExecutionName {
    pub(super) name: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Execution {
    pub(super) template: Template,
    pub(super) running_count: u32,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WorkerPool {
    pub(super) name: String,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) template: Template,
    pub(super) scaling: Scaling,
    pub(super) instance_split_statuses: Vec<Traffic>,
    pub(super) latest_ready_revision: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Scaling {
    pub(super) manual_instance_count: Option<u32>,
}

/// Who may do what with a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Policy {
    pub(super) bindings: Vec<Binding>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Binding {
    pub(super) role: String,
    pub(super) members: Vec<String>,
}
