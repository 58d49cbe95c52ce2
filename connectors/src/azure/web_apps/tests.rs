//! From the manager's words to ours. Refuses the network.

use base64::Engine;
use domain::exposure::Reach;
use serde_json::{Value, json};

use super::routes::route;
use super::sites::{Made, made, workload};
use super::wire::{Config, Site};
use crate::azure::place::tests::place;

fn site(kind: &str, properties: Value) -> Site {
    serde_json::from_value(json!({
        "id": "/subscriptions/1/resourceGroups/rg/providers/Microsoft.Web/sites/shop", "name": "shop", "kind": kind,
        "location": "westeurope", "properties": properties,
    }))
    .unwrap()
}

fn config(told: Value) -> Config {
    serde_json::from_value(told).unwrap()
}

fn images(linux: &str, windows: &str) -> Vec<String> {
    let told = config(json!({"linuxFxVersion": linux, "windowsFxVersion": windows}));
    let running = site("app,linux,container", json!({"state": "Running"}));
    let found = workload(&place(), &running, &made(&told));
    found
        .into_iter()
        .flat_map(|found| found.containers)
        .map(|one| format!("{} {}", one.name, one.image))
        .collect()
}

#[test]
fn what_a_site_runs() {
    assert_eq!(images("DOCKER|shop.azurecr.io/api:1", ""), ["shop shop.azurecr.io/api:1"]);
    assert_eq!(images("", "DOCKER|shop.azurecr.io/win:1"), ["shop shop.azurecr.io/win:1"]);
    assert_eq!(images("NODE|22-lts", ""), [""; 0]);
    let text = "version: '3'\nservices:\n  web:\n    image: \"shop.azurecr.io/web:1\"\n    ports: ['80:80']\n  cache:\n    \
                image: redis:7\nvolumes:\n  image: {}\n";
    let encoded = base64::engine::general_purpose::STANDARD.encode(text);
    assert_eq!(images(&format!("COMPOSE|{encoded}"), ""), ["web shop.azurecr.io/web:1", "cache redis:7"]);
    assert_eq!(images("COMPOSE|not base64", ""), [""; 0]);
    assert!(matches!(made(&config(json!({"linuxFxVersion": "SITECONTAINERS"}))), Made::Beside(_)));
}

#[test]
fn functions_are_told_from_sites_and_stopped_ones_run_nothing() {
    let stopped = site("functionapp,linux,container", json!({"state": "Stopped"}));
    let found = workload(&place(), &stopped, &Made::Image("a:1".to_owned())).unwrap();
    assert_eq!((found.kind.as_str(), found.containers[0].running), ("FunctionApp", 0));
}

#[test]
fn reach_is_that_of_rules() {
    let any = json!({"ipAddress": "Any", "action": "Allow"});
    let office = json!({"ipAddress": "198.51.100.0/24", "action": "Allow"});
    let door = json!({"ipAddress": "AzureFrontDoor.Backend", "tag": "ServiceTag", "action": "Allow"});
    let rules = |rules: Vec<&Value>, default: Value| {
        config(json!({"ipSecurityRestrictions": rules, "ipSecurityRestrictionsDefaultAction": default}))
    };
    let open = json!({"defaultHostName": "shop.example.com"});
    let closed = json!({"defaultHostName": "shop.example.com", "publicNetworkAccess": "Disabled"});
    let certified = json!({"defaultHostName": "shop.example.com", "clientCertEnabled": true, "clientCertMode": "Required"});
    for (properties, config, reach, evidence) in [
        (&open, Some(rules(vec![&any], json!("Allow"))), Reach::Internet, "public site shop.example.com"),
        (&open, Some(rules(vec![], json!(null))), Reach::Internet, "public site shop.example.com"),
        (
            &open,
            Some(rules(vec![&office, &door], json!(null))),
            Reach::Restricted,
            "shop.example.com for 198.51.100.0/24, AzureFrontDoor.Backend",
        ),
        (&open, Some(rules(vec![], json!("Deny"))), Reach::Isolated, "shop.example.com lets nobody in"),
        (&open, None, Reach::Unknown, "shop.example.com for whom its rules let in, which were not told"),
        (&closed, None, Reach::Internal, "shop.example.com only through private endpoints"),
        (&certified, None, Reach::Restricted, "shop.example.com with a client certificate"),
    ] {
        let found = route(&place(), &site("app,linux,container", properties.clone()), config.as_ref());
        assert_eq!((found.reach, found.evidence.as_str()), (reach, evidence));
    }
}
