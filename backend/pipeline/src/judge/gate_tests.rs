//! Policies in, what they let in out; and what holds of all policies.

use std::collections::BTreeMap;

use domain::id::WorkloadId;
use domain::network_policy::{Operator, Requirement};
use domain::workload::{ContainerSecurity, Isolation};
use proptest::prelude::*;
use store::facts::{ContainerFact, ExposureFact};

use super::*;
use crate::judge::reach::Routes;

fn listens(name: Option<&str>, number: u16) -> ContainerPort {
    ContainerPort { name: name.map(str::to_owned), number, protocol: "TCP".to_owned(), host: None }
}

fn workload(ports: Vec<ContainerPort>) -> WorkloadFact {
    let security = ContainerSecurity { ports, ..ContainerSecurity::default() };
    WorkloadFact {
        id: WorkloadId::derived(&[b"w"]),
        cluster: "c".to_owned(),
        namespace: "n".to_owned(),
        kind: "Deployment".to_owned(),
        name: "w".to_owned(),
        owner: None,
        criticality: None,
        labels: BTreeMap::from([("app".to_owned(), "web".to_owned())]),
        isolation: Isolation::default(),
        provider: String::new(),
        containers: vec![ContainerFact {
            position: 0,
            image: None,
            registry: String::new(),
            repository: String::new(),
            running: 1,
            init: false,
            security,
        }],
        nodes: Vec::new(),
    }
}

fn policy(selector: Vec<Requirement>, rules: Vec<Rule>) -> PolicyFact {
    PolicyFact { cluster: "c".to_owned(), namespace: "n".to_owned(), name: "p".to_owned(), selector, rules }
}

fn asks(operator: Operator) -> Vec<Requirement> {
    vec![Requirement { key: "app".to_owned(), operator, values: vec!["web".to_owned()] }]
}

fn number(number: u16) -> Port {
    Port::Number(number)
}

fn name(name: &str) -> Port {
    Port::Name(name.to_owned())
}

fn landing(port: Port) -> Landing {
    Landing { targets: vec![Target { protocol: "TCP".to_owned(), port }], keeps_source: true }
}

fn at(protocol: &str, first: Option<Port>, last: Option<u16>) -> Rule {
    Rule { from: Vec::new(), ports: vec![Ports { protocol: protocol.to_owned(), first, last }] }
}

#[test]
fn rules_open_ports() {
    let known = vec![listens(Some("http"), 8080), listens(None, 9000)];
    let unknown = Vec::new();
    for (ports, rule, port, expected) in [
        (&known, at("TCP", Some(number(8080)), None), number(8080), true),
        (&known, at("TCP", Some(number(8081)), None), number(8080), false),
        (&known, at("UDP", Some(number(8080)), None), number(8080), false),
        (&known, at("TCP", None, None), number(8080), true),
        (&known, at("UDP", None, None), number(8080), false),
        (&known, at("TCP", Some(number(8000)), Some(8100)), number(8080), true),
        (&known, at("TCP", Some(number(8000)), Some(8079)), number(8080), false),
        (&known, at("TCP", Some(number(8000)), Some(8100)), name("http"), true),
        (&known, at("TCP", Some(name("http")), None), number(8080), true),
        (&known, at("TCP", Some(name("http")), None), number(9000), false),
        (&known, at("TCP", Some(name("gone")), None), number(8080), false),
        (&known, at("TCP", Some(number(80)), None), name("gone"), true),
        (&unknown, at("TCP", Some(name("http")), None), number(8080), true),
        (&unknown, at("TCP", Some(number(80)), None), name("http"), true),
    ] {
        let (workload, policies) = (workload(ports.clone()), [policy(Vec::new(), vec![rule.clone()])]);
        let gate = Gate::of(&workload, &policies.each_ref()).unwrap();
        assert_eq!(gate.is_open(&landing(port.clone())), expected, "{rule:?} for {port:?} of {ports:?}");
        assert!(gate.is_open(&Landing::default()), "where no port is known");
    }
}

#[test]
fn blocks_of_addresses_are_somebodys() {
    for (block, expected) in [
        ("0.0.0.0/0", Reach::Internet),
        ("::/0", Reach::Internet),
        ("0.0.0.0/1", Reach::Internet),
        ("2000::/3", Reach::Internet),
        ("8.0.0.0/7", Reach::Internet),
        ("::ffff:10.0.0.0/104", Reach::Internet),
        ("10.0.0.0", Reach::Internet),
        ("10.0.0.0/33", Reach::Internet),
        ("nonsense/8", Reach::Internet),
        ("198.51.100.0/24", Reach::Restricted),
        ("8.0.0.0/8", Reach::Restricted),
        ("2001:db8::/32", Reach::Restricted),
        ("172.32.0.0/12", Reach::Restricted),
        ("10.0.0.0/8", Reach::Internal),
        ("10.0.0.0/7", Reach::Internet),
        ("172.16.0.0/12", Reach::Internal),
        ("192.168.7.0/24", Reach::Internal),
        ("100.64.0.0/10", Reach::Internal),
        ("fc00::/7", Reach::Internal),
        ("fd12:3456::/48", Reach::Internal),
    ] {
        assert_eq!(of_block(block), expected, "{block}");
    }
}

#[test]
fn a_policy_that_may_select_shuts_nothing_but_lets_in() {
    let (workload, all) = (workload(Vec::new()), Rule { from: Vec::new(), ports: Vec::new() });
    let (maybe, deny) =
        (policy(asks(Operator::Undecided), vec![all]), policy(asks(Operator::In), Vec::new()));
    assert!(Gate::of(&workload, &[&maybe]).is_none());
    assert!(Gate::of(&workload, &[&policy(asks(Operator::NotIn), Vec::new())]).is_none());
    let gate = Gate::of(&workload, &[&maybe, &deny]).unwrap();
    let everybody = Admitted { reach: Reach::Internet, words: None };
    assert_eq!(gate.admitted(Reach::Internet, &Landing::default()), Some(everybody));
    assert_eq!(gate.shuts(), None);
}

#[test]
fn many_names_are_counted() {
    let workload = workload(Vec::new());
    let blocks = ["198.51.100.0/28", "198.51.100.16/28", "198.51.100.32/28", "198.51.100.48/28"];
    let from = blocks.map(|block| Peer::Block(block.to_owned())).to_vec();
    let policy = policy(Vec::new(), vec![Rule { from, ports: Vec::new() }]);
    let gate = Gate::of(&workload, &[&policy]).unwrap();
    let admitted = gate.admitted(Reach::Unknown, &landing(number(80))).unwrap();
    let words =
        "NetworkPolicy n/p admits 198.51.100.0/28, 198.51.100.16/28, 198.51.100.32/28 and 1 more only";
    assert_eq!((admitted.reach, admitted.words.as_deref()), (Reach::Restricted, Some(words)));
}

fn any_port() -> impl Strategy<Value = Port> {
    prop_oneof![(1u16..5).prop_map(Port::Number), "[ab]".prop_map(Port::Name)]
}

fn any_peer() -> impl Strategy<Value = Peer> {
    prop_oneof![
        Just(Peer::Everybody),
        Just(Peer::Pods),
        prop::sample::select(vec!["0.0.0.0/0", "10.0.0.0/8", "198.51.100.0/24", "fd00::/8", "odd"])
            .prop_map(|block| Peer::Block(block.to_owned())),
    ]
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let ports = (any_port().prop_map(Some), prop::option::of(1u16..5)).prop_map(|(first, last)| Ports {
        protocol: "TCP".to_owned(),
        first,
        last,
    });
    (prop::collection::vec(any_peer(), 0..3), prop::collection::vec(ports, 0..3))
        .prop_map(|(from, ports)| Rule { from, ports })
}

fn any_policy() -> impl Strategy<Value = PolicyFact> {
    let operator = prop::sample::select(vec![
        Operator::In,
        Operator::NotIn,
        Operator::Exists,
        Operator::DoesNotExist,
        Operator::Undecided,
    ]);
    let selector = prop::option::of(operator).prop_map(|operator| operator.map(asks).unwrap_or_default());
    (selector, prop::collection::vec(any_rule(), 0..3)).prop_map(|(selector, rules)| policy(selector, rules))
}

fn any_route() -> impl Strategy<Value = ExposureFact> {
    let reach =
        prop::sample::select(vec![Reach::Internet, Reach::Unknown, Reach::Restricted, Reach::Internal]);
    let target = any_port().prop_map(|port| Target { protocol: "TCP".to_owned(), port });
    (reach, prop::collection::vec(target, 0..3), any::<bool>(), any::<bool>()).prop_map(
        |(reach, targets, keeps_source, behind)| ExposureFact {
            cluster: "c".to_owned(),
            namespace: "n".to_owned(),
            kind: if behind { "Ingress" } else { "Service" }.to_owned(),
            name: if behind { "ingress" } else { "service" }.to_owned(),
            reach: reach.as_str().to_owned(),
            selector: if behind {
                BTreeMap::new()
            } else {
                BTreeMap::from([("app".to_owned(), "web".to_owned())])
            },
            backends: if behind { vec!["service".to_owned()] } else { Vec::new() },
            evidence: "because".to_owned(),
            landing: Landing { targets, keeps_source },
        },
    )
}

fn any_workload() -> impl Strategy<Value = WorkloadFact> {
    let port = (prop::option::of("[ab]"), 1u16..5, prop::option::of(1u16..5))
        .prop_map(|(name, number, host)| ContainerPort { name, number, protocol: "TCP".to_owned(), host });
    (prop::collection::vec(port, 0..4), any::<bool>()).prop_map(|(ports, host_network)| {
        let hosts: Vec<u16> = ports.iter().filter_map(|port| port.host).collect();
        let mut workload = workload(ports);
        workload.isolation.host_network = host_network;
        for container in &mut workload.containers {
            container.security.host_ports.clone_from(&hosts);
        }
        workload
    })
}

proptest! {
    #[test]
    fn policies_never_widen(
        workload in any_workload(),
        routes in prop::collection::vec(any_route(), 0..4),
        policies in prop::collection::vec(any_policy(), 0..4),
        public in any::<bool>(),
    ) {
        let (without, _) = Routes::new(&routes, &[]).of(&workload, public);
        let (with, evidence) = Routes::new(&routes, &policies).of(&workload, public);
        prop_assert!(with >= without, "{with:?} is wider than {without:?}: {evidence}");
    }

    #[test]
    fn a_policy_that_admits_all_changes_nothing(
        workload in any_workload(),
        routes in prop::collection::vec(any_route(), 0..4),
        policies in prop::collection::vec(any_policy(), 0..4),
        public in any::<bool>(),
    ) {
        let without = Routes::new(&routes, &[]).of(&workload, public);
        let all = policy(Vec::new(), vec![Rule { from: Vec::new(), ports: Vec::new() }]);
        let with = [policies, vec![all]].concat();
        prop_assert_eq!(Routes::new(&routes, &with).of(&workload, public), without);
    }

    #[test]
    fn a_rule_more_never_narrows(
        workload in any_workload(),
        routes in prop::collection::vec(any_route(), 0..4),
        before in any_policy(),
        rule in any_rule(),
        public in any::<bool>(),
    ) {
        let mut after = before.clone();
        after.rules.push(rule);
        let (narrow, _) = Routes::new(&routes, &[before]).of(&workload, public);
        let (wide, _) = Routes::new(&routes, &[after]).of(&workload, public);
        prop_assert!(wide <= narrow);
    }

    #[test]
    fn nothing_that_was_written_as_a_block_breaks_it(block in ".{0,40}") {
        let _ = of_block(&block);
    }
}
