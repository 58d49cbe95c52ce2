//! A container group as the manager writes it, only the fields that are used. Refuses to interpret; every field may
//! be absent. Values of variables are told apart from none, and not kept.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::azure::wire::{Resource, nullable};

pub(super) type Group = Resource<Properties>;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Properties {
    #[serde(deserialize_with = "nullable")]
    pub(super) sku: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) os_type: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) containers: Vec<Container>,
    #[serde(deserialize_with = "nullable")]
    pub(super) init_containers: Vec<Container>,
    pub(super) ip_address: Option<Address>,
    #[serde(deserialize_with = "nullable")]
    pub(super) subnet_ids: Vec<IgnoredAny>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Container {
    pub(super) name: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) properties: Does,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Does {
    #[serde(deserialize_with = "nullable")]
    pub(super) image: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) environment_variables: Vec<Variable>,
    pub(super) instance_view: Option<View>,
    #[serde(deserialize_with = "nullable")]
    pub(super) security_context: Context,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Variable {
    pub(super) name: String,
    /// Absent where the value is secure.
    pub(super) value: Option<IgnoredAny>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct View {
    #[serde(deserialize_with = "nullable")]
    pub(super) current_state: State,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct State {
    #[serde(deserialize_with = "nullable")]
    pub(super) state: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Context {
    pub(super) privileged: Option<bool>,
    pub(super) allow_privilege_escalation: Option<bool>,
    pub(super) run_as_user: Option<i64>,
    #[serde(deserialize_with = "nullable")]
    pub(super) capabilities: Capabilities,
    pub(super) seccomp_profile: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Capabilities {
    #[serde(deserialize_with = "nullable")]
    pub(super) add: Vec<String>,
    #[serde(deserialize_with = "nullable")]
    pub(super) drop: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Address {
    #[serde(rename = "type", deserialize_with = "nullable")]
    pub(super) kind: String,
    pub(super) ip: Option<String>,
    pub(super) fqdn: Option<String>,
    #[serde(deserialize_with = "nullable")]
    pub(super) ports: Vec<Port>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Port {
    #[serde(deserialize_with = "nullable")]
    pub(super) protocol: String,
    pub(super) port: u16,
}
