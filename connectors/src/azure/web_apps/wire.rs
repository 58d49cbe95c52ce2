//! Sites as the manager writes them, only the fields that are used. Refuses to interpret; every field may be absent.

use serde::Deserialize;

use crate::azure::wire::{Resource, nullable};

pub(super) type Site = Resource<Properties>;
pub(super) type SiteConfig = Resource<Config>;
pub(super) type SiteContainer = Resource<Beside>;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Properties {
    #[serde(deserialize_with = "nullable")]
    pub(super) state: String,
    pub(super) default_host_name: Option<String>,
    pub(super) public_network_access: Option<String>,
    pub(super) client_cert_enabled: Option<bool>,
    pub(super) client_cert_mode: Option<String>,
    #[serde(deserialize_with = "nullable")]
    pub(super) site_config: Config,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Config {
    #[serde(deserialize_with = "nullable")]
    pub(super) linux_fx_version: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) windows_fx_version: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) ip_security_restrictions: Vec<Restriction>,
    pub(super) ip_security_restrictions_default_action: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Restriction {
    #[serde(deserialize_with = "nullable")]
    pub(super) action: String,
    #[serde(deserialize_with = "nullable")]
    pub(super) ip_address: String,
    pub(super) vnet_subnet_resource_id: Option<String>,
}

/// One of several containers of a site.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Beside {
    #[serde(deserialize_with = "nullable")]
    pub(super) image: String,
}
