//! The registries of a subscription and how they are set up. Refuses those that the settings leave out, and a
//! server's name that could lead elsewhere.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::Failure;
use crate::azure::ask::Ask;
use crate::azure::wire::{Resource, nullable};

/// The version of the manager's interface.
pub(super) const VERSION: &str = "2025-11-01";
const ACTION: &str = "Microsoft.ContainerRegistry/registries/read";

/// A registry as the manager tells it.
pub(super) type Registry = Resource<Properties>;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Properties {
    #[serde(deserialize_with = "nullable")]
    pub(super) login_server: String,
    pub(super) admin_user_enabled: Option<bool>,
    pub(super) anonymous_pull_enabled: Option<bool>,
    pub(super) data_endpoint_enabled: Option<bool>,
    #[serde(deserialize_with = "nullable")]
    pub(super) policies: Policies,
    pub(super) public_network_access: Option<String>,
    pub(super) network_rule_set: Option<Rules>,
    pub(super) encryption: Option<Switch>,
    pub(super) role_assignment_mode: Option<String>,
    pub(super) zone_redundancy: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Policies {
    pub(super) quarantine_policy: Option<Switch>,
    pub(super) trust_policy: Option<Switch>,
    pub(super) retention_policy: Option<Kept>,
    pub(super) export_policy: Option<Switch>,
    #[serde(rename = "azureADAuthenticationAsArmPolicy")]
    pub(super) arm_tokens_policy: Option<Switch>,
}

/// A policy that keeps something for some days.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Kept {
    pub(super) status: Option<String>,
    pub(super) days: Option<u32>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Rules {
    pub(super) default_action: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Switch {
    pub(super) status: Option<String>,
}

impl Switch {
    /// Whether it is on; unknown where it is written otherwise.
    pub(super) fn is_on(&self) -> Option<bool> {
        is_on(self.status.as_deref()?)
    }
}

impl Kept {
    /// Whether it is on, and for how many days.
    pub(super) fn is_on(&self) -> Option<bool> {
        is_on(self.status.as_deref()?)
    }
}

fn is_on(status: &str) -> Option<bool> {
    match status.to_ascii_lowercase().as_str() {
        "enabled" => Some(true),
        "disabled" => Some(false),
        _ => None,
    }
}

impl Properties {
    /// Whether anyone may pull without login: allowed to nobody in particular, from everywhere.
    pub(super) fn is_public(&self) -> Option<bool> {
        let anonymous = self.anonymous_pull_enabled?;
        let closed = self.is_closed();
        let action = self.network_rule_set.as_ref().and_then(|rules| rules.default_action.as_deref());
        Some(anonymous && !closed && action != Some("Deny"))
    }

    /// Whether it answers inside its network only.
    pub(super) fn is_closed(&self) -> bool {
        self.public_network_access.as_deref() == Some("Disabled")
    }

    /// With whose key its content is encrypted.
    pub(super) fn encryption(&self) -> Option<String> {
        let own = self.encryption.as_ref()?.is_on()?;
        Some(if own { "customer-managed key" } else { "Microsoft-managed key" }.to_owned())
    }
}

/// Every registry of the scope.
///
/// # Errors
/// When the list cannot be read to its end.
pub(super) async fn all(ask: &Ask<'_>) -> Result<Vec<Registry>, Failure> {
    let path = ask.below("Microsoft.ContainerRegistry/registries");
    let mut told: Vec<Registry> = ask.list(ACTION, &path, VERSION).await?;
    told.retain(|registry| {
        let name = registry.name.to_ascii_lowercase();
        ask.is_here(&registry.location) && !ask.settings.leave_out_registries.contains(&name)
    });
    Ok(told)
}

/// The host of every registry of the subscription by its id in lower case.
///
/// # Errors
/// When the list cannot be read to its end.
pub(in crate::azure) async fn hosts(ask: &Ask<'_>) -> Result<BTreeMap<String, String>, Failure> {
    let path = ask.below("Microsoft.ContainerRegistry/registries");
    let told: Vec<Registry> = ask.list(ACTION, &path, VERSION).await?;
    let hosts = told.iter().filter_map(|registry| Some((registry.id.to_ascii_lowercase(), host(registry)?)));
    Ok(hosts.collect())
}

/// The host of a registry, if it is one: a name and nothing besides.
pub(super) fn host(registry: &Registry) -> Option<String> {
    let host = registry.properties.login_server.to_ascii_lowercase();
    let right = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
    (host.contains('.') && host.bytes().all(right)).then_some(host)
}
