//! What only a registry of Azure can be set to, in a list, with what Microsoft's built-in policies want where they
//! want something. Refuses a setting that the manager did not tell.

use domain::setting::Setting;

use super::registries::{Policies, Properties, Registry, Switch};
use crate::azure::POLICY;

/// The settings of a registry.
pub(super) fn of(registry: &Registry) -> Vec<Setting> {
    let told = &registry.properties;
    let policies = &told.policies;
    let unwanted = |key: &str, on: Option<bool>| on.map(|on| Setting::switch(key, on).judged(!on, POLICY));
    let switch = |key: &str, policy: &Option<Switch>| {
        policy.as_ref().and_then(Switch::is_on).map(|on| Setting::switch(key, on))
    };
    let word = |key: &str, value: &Option<String>| value.as_ref().map(|value| Setting::new(key, value));
    let settings = [
        word("tier", &registry.sku.name),
        network(told),
        unwanted("admin-user", told.admin_user_enabled),
        unwanted("anonymous-pull", told.anonymous_pull_enabled),
        unwanted("export", policies.export_policy.as_ref().and_then(Switch::is_on)),
        unwanted("arm-tokens", policies.arm_tokens_policy.as_ref().and_then(Switch::is_on)),
        switch("quarantine", &policies.quarantine_policy),
        switch("content-trust", &policies.trust_policy),
        told.data_endpoint_enabled.map(|on| Setting::switch("data-endpoint", on)),
        word("zone-redundancy", &told.zone_redundancy),
        word("role-mode", &told.role_assignment_mode),
    ];
    settings.into_iter().flatten().collect()
}

/// From where it is reached. Rules that refuse by default leave the networks that they name.
fn network(told: &Properties) -> Option<Setting> {
    let action = told.network_rule_set.as_ref().and_then(|rules| rules.default_action.as_deref());
    let (words, safe) = match (told.public_network_access.as_deref()?, action) {
        ("Disabled", _) => ("private endpoints only", true),
        ("Enabled", Some("Deny")) => ("selected networks", true),
        ("Enabled", _) => ("every network", false),
        (other, _) => return Some(Setting::new("public-network", other)),
    };
    Some(Setting::new("public-network", words).judged(safe, POLICY))
}

/// What removes images by itself.
pub(super) fn cleanup(policies: &Policies) -> Option<Vec<String>> {
    let policy = policies.retention_policy.as_ref()?;
    let words = match (policy.is_on()?, policy.days) {
        (false, _) => return Some(Vec::new()),
        (true, Some(days)) => format!("deletes untagged manifests after {days} days"),
        (true, None) => "deletes untagged manifests after a time that was not told".to_owned(),
    };
    Some(vec![words])
}
