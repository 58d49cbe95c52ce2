//! Node pools: which machines a cluster runs on, of which image, and what keeps containers from their kernel. Refuses
//! how many there are now: the API tells only with how many a pool began.

use domain::cluster::NodeGroup;
use domain::setting::Setting;

use super::wire::{Cluster, Condition, NodeConfig, NodePool};

/// The benchmark that speaks of these nodes, and its recommendations.
const IDENTITY: &str = "CIS GKE Benchmark 5.2.1";
const METADATA: &str = "CIS GKE Benchmark 5.4.1";
const REPAIR: &str = "CIS GKE Benchmark 5.5.2";
const UPGRADE: &str = "CIS GKE Benchmark 5.5.3";
const INTEGRITY: &str = "CIS GKE Benchmark 5.5.6";
const SECURE_BOOT: &str = "CIS GKE Benchmark 5.5.7";

/// The pools of a cluster. Where Google keeps the nodes, none that is told says nothing.
pub(super) fn groups(told: &Cluster) -> Option<Vec<NodeGroup>> {
    let hidden = told.node_pools.is_empty() && told.autopilot.is_some_and(|autopilot| autopilot.enabled);
    (!hidden).then(|| told.node_pools.iter().map(|pool| group(pool, &told.locations)).collect())
}

fn group(told: &NodePool, everywhere: &[String]) -> NodeGroup {
    let word = |word: &String| Some(word.clone()).filter(|word| !word.is_empty());
    let zones = if told.locations.is_empty() { everywhere } else { &told.locations };
    let (least, most) = bounds(told, zones.len());
    NodeGroup {
        name: told.name.clone(),
        image: word(&told.config.image_type),
        release: None,
        version: word(&told.version),
        machines: word(&told.config.machine_type).into_iter().collect(),
        least,
        wanted: None,
        most,
        zones: zones.to_vec(),
        sandbox: told.config.sandbox_config.as_ref().map(|sandbox| sandbox_word(&sandbox.kind)),
        settings: settings(told),
        issues: issues(told),
    }
}

/// The bounds of all zones together: told so, or for each of them.
fn bounds(told: &NodePool, zones: usize) -> (Option<u32>, Option<u32>) {
    let scaling = &told.autoscaling;
    let zones = u32::try_from(zones).unwrap_or_default();
    if !scaling.enabled {
        return (None, None);
    }
    if scaling.total_max_node_count > 0 {
        return (Some(scaling.total_min_node_count), Some(scaling.total_max_node_count));
    }
    let all = |of_each: u32| of_each.checked_mul(zones).filter(|_| zones > 0);
    (all(scaling.min_node_count), all(scaling.max_node_count))
}

fn sandbox_word(kind: &str) -> String {
    match kind {
        "GVISOR" => "gVisor",
        "" | "UNSPECIFIED" => "none",
        other => other,
    }
    .to_owned()
}

fn settings(told: &NodePool) -> Vec<Setting> {
    let wanted = |key: &str, on: bool, by: &str| Setting::switch(key, on).judged(on, by);
    let (config, management) = (&told.config, told.management.as_ref());
    let shielded = config.shielded_instance_config.as_ref();
    let settings = [
        metadata(config),
        Some(config.service_account.as_str())
            .filter(|account| !account.is_empty())
            .map(|account| Setting::new("node-identity", account).judged(account != "default", IDENTITY)),
        management.map(|management| wanted("auto-upgrade", management.auto_upgrade, UPGRADE)),
        management.map(|management| wanted("auto-repair", management.auto_repair, REPAIR)),
        shielded.map(|shielded| wanted("secure-boot", shielded.enable_secure_boot, SECURE_BOOT)),
        shielded
            .map(|shielded| wanted("integrity-monitoring", shielded.enable_integrity_monitoring, INTEGRITY)),
        (config.spot || config.preemptible).then(|| Setting::switch("spot", true)),
    ];
    settings.into_iter().flatten().collect()
}

/// Whose metadata pods see: those of their node hold its identity.
fn metadata(config: &NodeConfig) -> Option<Setting> {
    let mode = config.workload_metadata_config.as_ref()?.mode.as_str();
    let setting = Setting::new("node-metadata", mode);
    match mode {
        "" | "MODE_UNSPECIFIED" => None,
        "GKE_METADATA" => Some(setting.judged(true, METADATA)),
        "GCE_METADATA" => Some(setting.judged(false, METADATA)),
        _ => Some(setting),
    }
}

/// What Google says is wrong: its word, and its sentence where there is one.
fn issues(told: &NodePool) -> Vec<String> {
    let sentence = |word: &str, message: &str| {
        if message.is_empty() { word.to_owned() } else { format!("{word}: {message}") }
    };
    let word = |condition: &Condition| {
        let words = [&condition.code, &condition.canonical_code];
        let known = words.into_iter().find(|word| !matches!(word.as_str(), "" | "UNKNOWN"));
        known.map_or("UNKNOWN", String::as_str).to_owned()
    };
    let mut issues: Vec<String> =
        told.conditions.iter().map(|condition| sentence(&word(condition), &condition.message)).collect();
    if issues.is_empty() && matches!(told.status.as_str(), "ERROR" | "RUNNING_WITH_ERROR") {
        issues.push(sentence(&told.status, &told.status_message));
    }
    issues
}
