//! From the manager's words to ours. Refuses the network.

use domain::exposure::Reach;
use serde_json::{Value, json};

use super::groups::{route, workload};
use super::wire::Group;
use crate::azure::place::tests::place;

fn group(properties: Value) -> Group {
    let told = json!({
        "id": "/subscriptions/1/resourceGroups/RG-Shop/providers/Microsoft.ContainerInstance/containerGroups/web",
        "name": "web", "location": "westeurope", "tags": {"team": "shop", "env": "dev"},
        "identity": {"type": "SystemAssigned"}, "properties": properties,
    });
    serde_json::from_value(told).unwrap()
}

fn container(more: Value) -> Value {
    let mut told = json!({"image": "shop.azurecr.io/web:1"});
    told.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"name": "web", "properties": told})
}

#[test]
fn what_runs_and_what_has_ended() {
    let state = |state: &str| json!({"instanceView": {"currentState": {"state": state}}});
    let told = group(json!({
        "containers": [container(state("Running")), container(state("Terminated")), container(json!({}))],
        "initContainers": [{"name": "first", "properties": {"image": "busybox"}}],
    }));
    let found = workload(&place(), &told);
    let seen: Vec<_> =
        found.containers.iter().map(|one| (one.name.as_str(), one.init, one.running)).collect();
    assert_eq!(seen, [("first", true, 0), ("web", false, 1), ("web", false, 0), ("web", false, 0)]);
    assert_eq!((found.namespace.as_str(), found.owner.as_deref()), ("rg-shop", Some("shop")));
    assert_eq!(found.isolation.service_account.as_deref(), Some("system-assigned"));
    assert_eq!(found.isolation.runtime_class.as_deref(), Some("aci-microvm"));
}

#[test]
fn what_a_container_may_do() {
    let told = group(json!({"containers": [container(json!({
        "securityContext": {"privileged": true, "runAsUser": 0, "capabilities": {"add": ["NET_ADMIN"]}},
        "environmentVariables": [
            {"name": "LOG_LEVEL", "value": "info"}, {"name": "URL"}, {"name": "API_KEY", "value": "x"},
        ],
    }))]}));
    let security = &workload(&place(), &told).containers[0].security;
    assert!(security.privileged && security.run_as_non_root == Some(false));
    assert_eq!(security.seccomp.as_deref(), Some("Unconfined"));
    assert_eq!(security.capabilities_added, ["NET_ADMIN"]);
    assert_eq!(security.secret_variables, ["URL", "API_KEY (in plain text)"]);
}

#[test]
fn reach_is_that_of_the_address() {
    let public = json!({"type": "Public", "ip": "203.0.113.1", "ports": [{"protocol": "TCP", "port": 443}]});
    for (properties, reach, evidence) in [
        (json!({"ipAddress": public}), Reach::Internet, "public address 203.0.113.1 tcp 443"),
        (
            json!({"ipAddress": {"type": "Private", "ip": "10.0.0.4"}}),
            Reach::Internal,
            "address 10.0.0.4 on a subnet of a virtual network",
        ),
        (json!({"subnetIds": [{"id": "x"}]}), Reach::Internal, "on a subnet of a virtual network"),
        (json!({}), Reach::Isolated, "no address"),
        (
            json!({"ipAddress": {"type": "Another"}}),
            Reach::Unknown,
            "an address of a kind that is not known here",
        ),
    ] {
        let told = group(properties);
        let found = route(&place(), &told);
        assert_eq!((found.reach, found.evidence.as_str()), (reach, evidence));
        let labels = workload(&place(), &told).labels;
        assert!(found.selector.iter().all(|(name, value)| labels.get(name) == Some(value)));
    }
}
