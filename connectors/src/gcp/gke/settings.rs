//! How a cluster is set up, and what its benchmark wants of what no other product has. Refuses to take a message that
//! is absent for what is off.

use domain::setting::Setting;

use super::wire::{BinaryAuthorization, Cluster, SecurityPosture};

/// The benchmark that speaks of these clusters, and its recommendations.
const DATAPATH: &str = "CIS GKE Benchmark 5.6.1";
const DASHBOARD: &str = "CIS GKE Benchmark 5.10.1";
const ADMISSION: &str = "CIS GKE Benchmark 5.10.4";
const POSTURE: &str = "CIS GKE Benchmark 5.10.5";
const SHIELDED: &str = "CIS GKE Benchmark 5.5.5";

/// What is none in our words.
const NONE: &str = "none";

/// The channel by which its version is raised.
pub(super) fn channel(told: &Cluster) -> Option<String> {
    let channel = told.release_channel.as_ref()?.channel.as_str();
    Some(if matches!(channel, "" | "UNSPECIFIED") { NONE } else { channel }.to_owned())
}

/// Who keeps its nodes.
pub(super) fn managed(told: &Cluster) -> Option<String> {
    told.autopilot.map(|autopilot| if autopilot.enabled { "Autopilot" } else { "Standard" }.to_owned())
}

/// Whether its nodes have no public address: told the new way, or the old one.
pub(super) fn private_nodes(told: &Cluster) -> Option<bool> {
    let newer = told.network_config.as_ref().and_then(|network| network.default_enable_private_nodes);
    let older = told.private_cluster_config.as_ref().map(|private| private.enable_private_nodes);
    match (newer, older) {
        (None, None) => None,
        (newer, older) => Some(newer == Some(true) || older == Some(true)),
    }
}

/// What enforces network policies: the data plane itself, or what was put beside it.
pub(super) fn network_policy(told: &Cluster) -> Option<String> {
    let datapath = told.network_config.as_ref().map(|network| network.datapath_provider.as_str());
    if datapath == Some("ADVANCED_DATAPATH") {
        return Some("Dataplane V2".to_owned());
    }
    let policy = told.network_policy.as_ref()?;
    Some(if policy.enabled { policy.provider.to_ascii_lowercase() } else { NONE.to_owned() })
}

/// The ways in that Google's directory knows nothing of.
pub(super) fn legacy_access(told: &Cluster) -> Option<Vec<String>> {
    let mut ways = Vec::new();
    if told.legacy_abac?.enabled {
        ways.push("authorization by attributes (ABAC)");
    }
    if let Some(auth) = &told.master_auth {
        if !auth.username.is_empty() {
            ways.push("a password");
        }
        if auth.client_certificate_config.issue_client_certificate {
            ways.push("client certificates");
        }
    }
    Some(ways.into_iter().map(str::to_owned).collect())
}

/// With whose key secrets are encrypted besides the disk.
pub(super) fn secrets(told: &Cluster) -> Option<String> {
    match told.database_encryption.as_ref()?.state.as_str() {
        "ENCRYPTED" => Some("customer-managed key".to_owned()),
        "DECRYPTED" => Some(NONE.to_owned()),
        _ => None,
    }
}

/// What only Kubernetes Engine has.
pub(super) fn of(told: &Cluster) -> Vec<Setting> {
    let wanted = |key: &str, on: Option<bool>, by: &str| on.map(|on| Setting::switch(key, on).judged(on, by));
    let shielded = told.shielded_nodes.map(|shielded| shielded.enabled);
    let seen = told.network_config.as_ref().map(|network| network.enable_intra_node_visibility);
    let dashboard = told.addons_config.kubernetes_dashboard.map(|dashboard| !dashboard.disabled);
    let posture = told.security_posture_config.as_ref();
    let settings = [
        told.binary_authorization.as_ref().map(admission),
        wanted("shielded-nodes", shielded, SHIELDED),
        wanted("intranode-visibility", seen, DATAPATH),
        dashboard.map(|on| Setting::switch("dashboard", on).judged(!on, DASHBOARD)),
        posture.and_then(checks),
        posture
            .map(|posture| posture.vulnerability_mode.as_str())
            .filter(|mode| !mode.is_empty())
            .map(|mode| Setting::new("workload-scanning", mode)),
    ];
    settings.into_iter().flatten().collect()
}

/// Whether only images that a policy lets in may run. A mode that merely watches is neither wanted nor unwanted.
fn admission(told: &BinaryAuthorization) -> Setting {
    let mode = match told.evaluation_mode.as_str() {
        "" | "EVALUATION_MODE_UNSPECIFIED" => {
            if told.enabled {
                "on"
            } else {
                "off"
            }
        }
        mode => mode,
    };
    let setting = Setting::new("binary-authorization", mode);
    if mode == "on" || mode.contains("ENFORCE") {
        setting.judged(true, ADMISSION)
    } else if matches!(mode, "off" | "DISABLED") {
        setting.judged(false, ADMISSION)
    } else {
        setting
    }
}

fn checks(told: &SecurityPosture) -> Option<Setting> {
    let mode = Some(told.mode.as_str()).filter(|mode| !matches!(*mode, "" | "MODE_UNSPECIFIED"))?;
    Some(Setting::new("security-posture", mode).judged(mode != "DISABLED", POSTURE))
}
