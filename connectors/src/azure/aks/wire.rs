//! A cluster as the manager writes it, only the fields that are used. Refuses to interpret; every field may be
//! absent.

use serde::Deserialize;

use crate::azure::wire::{Resource, nullable};

pub(super) type Cluster = Resource<Properties>;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Properties {
    pub(super) kubernetes_version: Option<String>,
    pub(super) current_kubernetes_version: Option<String>,
    pub(super) public_network_access: Option<String>,
    pub(super) api_server_access_profile: Option<Access>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Access {
    #[serde(rename = "authorizedIPRanges", deserialize_with = "nullable")]
    pub(super) authorized_ip_ranges: Vec<String>,
    pub(super) enable_private_cluster: Option<bool>,
}
