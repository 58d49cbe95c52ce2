//! From the manager's words to ours. Refuses the network.

use domain::cluster::Cluster;
use serde_json::{Value, json};

use super::clusters::cluster;
use crate::azure::place::tests::place;

fn read(properties: Value) -> Cluster {
    let told = json!({
        "id": "/x/prod", "name": "prod", "location": "westeurope", "sku": {"name": "Base", "tier": "Standard"},
        "properties": properties,
    });
    cluster(&place(), &serde_json::from_value(told).unwrap())
}

#[track_caller]
fn check(properties: Value, version: &str, public: bool, networks: &[&str]) {
    let found = read(properties);
    assert_eq!(found.name, "prod (aks 00000001-0000-4000-8000-000000000001 westeurope)");
    assert_eq!((found.version.as_deref(), found.public_endpoint), (Some(version), Some(public)));
    assert_eq!(found.allowed_networks, networks);
}

#[test]
fn a_control_plane_is_open_limited_or_private() {
    check(json!({"kubernetesVersion": "1.33"}), "1.33", true, &[]);
    let office = json!({"authorizedIPRanges": ["198.51.100.0/24"], "enablePrivateCluster": false});
    let running = json!({"kubernetesVersion": "1.33", "currentKubernetesVersion": "1.33.2", "apiServerAccessProfile": office});
    check(running, "1.33.2", true, &["198.51.100.0/24"]);
    let private =
        json!({"kubernetesVersion": "1.33", "apiServerAccessProfile": {"enablePrivateCluster": true}});
    check(private, "1.33", false, &[]);
}

#[test]
fn what_was_not_told_is_unknown() {
    let found = read(json!({"securityProfile": null, "addonProfiles": null}));
    let managed = Some("Standard".to_owned());
    let expected = Cluster {
        name: found.name.clone(),
        kind: "aks".to_owned(),
        account: found.account.clone(),
        region: found.region.clone(),
        public_endpoint: Some(true),
        managed,
        ..Cluster::default()
    };
    assert_eq!(found, expected);
}

#[test]
fn a_cluster_with_everything_is_told_with_everything() {
    let found = read(json!({
        "autoUpgradeProfile": {"upgradeChannel": "patch", "nodeOSUpgradeChannel": "NodeImage"},
        "disableLocalAccounts": true, "supportPlan": "AKSLongTermSupport",
        "networkProfile": {"networkPolicy": "cilium"},
        "aadProfile": {"managed": true, "enableAzureRBAC": false},
        "apiServerAccessProfile": {"disableRunCommand": true},
        "securityProfile": {
            "workloadIdentity": {"enabled": true}, "azureKeyVaultKms": {"enabled": true, "keyId": "x"},
            "defender": {"securityMonitoring": {"enabled": true}}, "imageCleaner": {"enabled": false},
        },
        "addonProfiles": {"azurepolicy": {"enabled": true, "config": null}},
    }));
    assert_eq!((found.channel.as_deref(), found.network_policy.as_deref()), (Some("patch"), Some("cilium")));
    assert_eq!((found.workload_identity, found.legacy_access), (Some(true), Some(Vec::new())));
    assert_eq!(found.secrets_encryption.as_deref(), Some("customer-managed key"));
    let settings: Vec<String> = found
        .settings
        .iter()
        .map(|one| format!("{} {} {:?}", one.key, one.value, one.judged.as_ref().map(|word| word.safe)))
        .collect();
    assert_eq!(
        settings,
        [
            "directory-sign-in on Some(true)",
            "directory-authorization off Some(false)",
            "policy-addon on Some(true)",
            "runtime-sensor on None",
            "image-cleaner off None",
            "run-command off Some(true)",
            "node-image-channel NodeImage None",
            "support-plan AKSLongTermSupport None",
        ]
    );
    let open = read(
        json!({"disableLocalAccounts": false, "securityProfile": {"azureKeyVaultKms": {"enabled": false}}}),
    );
    assert_eq!(open.legacy_access.unwrap(), ["local accounts"]);
    assert_eq!(open.secrets_encryption.as_deref(), Some("none"));
}

#[test]
fn pools_are_groups_of_nodes() {
    let pool = |more: Value| {
        let mut told = json!({
            "name": "work", "count": 4, "vmSize": "Standard_D4s_v5", "osSKU": "AzureLinux",
            "orchestratorVersion": "1.33", "currentOrchestratorVersion": "1.33.2", "minCount": 1, "maxCount": 10,
            "nodeImageVersion": "AKSAzureLinux-V3gen2-202610.20.0", "enableNodePublicIP": false,
        });
        told.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        read(json!({ "agentPoolProfiles": [told] }))
    };
    let found = pool(json!({"enableAutoScaling": true, "availabilityZones": ["1", "2"], "mode": "User"}));
    assert_eq!(found.private_nodes, Some(true));
    let group = &found.node_groups.unwrap()[0];
    assert_eq!((group.least, group.wanted, group.most), (Some(1), Some(4), Some(10)));
    assert_eq!((group.version.as_deref(), group.sandbox.as_deref()), (Some("1.33.2"), None));
    assert_eq!(
        (group.image.as_deref(), group.zones.as_slice()),
        (Some("AzureLinux"), &["1", "2"].map(String::from)[..])
    );
    assert_eq!(group.release.as_deref(), Some("AKSAzureLinux-V3gen2-202610.20.0"));
    assert!(group.issues.is_empty());
    for (more, sandbox) in [("OCIContainer", "none"), ("KataVmIsolation", "Kata"), ("WasmWasi", "WasmWasi")] {
        let group = pool(json!({"workloadRuntime": more})).node_groups.unwrap().remove(0);
        assert_eq!(group.sandbox.as_deref(), Some(sandbox));
        assert_eq!((group.least, group.most), (None, None), "what does not scale has no bounds");
    }
    let ill = pool(json!({"provisioningState": "Failed", "enableNodePublicIP": true}));
    assert_eq!(ill.private_nodes, Some(false));
    assert_eq!(ill.node_groups.unwrap()[0].issues, ["Failed: the last change of the pool did not succeed"]);
    let silent = read(json!({"agentPoolProfiles": [{"name": "work", "vmSize": null}]}));
    assert_eq!((silent.private_nodes, silent.node_groups.unwrap()[0].machines.len()), (None, 0));
    assert_eq!(read(json!({"agentPoolProfiles": []})).node_groups, Some(Vec::new()), "told to have none");
}
