//! Network policies of a cluster, as its API gives them out, end in the reach of what runs and in its evidence.

use domain::observation::Observation;
use domain::source::RunState;
use serde_json::{Value, json};
use tests::asked::Source;
use tests::cloud::Cloud;
use tests::kubernetes::Kubernetes;

use crate::{World, on_each_database, small};

/// A pod behind a load balancer for everybody.
fn open_pod(world: &World, cluster: &str) {
    world.cloud.apply(
        cluster,
        &json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {
                "name": "newcomer", "namespace": "default", "labels": { "app": "newcomer" },
                "uid": "00000000-0000-4000-8000-000000000001",
            },
            "spec": { "nodeName": "n", "containers": [{
                "name": "main", "image": "registry.example.com/new:1",
                "ports": [{ "name": "http", "containerPort": 8080, "protocol": "TCP" }],
            }] },
            "status": { "phase": "Running" },
        }),
    );
    world.cloud.apply(
        cluster,
        &json!({
            "apiVersion": "v1", "kind": "Service",
            "metadata": { "name": "newcomer", "namespace": "default" },
            "spec": {
                "type": "LoadBalancer", "clusterIP": "10.0.0.9", "selector": { "app": "newcomer" },
                "externalTrafficPolicy": "Local",
                "ports": [{ "port": 80, "targetPort": "http", "nodePort": 30080, "protocol": "TCP" }],
            },
            "status": { "loadBalancer": { "ingress": [{ "ip": "203.0.113.99" }] } },
        }),
    );
}

fn shut(world: &World, cluster: &str, ingress: &Value) {
    world.cloud.apply(
        cluster,
        &json!({
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
            "metadata": { "name": "newcomer", "namespace": "default" },
            "spec": {
                "podSelector": { "matchExpressions": [{ "key": "app", "operator": "In", "values": ["newcomer"] }] },
                "policyTypes": ["Ingress"], "ingress": ingress,
            },
        }),
    );
}

/// Whether the newcomer has this reach, with evidence like this.
#[track_caller]
fn reached(world: &World, reach: &str, evidence: &str) {
    let (finished, _) = world.sync();
    assert_eq!(finished.state, RunState::Complete, "{}", finished.message);
    let sql = format!(
        "SELECT COUNT(*) FROM workloads WHERE name = 'newcomer' AND reach = '{reach}' AND reach_evidence LIKE '{evidence}'"
    );
    assert_eq!(world.number(&sql), 1, "{reach}: {evidence}");
}

#[test]
fn policies_narrow_what_leads_to_pods_and_let_go() {
    on_each_database(&json!("tiny"), |world| {
        let cluster = world.estate.clusters[0].name.clone();
        open_pod(world, &cluster);
        reached(world, "internet", "Service newcomer: LoadBalancer 203.0.113.99");
        for (ingress, reach, evidence) in [
            (json!([]), "isolated", "NetworkPolicy default/newcomer admits nobody"),
            (
                json!([{ "ports": [{ "port": 9090 }] }]),
                "internal",
                "no service or ingress leads to a port that is open",
            ),
            (
                json!([{ "ports": [{ "port": 8080 }] }]),
                "internet",
                "Service newcomer: LoadBalancer 203.0.113.99",
            ),
            (
                json!([{ "from": [{ "ipBlock": { "cidr": "198.51.100.0/24" } }], "ports": [{ "port": "http" }] }]),
                "restricted",
                "%, NetworkPolicy default/newcomer admits 198.51.100.0/24 only",
            ),
            (
                json!([{ "from": [{ "podSelector": {} }], "ports": [{ "port": 8000, "endPort": 8090 }] }]),
                "internal",
                "%, NetworkPolicy default/newcomer admits pods of the cluster only",
            ),
        ] {
            shut(world, &cluster, &ingress);
            reached(world, reach, evidence);
        }
        world.cloud.delete(&cluster, ("networking.k8s.io/v1", "NetworkPolicy"), "default", "newcomer");
        reached(world, "internet", "Service newcomer: LoadBalancer 203.0.113.99");
    });
}

#[test]
fn every_policy_of_a_cluster_is_seen() {
    let Some((cloud, estate)) = Kubernetes::seeded(&small()) else { return };
    cloud.set(&json!({ "page_cap": 2 }));
    let source = Source::with(&cloud, &estate, &[("contexts", &["*"])]);
    for cluster in &estate.clusters {
        let seen = source.collect(&cluster.name, "", "policies").complete();
        let policies = seen.observations.iter().filter(|one| matches!(one, Observation::NetworkPolicy(_)));
        assert_eq!(policies.count() as u64, cluster.count("networking.k8s.io/networkpolicies"));
        assert!(cluster.count("networking.k8s.io/networkpolicies") >= 5, "{}", cluster.name);
    }
}

#[test]
fn a_cluster_without_the_list_is_told_without_policies() {
    let Some((cloud, estate)) = Kubernetes::seeded(&small()) else { return };
    let here = &estate.clusters[0].name;
    let source = Source::with(&cloud, &estate, &[("contexts", &["*"])]);
    let _ = cloud.fault(&json!({ "kind": "deny", "resource": "networkpolicies" }));
    let denied = source.collect(here, "", "policies");
    assert!(
        denied.partial().contains("`networkpolicies.networking.k8s.io: list` was denied"),
        "{}",
        denied.partial()
    );
    assert!(denied.observations.is_empty());
    assert!(
        source.collect(here, "", "routes").complete().observations.len() > 1,
        "routes are whole without them"
    );
}
