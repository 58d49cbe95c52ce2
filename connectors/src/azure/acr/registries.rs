//! The registries of a subscription and how they are set up. Refuses those that the settings leave out, and a
//! server's name that could lead elsewhere.

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
    pub(super) anonymous_pull_enabled: Option<bool>,
    pub(super) public_network_access: Option<String>,
    pub(super) network_rule_set: Option<Rules>,
    pub(super) encryption: Option<Switch>,
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

impl Properties {
    /// Whether anyone may pull without login: allowed to nobody in particular, from everywhere.
    pub(super) fn is_public(&self) -> Option<bool> {
        let anonymous = self.anonymous_pull_enabled?;
        let closed = self.public_network_access.as_deref() == Some("Disabled");
        let action = self.network_rule_set.as_ref().and_then(|rules| rules.default_action.as_deref());
        Some(anonymous && !closed && action != Some("Deny"))
    }

    /// With whose key its content is encrypted.
    pub(super) fn encryption(&self) -> Option<String> {
        let words = match self.encryption.as_ref()?.status.as_deref()? {
            "enabled" => "customer-managed key",
            "disabled" => "Microsoft-managed key",
            _ => return None,
        };
        Some(words.to_owned())
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

/// The host of a registry, if it is one: a name and nothing besides.
pub(super) fn host(registry: &Registry) -> Option<String> {
    let host = registry.properties.login_server.to_ascii_lowercase();
    let right = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
    (host.contains('.') && host.bytes().all(right)).then_some(host)
}
