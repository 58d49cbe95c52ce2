//! From the manager's words to ours. Refuses the network.

use serde_json::{Value, json};

use super::clusters::cluster;
use crate::azure::place::tests::place;

#[track_caller]
fn check(properties: Value, version: &str, public: bool, networks: &[&str]) {
    let told = json!({"id": "/x/prod", "name": "prod", "location": "westeurope", "properties": properties});
    let found = cluster(&place(), &serde_json::from_value(told).unwrap());
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
