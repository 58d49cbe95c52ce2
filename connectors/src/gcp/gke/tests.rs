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
