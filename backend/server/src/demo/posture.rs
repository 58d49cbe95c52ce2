//! How the demo's clusters and registries are set up, besides what they are: some better than others, some in
//! silence. Refuses what their connectors would not tell.

use domain::cluster::{Cluster, NodeGroup};
use domain::registry::Repository;
use domain::setting::Setting;

const CIS_GKE: &str = "CIS GKE Benchmark";
const POLICY: &str = "Azure Policy";

/// A repository with what its registry is set to.
pub(super) fn of_repository(plain: Repository) -> Repository {
    match plain.account.as_ref().map(|account| account.provider.as_str()) {
        Some("azure") => Repository {
            cleanup: Some(vec!["deletes untagged manifests after 30 days".to_owned()]),
            settings: vec![
                Setting::new("tier", "Premium"),
                Setting::new("public-network", "every network").judged(false, POLICY),
                Setting::switch("admin-user", true).judged(false, POLICY),
                Setting::switch("anonymous-pull", false).judged(true, POLICY),
                Setting::switch("content-trust", false),
            ],
            ..plain
        },
        Some("gcp") => Repository {
            cleanup: Some(Vec::new()),
            settings: vec![Setting::new("repository-kind", "standard")],
            ..plain
        },
        _ => plain,
    }
}

/// A cluster with what its product is set to.
pub(super) fn of_cluster(plain: Cluster) -> Cluster {
    match plain.kind.as_str() {
        "eks" => {
            let secrets_encryption = (plain.name == "eks-prod-eu").then(|| "customer-managed key".to_owned());
            Cluster { secrets_encryption, ..plain }
        }
        "aks" => azure(plain),
        "gke" => google(plain),
        _ => plain,
    }
}

fn azure(plain: Cluster) -> Cluster {
    let pool = |name: &str, mode: &str, count: u32| NodeGroup {
        name: name.to_owned(),
        image: Some("Ubuntu".to_owned()),
        release: Some("AKSUbuntu-2204gen2containerd-202611.05.0".to_owned()),
        version: plain.version.clone(),
        machines: vec!["Standard_D8s_v5".to_owned()],
        wanted: Some(count),
        zones: ["1", "2", "3"].map(str::to_owned).to_vec(),
        sandbox: Some("none".to_owned()),
        settings: vec![
            Setting::new("mode", mode),
            Setting::switch("public-addresses", false).judged(true, "CIS AKS Benchmark 5.4.3"),
            Setting::switch("encryption-at-host", false).judged(false, POLICY),
        ],
        ..NodeGroup::default()
    };
    Cluster {
        channel: Some("none".to_owned()),
        managed: Some("Standard".to_owned()),
        private_nodes: Some(true),
        network_policy: Some("calico".to_owned()),
        workload_identity: Some(true),
        legacy_access: Some(vec!["local accounts".to_owned()]),
        settings: vec![
            Setting::switch("directory-authorization", true).judged(true, "CIS AKS Benchmark 5.5.2"),
            Setting::switch("policy-addon", false).judged(false, POLICY),
            Setting::new("node-image-channel", "None"),
            Setting::new("support-plan", "KubernetesOfficial"),
        ],
        node_groups: Some(vec![pool("system", "System", 3), pool("work", "User", 7)]),
        ..plain
    }
}

fn google(plain: Cluster) -> Cluster {
    let wanted =
        |key: &str, on: bool, item: &str| Setting::switch(key, on).judged(on, &format!("{CIS_GKE} {item}"));
    let pool = NodeGroup {
        name: "data".to_owned(),
        image: Some("COS_CONTAINERD".to_owned()),
        version: plain.version.clone(),
        machines: vec!["n2-standard-8".to_owned()],
        least: Some(3),
        most: Some(12),
        zones: vec!["us-central1-a".to_owned(), "us-central1-b".to_owned()],
        sandbox: Some("gVisor".to_owned()),
        settings: vec![wanted("auto-upgrade", true, "5.5.3"), wanted("secure-boot", false, "5.5.7")],
        ..NodeGroup::default()
    };
    Cluster {
        channel: Some("REGULAR".to_owned()),
        managed: Some("Standard".to_owned()),
        private_nodes: Some(true),
        network_policy: Some("Dataplane V2".to_owned()),
        workload_identity: Some(true),
        legacy_access: Some(Vec::new()),
        secrets_encryption: Some("none".to_owned()),
        settings: vec![
            wanted("shielded-nodes", true, "5.5.5"),
            wanted("intranode-visibility", false, "5.6.1"),
        ],
        node_groups: Some(vec![pool]),
        ..plain
    }
}
