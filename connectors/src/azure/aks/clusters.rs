//! Clusters, their control plane and how they are set up. Refuses an end of support, which no list of versions tells,
//! and kinds of logs, which are settings of another provider.

use domain::cluster::Cluster as Observed;
use domain::setting::Setting;

use super::pools;
use super::wire::{Cluster, Properties, Switch};
use crate::azure::POLICY;
use crate::azure::place::{Place, location};

/// The benchmark that speaks of clusters, and its recommendations.
const AUTHORIZATION: &str = "CIS AKS Benchmark 5.5.2";
const SIGN_IN: &str = "CIS AKS Benchmark 5.5.1";

/// A cluster as the manager describes it.
pub(super) fn cluster(place: &Place, told: &Cluster) -> Observed {
    let properties = &told.properties;
    let public = is_public(properties);
    let access = properties.api_server_access_profile.as_ref();
    let networks = access.map(|access| access.authorized_ip_ranges.as_slice()).unwrap_or_default();
    let running = properties.current_kubernetes_version.clone();
    let channels = properties.auto_upgrade_profile.as_ref();
    let network = properties.network_profile.as_ref();
    Observed {
        name: place.named("aks", &told.name, &told.location),
        kind: "aks".to_owned(),
        account: Some(place.account.clone()),
        region: Some(location(&told.location)),
        version: running.or_else(|| properties.kubernetes_version.clone()),
        support_ends_at: None,
        public_endpoint: Some(public),
        allowed_networks: networks.iter().filter(|_| public).cloned().collect(),
        logging: None,
        channel: channels.and_then(|channels| channels.upgrade_channel.clone()),
        managed: told.sku.name.as_deref().and_then(managed).map(str::to_owned),
        private_nodes: are_private(properties),
        network_policy: network.and_then(|network| network.network_policy.clone()),
        workload_identity: on(properties.security_profile.workload_identity.as_ref()),
        legacy_access: properties.disable_local_accounts.map(local_accounts),
        secrets_encryption: secrets(properties),
        settings: settings(properties),
        node_groups: properties
            .agent_pool_profiles
            .as_ref()
            .map(|pools| pools.iter().map(pools::group).collect()),
        created_at: None,
    }
}

/// A control plane is public unless it was made private: then even its public name leads inside.
pub(super) fn is_public(properties: &Properties) -> bool {
    let access = properties.api_server_access_profile.as_ref();
    let private = access.is_some_and(|access| access.enable_private_cluster == Some(true));
    let closed = properties.public_network_access.as_deref() == Some("Disabled");
    !private && !closed
}

/// Who keeps the nodes; clusters that are not automatic are called base.
fn managed(sku: &str) -> Option<&'static str> {
    match sku {
        "Automatic" => Some("Automatic"),
        "Base" | "Basic" => Some("Standard"),
        _ => None,
    }
}

/// Whether no pool gives its nodes public addresses; unknown where a pool does not tell, or there is none.
fn are_private(properties: &Properties) -> Option<bool> {
    let pools = properties.agent_pool_profiles.as_ref().filter(|pools| !pools.is_empty())?;
    let public: Option<Vec<bool>> = pools.iter().map(|pool| pool.enable_node_public_ip).collect();
    Some(!public?.contains(&true))
}

fn local_accounts(disabled: bool) -> Vec<String> {
    if disabled { Vec::new() } else { vec!["local accounts".to_owned()] }
}

fn secrets(properties: &Properties) -> Option<String> {
    let own = on(properties.security_profile.azure_key_vault_kms.as_ref())?;
    Some(if own { "customer-managed key" } else { "none" }.to_owned())
}

fn on(switch: Option<&Switch>) -> Option<bool> {
    switch?.enabled
}

fn settings(told: &Properties) -> Vec<Setting> {
    let security = &told.security_profile;
    let access = told.api_server_access_profile.as_ref();
    let switch = |key: &str, on: Option<bool>| on.map(|on| Setting::switch(key, on));
    let authorization = told.aad_profile.as_ref().and_then(|directory| directory.enable_azure_rbac);
    let addons = on(told.addon_profiles.get("azurepolicy"));
    let sensor = security.defender.as_ref().and_then(|defender| on(defender.security_monitoring.as_ref()));
    let settings = [
        told.aad_profile.as_ref().map(|_| Setting::switch("directory-sign-in", true).judged(true, SIGN_IN)),
        authorization.map(|on| Setting::switch("directory-authorization", on).judged(on, AUTHORIZATION)),
        addons.map(|on| Setting::switch("policy-addon", on).judged(on, POLICY)),
        switch("runtime-sensor", sensor),
        switch("image-cleaner", on(security.image_cleaner.as_ref())),
        access
            .and_then(|access| access.disable_run_command)
            .map(|off| Setting::switch("run-command", !off).judged(off, POLICY)),
        told.auto_upgrade_profile
            .as_ref()
            .and_then(|channels| channels.node_os_upgrade_channel.as_ref())
            .map(|channel| Setting::new("node-image-channel", channel)),
        told.support_plan.as_ref().map(|plan| Setting::new("support-plan", plan)),
    ];
    settings.into_iter().flatten().collect()
}
