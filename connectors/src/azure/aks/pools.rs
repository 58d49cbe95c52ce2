//! Node pools: which machines a cluster runs on, of which image, and what keeps containers from their kernel. Refuses
//! a fault where a pool is merely being changed.

use domain::cluster::NodeGroup;
use domain::setting::Setting;

use super::wire::Pool;
use crate::azure::POLICY;

/// The benchmark that speaks of nodes.
const PRIVATE: &str = "CIS AKS Benchmark 5.4.3";

/// What a pool is being, without anything wrong: every other word is one.
const FAULTS: [&str; 2] = ["Failed", "Canceled"];

/// A pool as the manager describes it.
pub(super) fn group(told: &Pool) -> NodeGroup {
    let scaled = told.enable_auto_scaling == Some(true);
    NodeGroup {
        name: told.name.clone(),
        image: told.os_sku.clone(),
        release: told.node_image_version.clone(),
        version: told.current_orchestrator_version.clone().or_else(|| told.orchestrator_version.clone()),
        machines: Some(told.vm_size.clone()).filter(|size| !size.is_empty()).into_iter().collect(),
        least: told.min_count.filter(|_| scaled),
        wanted: told.count,
        most: told.max_count.filter(|_| scaled),
        zones: told.availability_zones.clone(),
        sandbox: told.workload_runtime.as_deref().map(sandbox),
        settings: settings(told),
        issues: issue(told).into_iter().collect(),
    }
}

/// What stands between containers and the kernel. The word of the manager stays where it is none of the known.
fn sandbox(runtime: &str) -> String {
    match runtime {
        "OCIContainer" => "none",
        "KataMshvVmIsolation" | "KataVmIsolation" | "KataCcIsolation" => "Kata",
        other => other,
    }
    .to_owned()
}

fn settings(told: &Pool) -> Vec<Setting> {
    let settings = [
        told.mode.as_ref().map(|mode| Setting::new("mode", mode)),
        told.enable_node_public_ip.map(|on| Setting::switch("public-addresses", on).judged(!on, PRIVATE)),
        told.enable_encryption_at_host.map(|on| Setting::switch("encryption-at-host", on).judged(on, POLICY)),
        told.enable_fips.map(|on| Setting::switch("fips", on)),
    ];
    settings.into_iter().flatten().collect()
}

fn issue(told: &Pool) -> Option<String> {
    let state = told.provisioning_state.as_str();
    FAULTS.contains(&state).then(|| format!("{state}: the last change of the pool did not succeed"))
}
