//! Routes and policies in, reach and evidence out.

use domain::id::WorkloadId;
use domain::network_policy::{Peer, Rule};
use domain::port::ContainerPort;
use store::facts::ContainerFact;

use super::*;

fn workload(labels: &[(&str, &str)]) -> WorkloadFact {
    WorkloadFact {
        id: WorkloadId::derived(&[b"w"]),
        cluster: "c".to_owned(),
        namespace: "n".to_owned(),
        kind: "Deployment".to_owned(),
        name: "w".to_owned(),
        owner: None,
        criticality: None,
        labels: labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        isolation: domain::workload::Isolation::default(),
        provider: String::new(),
        containers: Vec::new(),
        nodes: Vec::new(),
    }
}

fn route(kind: &str, name: &str, reach: Reach, selector: &[(&str, &str)], backends: &[&str]) -> ExposureFact {
    ExposureFact {
        cluster: "c".to_owned(),
        namespace: "n".to_owned(),
        kind: kind.to_owned(),
        name: name.to_owned(),
        reach: reach.as_str().to_owned(),
        selector: selector.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        backends: backends.iter().map(|name| (*name).to_owned()).collect(),
        evidence: "because".to_owned(),
        landing: Landing::default(),
    }
}

#[test]
fn the_widest_route_counts() {
    let routes = [
        route("Service", "inside", Reach::Internal, &[("app", "w")], &[]),
        route("Ingress", "front", Reach::Restricted, &[], &["inside"]),
        route("Service", "other", Reach::Internet, &[("app", "x")], &[]),
    ];
    let routes = Routes::new(&routes, &[]);
    let (reach, evidence) = routes.of(&workload(&[("app", "w"), ("v", "1")]), false);
    assert_eq!(
        (reach, evidence.as_str()),
        (Reach::Restricted, "Ingress front: because, through Service inside")
    );
    assert_eq!(routes.of(&workload(&[]), false).0, Reach::Internal);
}

#[test]
fn what_nobody_looked_at_is_unknown() {
    assert_eq!(Routes::new(&[], &[]).of(&workload(&[("app", "w")]), true).0, Reach::Unknown);
}

#[test]
fn an_empty_selector_selects_nothing() {
    let routes = [route("Service", "headless", Reach::Internet, &[], &[])];
    assert_eq!(Routes::new(&routes, &[]).of(&workload(&[]), false).0, Reach::Internal);
}

#[test]
fn host_network_on_a_public_node_is_the_internet() {
    let routes = [route("Service", "s", Reach::Internal, &[("a", "b")], &[])];
    let mut workload = workload(&[]);
    workload.isolation.host_network = true;
    assert_eq!(Routes::new(&routes, &[]).of(&workload, true).0, Reach::Internet);
    assert_eq!(Routes::new(&routes, &[]).of(&workload, false).0, Reach::Internal);
}

/// A policy for every pod of the namespace.
fn policy(name: &str, rules: &[&[&str]]) -> PolicyFact {
    let peer = |word: &&str| match *word {
        "pods" => Peer::Pods,
        block => Peer::Block(block.to_owned()),
    };
    PolicyFact {
        cluster: "c".to_owned(),
        namespace: "n".to_owned(),
        name: name.to_owned(),
        selector: Vec::new(),
        rules: rules
            .iter()
            .map(|from| Rule { from: from.iter().map(peer).collect(), ports: Vec::new() })
            .collect(),
    }
}

/// Opens port 8080 of the node, which leads to its port 80.
fn with_node_port(mut workload: WorkloadFact) -> WorkloadFact {
    let security = ContainerSecurity {
        host_ports: vec![8080],
        ports: vec![ContainerPort { name: None, number: 80, protocol: "TCP".to_owned(), host: Some(8080) }],
        ..ContainerSecurity::default()
    };
    workload.containers.push(ContainerFact {
        position: 0,
        image: None,
        registry: String::new(),
        repository: String::new(),
        running: 1,
        init: false,
        security,
    });
    workload
}

#[test]
fn policies_close_and_narrow_what_leads_to_pods() {
    let web = [("app", "w")];
    let local = |mut route: ExposureFact| {
        route.landing.keeps_source = true;
        route
    };
    let balancer = || local(route("Service", "front", Reach::Internet, &web, &[]));
    let far = || route("Service", "front", Reach::Internet, &web, &[]);
    let nobody = || policy("deny-all", &[]);
    for (ways, policies, expected) in [
        (vec![balancer()], vec![nobody()], "isolated: NetworkPolicy n/deny-all admits nobody"),
        (
            vec![balancer()],
            vec![nobody(), policy("more", &[])],
            "isolated: NetworkPolicy n/deny-all and 1 more admit nobody",
        ),
        (vec![balancer()], vec![policy("all", &[&[]])], "internet: Service front: because"),
        (vec![balancer()], vec![nobody(), policy("all", &[&[]])], "internet: Service front: because"),
        (
            vec![balancer()],
            vec![policy("office", &[&["198.51.100.0/24"]])],
            "restricted: Service front: because, NetworkPolicy n/office admits 198.51.100.0/24 only",
        ),
        (
            vec![balancer()],
            vec![policy("ours", &[&["10.0.0.0/8"]])],
            "internal: Service front: because, NetworkPolicy n/ours admits 10.0.0.0/8 only",
        ),
        (
            vec![far()],
            vec![policy("ours", &[&["10.0.0.0/8"]])],
            "internet: Service front: because, NetworkPolicy n/ours admits 10.0.0.0/8 only, but nodes may stand \
             between it and its callers",
        ),
        (
            vec![far()],
            vec![policy("pods", &[&["pods"]])],
            "internal: Service front: because, NetworkPolicy n/pods admits pods of the cluster only",
        ),
    ] {
        let routes = Routes::new(&ways, &policies);
        let (reach, evidence) = routes.of(&workload(&web), false);
        assert_eq!(format!("{}: {evidence}", reach.as_str()), expected);
    }
}

#[test]
fn what_comes_through_a_controller_is_closed_only_for_nobody() {
    let ways = [
        route("Service", "inside", Reach::Internal, &[("app", "w")], &[]),
        route("Ingress", "front", Reach::Internet, &[], &["inside"]),
    ];
    let web = workload(&[("app", "w")]);
    for (policies, expected) in [
        ([policy("pods", &[&["pods"]])], Reach::Internet),
        ([policy("office", &[&["198.51.100.0/24"]])], Reach::Internet),
        ([policy("deny", &[])], Reach::Isolated),
    ] {
        assert_eq!(Routes::new(&ways, &policies).of(&web, false).0, expected, "{policies:?}");
    }
}

#[test]
fn ports_of_nodes_are_shut_and_their_network_is_not() {
    let ways = [route("Service", "other", Reach::Internal, &[("a", "b")], &[])];
    let deny = [policy("deny", &[])];
    let routes = Routes::new(&ways, &deny);
    let mut web = with_node_port(workload(&[]));
    assert_eq!(routes.of(&web, true), (Reach::Isolated, "NetworkPolicy n/deny admits nobody".to_owned()));
    assert_eq!(Routes::new(&ways, &[]).of(&web, true).0, Reach::Internet);
    web.isolation.host_network = true;
    assert_eq!(routes.of(&web, true).0, Reach::Internet);
}

#[test]
fn a_policy_of_another_namespace_changes_nothing() {
    let ways = [route("Service", "front", Reach::Internet, &[("app", "w")], &[])];
    let elsewhere = [PolicyFact { namespace: "other".to_owned(), ..policy("deny", &[]) }];
    assert_eq!(Routes::new(&ways, &elsewhere).of(&workload(&[("app", "w")]), false).0, Reach::Internet);
}

#[test]
fn what_nobody_leads_to_is_told_with_its_policies() {
    let ways = [route("Service", "other", Reach::Internal, &[("a", "b")], &[])];
    let pods = [policy("pods", &[&["pods"]])];
    let told = Routes::new(&ways, &pods).of(&workload(&[]), false);
    let words = "no service or ingress leads to it, NetworkPolicy n/pods admits pods of the cluster only";
    assert_eq!(told, (Reach::Internal, words.to_owned()));
}
