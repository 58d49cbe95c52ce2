//! Network policies and the ports that services lead to, each in one line.

use domain::exposure::Exposure;
use domain::network_policy::{NetworkPolicy, Peer, Ports, Rule};
use domain::observation::Observation;
use domain::port::Port;

use crate::{Limits, Parsed, read};

fn parsed() -> Parsed {
    read(include_bytes!("fixtures/policies.json"), Limits::default()).unwrap().parsed
}

/// `shop/web [app In web] 8080/TCP from pods`, with `-` for what does not speak of what comes in.
fn line(policy: &NetworkPolicy) -> String {
    let selector: Vec<String> = policy
        .selector
        .iter()
        .map(|asks| {
            format!("{} {:?} {}", asks.key, asks.operator, asks.values.join("|")).trim_end().to_owned()
        })
        .collect();
    let rules = match &policy.ingress {
        None => "-".to_owned(),
        Some(rules) => rules.iter().map(rule).collect::<Vec<_>>().join("; "),
    };
    format!("{}/{} [{}] {rules}", policy.namespace, policy.name, selector.join(", ")).trim_end().to_owned()
}

fn rule(rule: &Rule) -> String {
    let from: Vec<&str> = rule
        .from
        .iter()
        .map(|peer| match peer {
            Peer::Everybody => "everybody",
            Peer::Pods => "pods",
            Peer::Block(cidr) => cidr,
        })
        .collect();
    let ports: Vec<String> = rule.ports.iter().map(opened).collect();
    format!("[{}] from [{}]", ports.join(","), from.join(","))
}

fn opened(ports: &Ports) -> String {
    let last = ports.last.map(|last| format!("-{last}")).unwrap_or_default();
    let first = ports.first.as_ref().map_or("*".to_owned(), port);
    format!("{first}{last}/{}", ports.protocol)
}

fn port(port: &Port) -> String {
    match port {
        Port::Number(number) => number.to_string(),
        Port::Name(name) => name.clone(),
    }
}

#[test]
fn policies_are_read_whole() {
    let parsed = parsed();
    let lines: Vec<String> = parsed
        .observations
        .iter()
        .filter_map(|one| match one {
            Observation::NetworkPolicy(policy) => Some(line(policy)),
            _ => None,
        })
        .collect();
    assert_eq!(
        lines,
        [
            "shop/deny-all []",
            "shop/untyped [app In web] [] from []",
            "shop/egress [] -",
            "default/peers [app In web, tier In front|edge, canary NotIn yes, team Exists, shut DoesNotExist] \
             [8080/TCP,dns/UDP,32000-32768/TCP,*/SCTP] from [pods,pods,10.0.0.0/8]; [] from [everybody]",
            "shop/undecided [pod-template-hash Undecided 5d8, statefulset.kubernetes.io/pod-name Undecided db-0, \
             app Undecided web]",
        ]
    );
}

#[test]
fn a_policy_without_its_specification_shuts_nothing() {
    let messages: Vec<String> =
        parsed().warnings.iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect();
    assert_eq!(messages, ["items[5]: a network policy without its specification was left out"]);
}

#[test]
fn services_tell_the_ports_they_lead_to() {
    let parsed = parsed();
    let landings: Vec<(&str, String, bool)> = parsed
        .observations
        .iter()
        .filter_map(|one| match one {
            Observation::Exposure(Exposure { name, landing, .. }) => {
                let targets = landing.targets.iter();
                let targets: Vec<String> =
                    targets.map(|target| format!("{}/{}", port(&target.port), target.protocol)).collect();
                Some((name.as_str(), targets.join(","), landing.keeps_source))
            }
            _ => None,
        })
        .collect();
    assert_eq!(
        landings,
        [("web", "http/TCP,8443/TCP,53/UDP".to_owned(), true), ("odd", String::new(), false)],
        "where one port cannot be read, none is told"
    );
}
