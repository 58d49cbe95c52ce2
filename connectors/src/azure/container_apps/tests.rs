//! From the manager's words to ours. Refuses the network.

use domain::exposure::Reach;
use serde_json::{Value, json};

use super::wire::{App, Environment, Revision};
use super::{apps, routes};
use crate::azure::place::tests::place;

const HOME: &str = "/subscriptions/1/resourceGroups/rg/providers/Microsoft.App/managedEnvironments/env";

fn app(configuration: Value) -> App {
    let template = json!({"containers": [{"name": "main", "image": "shop.azurecr.io/api:2"}], "scale": {"minReplicas": 2}});
    let told = json!({
        "id": "/subscriptions/1/resourceGroups/rg/providers/Microsoft.App/containerApps/api", "name": "api",
        "location": "West Europe",
        "properties": {"environmentId": HOME, "configuration": configuration, "template": template},
    });
    serde_json::from_value(told).unwrap()
}

fn revision(image: &str, active: bool, replicas: u32, env: Value) -> Revision {
    let template =
        json!({"containers": [{"name": "main", "image": image, "env": env}], "initContainers": null});
    serde_json::from_value(json!({
        "name": "r", "properties": {"active": active, "replicas": replicas, "template": template},
    }))
    .unwrap()
}

#[test]
fn a_container_stands_for_each_image_that_runs() {
    let revisions = [
        revision("shop.azurecr.io/api:2", true, 3, json!(null)),
        revision("shop.azurecr.io/api:1", true, 1, json!(null)),
        revision("shop.azurecr.io/api:2", true, 1, json!(null)),
        revision("shop.azurecr.io/api:0", false, 0, json!(null)),
    ];
    let found = apps::app(&place(), &app(json!({})), &revisions);
    let seen: Vec<_> = found.containers.iter().map(|one| (one.image.as_str(), one.running)).collect();
    assert_eq!(seen, [("shop.azurecr.io/api:2", 4), ("shop.azurecr.io/api:1", 1)]);
    assert_eq!(
        found.cluster.as_deref(),
        Some("env (container-apps 00000001-0000-4000-8000-000000000001 westeurope)")
    );
    assert_eq!((found.replicas, found.kind.as_str()), (Some(2), "ContainerApp"));
    let idle = apps::app(&place(), &app(json!({})), &[]);
    assert_eq!((idle.containers.len(), idle.containers[0].running), (1, 0), "what it is asked for");
}

#[test]
fn secrets_are_told_by_name() {
    let env = json!([
        {"name": "URL", "secretRef": "database"}, {"name": "PASSWORD", "value": "x"}, {"name": "LEVEL", "value": "x"},
    ]);
    let found = apps::app(&place(), &app(json!({})), &[revision("a:1", true, 1, env)]);
    assert_eq!(found.containers[0].security.secret_variables, ["URL", "PASSWORD (in plain text)"]);
}

#[test]
fn reach_is_that_of_ingress_and_environment() {
    let home = |properties: Value| -> Environment {
        serde_json::from_value(json!({"id": HOME, "name": "env", "properties": properties})).unwrap()
    };
    let open = home(json!({"vnetConfiguration": null, "publicNetworkAccess": "Enabled"}));
    let inner = home(json!({"vnetConfiguration": {"internal": true}}));
    let external = json!({"ingress": {"external": true, "fqdn": "api.example.com"}});
    let mut limited = external.clone();
    limited["ingress"]["ipSecurityRestrictions"] =
        json!([{"action": "Allow", "ipAddressRange": "198.51.100.0/24"}]);
    let mut barred = external.clone();
    barred["ingress"]["ipSecurityRestrictions"] =
        json!([{"action": "Deny", "ipAddressRange": "198.51.100.0/24"}]);
    for (configuration, home, reach, evidence) in [
        (&external, Some(&open), Reach::Internet, "external ingress api.example.com"),
        (&barred, Some(&open), Reach::Internet, "external ingress api.example.com"),
        (&limited, Some(&open), Reach::Restricted, "api.example.com for 198.51.100.0/24"),
        (&external, Some(&inner), Reach::Internal, "api.example.com only within the virtual network"),
        (
            &external,
            None,
            Reach::Unknown,
            "api.example.com as far as the environment lets, which was not told",
        ),
        (
            &json!({"ingress": {"external": false, "fqdn": "api.internal"}}),
            None,
            Reach::Internal,
            "api.internal only within the environment",
        ),
        (&json!({"ingress": null}), Some(&open), Reach::Isolated, "no ingress"),
    ] {
        let found = routes::route(&place(), &app(configuration.clone()), home);
        assert_eq!((found.reach, found.evidence.as_str()), (reach, evidence));
    }
}
