//! Environments, apps, revisions and jobs as the manager writes them, only the fields that are used. Refuses to
//! interpret; every field may be absent. Values of variables are told apart from none, and not kept.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::azure::wire::{Resource, nullable};

pub(super) type Environment = Resource<Home>;
pub(super) type App = Resource<Properties>;
pub(super) type Revision = Resource<Runs>;
pub(super) type Job = Resource<Properties>;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Home {
    pub(super) public_network_access: Option<String>,
    #[serde(deserialize_with = "nullable")]
    pub(super) vnet_configuration: Network,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Network {
    pub(super) internal: Option<bool>,
}

/// Of an app, and of a job, which has no ingress.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Properties {
    #[serde(deserialize_with = "nullable")]
    pub(super) environment_id: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) managed_environment_id: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) configuration: Configuration,
    #[serde(deserialize_with = "nullable")]
    pub(super) template: Template,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Configuration {
    pub(super) ingress: Option<Ingress>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Ingress {
    pub(super) external: Option<bool>,
    pub(super) fqdn: Option<String>,
    pub(super) client_certificate_mode: Option<String>,
    #[serde(deserialize_with = "nullable")]
    pub(super) ip_security_restrictions: Vec<Restriction>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Restriction {
    #[serde(deserialize_with = "nullable")]
    pub(super) action: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) ip_address_range: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Template {
    #[serde(deserialize_with = "nullable")]
    pub(super) containers: Vec<Container>,
    #[serde(deserialize_with = "nullable")]
    pub(super) init_containers: Vec<Container>,
    #[serde(deserialize_with = "nullable")]
    pub(super) scale: Scale,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Scale {
    pub(super) min_replicas: Option<u32>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Container {
    #[serde(deserialize_with = "nullable")]
    pub(super) name: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) image: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) env: Vec<Variable>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Variable {
    #[serde(deserialize_with = "nullable")]
    pub(super) name: String,
    pub(super) secret_ref: Option<String>,
    pub(super) value: Option<IgnoredAny>,
}

/// What a revision runs.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Runs {
    pub(super) active: Option<bool>,
    pub(super) replicas: Option<u32>,
    #[serde(deserialize_with = "nullable")]
    pub(super) template: Template,
}
