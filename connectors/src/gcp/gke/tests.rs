//! From what Kubernetes Engine tells to clusters. Refuses the network.

use domain::cluster::Cluster;
use serde_json::{Value, json};

use super::clusters::cluster;
use super::{is_in, wire};
use crate::gcp::place::tests::place;

fn read(more: Value, support: Value) -> Cluster {
    let mut told = json!({
        "name": "shop",
        "location": "europe-west1-b",
        "status": "RUNNING",
        "currentMasterVersion": "1.34.4-gke.1193000",
        "createTime": "2025-09-01T08:00:00+00:00",
        "loggingService": "logging.googleapis.com/kubernetes",
    });
    told.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    let told: wire::Cluster = serde_json::from_value(told).unwrap();
    cluster(&place(), &told, &serde_json::from_value(support).unwrap())
}

#[test]
fn a_cluster_with_what_is_known_of_it() {
    let found = read(json!({}), json!({}));
    assert_eq!(found.name, "shop (gke shop-prod europe-west1-b)");
    assert_eq!((found.kind.as_str(), found.region.as_deref()), ("gke", Some("europe-west1-b")));
    assert_eq!(found.version.as_deref(), Some("1.34.4-gke.1193000"));
    assert_eq!((found.support_ends_at, found.logging), (None, None), "not told");
    assert!(found.created_at.is_some());
}

#[track_caller]
fn check(more: Value, public: bool, allowed: &[&str]) {
    let found = read(more, json!({}));
    assert_eq!(
        (found.public_endpoint, found.allowed_networks),
        (Some(public), allowed.iter().map(|one| (*one).to_owned()).collect())
    );
}

#[test]
fn control_planes_told_the_old_way() {
    check(json!({}), true, &["0.0.0.0/0"]);
    check(json!({"privateClusterConfig": {"enablePrivateNodes": true}}), true, &["0.0.0.0/0"]);
    check(json!({"privateClusterConfig": {"enablePrivateEndpoint": true}}), false, &[]);
    let office = json!({
        "enabled": true,
        "cidrBlocks": [{"cidrBlock": "198.51.100.0/24"}],
        "gcpPublicCidrsAccessEnabled": true,
    });
    check(
        json!({"masterAuthorizedNetworksConfig": office}),
        true,
        &["198.51.100.0/24", "Google Cloud public IP addresses"],
    );
    check(json!({"masterAuthorizedNetworksConfig": {"enabled": true}}), true, &["the cluster's own network"]);
}

#[test]
fn control_planes_told_the_new_way() {
    let ip = |more: Value| json!({"controlPlaneEndpointsConfig": more});
    check(
        ip(json!({"ipEndpointsConfig": {"enabled": true, "enablePublicEndpoint": true}})),
        true,
        &["0.0.0.0/0"],
    );
    check(ip(json!({"ipEndpointsConfig": {"enabled": true}})), false, &[]);
    check(ip(json!({"ipEndpointsConfig": {"enabled": false, "enablePublicEndpoint": true}})), false, &[]);
    check(
        ip(
            json!({"ipEndpointsConfig": {"enabled": true}, "dnsEndpointConfig": {"allowExternalTraffic": true}}),
        ),
        true,
        &["0.0.0.0/0"],
    );
}

#[test]
fn support_goes_on_in_the_extended_channel_alone() {
    let support = json!({
        "endOfStandardSupportTimestamp": "2026-12-01T00:00:00Z",
        "endOfExtendedSupportTimestamp": "2027-10-01T00:00:00Z",
    });
    let ends = |channel: &str| {
        read(json!({"releaseChannel": {"channel": channel}}), support.clone())
            .support_ends_at
            .unwrap()
            .to_rfc3339()
    };
    assert_eq!(ends("REGULAR"), "2026-12-01T00:00:00+00:00");
    assert_eq!(ends("EXTENDED"), "2027-10-01T00:00:00+00:00");
}

#[test]
fn logs_that_are_kept() {
    let kept =
        json!({"loggingConfig": {"componentConfig": {"enableComponents": ["WORKLOADS", "APISERVER"]}}});
    assert_eq!(read(kept, json!({})).logging.unwrap(), ["APISERVER", "WORKLOADS"]);
    assert_eq!(read(json!({"loggingService": "none"}), json!({})).logging.unwrap(), [""; 0]);
}

#[test]
fn zones_are_in_their_region() {
    assert!(is_in("europe-west1", "europe-west1") && is_in("europe-west1-b", "europe-west1"));
    assert!(!is_in("europe-west12", "europe-west1") && !is_in("europe-west1", "europe-west1-b"));
}

#[test]
fn messages_that_are_absent_say_nothing_and_empty_ones_are_off() {
    let silent = read(json!({}), json!({}));
    let told = [silent.channel, silent.managed, silent.network_policy, silent.secrets_encryption];
    assert_eq!(told, [const { None }; 4]);
    assert_eq!((silent.private_nodes, silent.workload_identity, silent.legacy_access), (None, None, None));
    assert_eq!(silent.settings, []);
    let off = read(
        json!({
            "releaseChannel": {}, "autopilot": {}, "networkPolicy": {}, "privateClusterConfig": {},
            "workloadIdentityConfig": {}, "legacyAbac": {}, "databaseEncryption": {"state": "DECRYPTED"},
            "networkConfig": {"datapathProvider": "LEGACY_DATAPATH"}, "shieldedNodes": {},
            "binaryAuthorization": {"evaluationMode": "DISABLED"}, "addonsConfig": {"kubernetesDashboard": {}},
            "securityPostureConfig": {"mode": "BASIC", "vulnerabilityMode": "VULNERABILITY_DISABLED"},
        }),
        json!({}),
    );
    let told = [off.channel, off.managed, off.network_policy, off.secrets_encryption].map(Option::unwrap);
    assert_eq!(told, ["none", "Standard", "none", "none"]);
    assert_eq!((off.private_nodes, off.workload_identity), (Some(false), Some(false)));
    assert_eq!(off.legacy_access.unwrap(), [""; 0]);
    assert_eq!(
        shown(&off.settings),
        [
            "binary-authorization DISABLED (unsafe)",
            "shielded-nodes off (unsafe)",
            "intranode-visibility off (unsafe)",
            "dashboard on (unsafe)",
            "security-posture BASIC (safe)",
            "workload-scanning VULNERABILITY_DISABLED",
        ]
    );
}

fn shown(settings: &[domain::setting::Setting]) -> Vec<String> {
    let show = |one: &domain::setting::Setting| match &one.judged {
        Some(word) => format!("{} {} ({})", one.key, one.value, if word.safe { "safe" } else { "unsafe" }),
        None => format!("{} {}", one.key, one.value),
    };
    settings.iter().map(show).collect()
}

#[test]
fn a_cluster_that_is_set_up_well_is_told_so() {
    let safe = read(
        json!({
            "releaseChannel": {"channel": "RAPID"}, "autopilot": {"enabled": true},
            "privateClusterConfig": {"enablePrivateNodes": true},
            "networkConfig": {"datapathProvider": "ADVANCED_DATAPATH", "enableIntraNodeVisibility": true},
            "workloadIdentityConfig": {"workloadPool": "shop-prod.svc.id.goog"},
            "databaseEncryption": {"state": "ENCRYPTED", "keyName": "projects/x/keys/etcd"},
            "binaryAuthorization": {"evaluationMode": "PROJECT_SINGLETON_POLICY_ENFORCE"},
        }),
        json!({}),
    );
    assert_eq!((safe.channel.as_deref(), safe.managed.as_deref()), (Some("RAPID"), Some("Autopilot")));
    assert_eq!((safe.private_nodes, safe.workload_identity), (Some(true), Some(true)));
    assert_eq!(safe.network_policy.as_deref(), Some("Dataplane V2"));
    assert_eq!(safe.secrets_encryption.as_deref(), Some("customer-managed key"));
    assert_eq!(safe.node_groups, None, "Google keeps the nodes and shows no pool");
    assert!(safe.settings.iter().all(|one| one.judged.as_ref().is_some_and(|word| word.safe)));
    let old = json!({
        "legacyAbac": {"enabled": true}, "networkPolicy": {"provider": "CALICO", "enabled": true},
        "masterAuth": {"username": "admin", "clientCertificateConfig": {"issueClientCertificate": true}},
        "binaryAuthorization": {"evaluationMode": "POLICY_BINDINGS"},
    });
    let old = read(old, json!({}));
    let ways = ["authorization by attributes (ABAC)", "a password", "client certificates"];
    assert_eq!(old.legacy_access.unwrap(), ways);
    assert_eq!(old.network_policy.as_deref(), Some("calico"));
    assert_eq!(shown(&old.settings), ["binary-authorization POLICY_BINDINGS"], "it merely watches");
    assert_eq!(old.node_groups, Some(Vec::new()), "a list that is absent is empty");
}

#[test]
fn pools_are_groups_of_nodes_with_the_bounds_of_all_their_zones() {
    let group = |more: Value| {
        let mut pool = json!({
            "name": "general", "version": "1.33.8-gke.1026000", "status": "RUNNING",
            "config": {"machineType": "e2-standard-4", "imageType": "COS_CONTAINERD"},
        });
        pool.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        let told = json!({"locations": ["europe-west1-b", "europe-west1-c"], "nodePools": [pool]});
        read(told, json!({})).node_groups.unwrap().remove(0)
    };
    let plain = group(json!({}));
    assert_eq!((plain.least, plain.wanted, plain.most, plain.sandbox), (None, None, None, None));
    assert_eq!(plain.zones, ["europe-west1-b", "europe-west1-c"], "those of the cluster");
    assert_eq!(
        (plain.image.as_deref(), plain.machines[0].as_str()),
        (Some("COS_CONTAINERD"), "e2-standard-4")
    );
    assert!(plain.settings.is_empty() && plain.issues.is_empty());
    let scaled = group(json!({"autoscaling": {"enabled": true, "minNodeCount": 1, "maxNodeCount": 5}}));
    assert_eq!((scaled.least, scaled.most), (Some(2), Some(10)));
    let total = json!({"enabled": true, "totalMaxNodeCount": 7});
    let total = group(json!({"autoscaling": total, "locations": ["europe-west1-d"]}));
    assert_eq!((total.least, total.most, total.zones.len()), (Some(0), Some(7), 1));
    let config = json!({
        "serviceAccount": "default", "spot": true, "sandboxConfig": {"type": "GVISOR"},
        "workloadMetadataConfig": {"mode": "GCE_METADATA"},
        "shieldedInstanceConfig": {"enableIntegrityMonitoring": true},
    });
    let conditions = json!([{"canonicalCode": "RESOURCE_EXHAUSTED", "message": "no quota"}]);
    let set = group(json!({"config": config, "management": {"autoRepair": true}, "conditions": conditions}));
    assert_eq!(set.sandbox.as_deref(), Some("gVisor"));
    assert_eq!(
        shown(&set.settings),
        [
            "node-metadata GCE_METADATA (unsafe)",
            "node-identity default (unsafe)",
            "auto-upgrade off (unsafe)",
            "auto-repair on (safe)",
            "secure-boot off (unsafe)",
            "integrity-monitoring on (safe)",
            "spot on",
        ]
    );
    assert_eq!(set.issues, ["RESOURCE_EXHAUSTED: no quota"]);
    assert_eq!(group(json!({"status": "ERROR"})).issues, ["ERROR"]);
}
