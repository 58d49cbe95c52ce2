//! Network policies: which pods they select, and whom they let in. Where a part cannot be understood, the wider reading
//! counts: a peer is everybody, a port is every port, and what a selector asks is left undecided.
//!
//! Refuses to read what a policy says of what goes out.

#[cfg(test)]
#[path = "policies_tests.rs"]
mod tests;

use domain::network_policy::{NetworkPolicy, Operator, Peer, Ports, Requirement, Rule};

use super::wire::Metadata;
use super::wire_policy::{self as wire, Expression, IngressRule, PolicyPort, PolicySpec, Selector};
use super::{ports, workloads};

/// A label that replicas of one workload do not share, though routes may ask for it.
const OF_ONE_POD: &str = "statefulset.kubernetes.io/pod-name";

/// What a policy says.
pub(super) fn policy(metadata: &Metadata<'_>, spec: &PolicySpec<'_>) -> NetworkPolicy {
    let ingress = spec.policy_types.is_empty() || spec.policy_types.iter().any(|one| **one == *"Ingress");
    NetworkPolicy {
        cluster: None,
        namespace: workloads::namespace(metadata),
        name: metadata.name.to_string(),
        selector: selector(&spec.pod_selector),
        ingress: ingress.then(|| spec.ingress.iter().map(rule).collect()),
    }
}

fn selector(told: &Selector<'_>) -> Vec<Requirement> {
    let labels = told.match_labels.iter().map(|(key, value)| Requirement {
        key: key.to_string(),
        operator: decided(key, Operator::In),
        values: vec![value.to_string()],
    });
    labels.chain(told.match_expressions.iter().map(requirement)).collect()
}

fn requirement(told: &Expression<'_>) -> Requirement {
    let operator = match &*told.operator {
        "In" => Operator::In,
        "NotIn" => Operator::NotIn,
        "Exists" => Operator::Exists,
        "DoesNotExist" => Operator::DoesNotExist,
        _ => Operator::Undecided,
    };
    Requirement {
        key: told.key.to_string(),
        operator: decided(&told.key, operator),
        values: told.values.iter().map(ToString::to_string).collect(),
    }
}

/// What differs from replica to replica is not known of a workload.
fn decided(key: &str, operator: Operator) -> Operator {
    let differs = key == OF_ONE_POD || workloads::is_volatile(key);
    if differs { Operator::Undecided } else { operator }
}

fn rule(told: &IngressRule<'_>) -> Rule {
    Rule { from: told.from.iter().map(peer).collect(), ports: told.ports.iter().map(opened).collect() }
}

fn peer(told: &wire::Peer<'_>) -> Peer {
    match &told.ip_block {
        Some(block) => block.cidr.filled().map_or(Peer::Everybody, |cidr| Peer::Block(cidr.to_owned())),
        None if told.pod_selector.is_some() || told.namespace_selector.is_some() => Peer::Pods,
        None => Peer::Everybody,
    }
}

fn opened(told: &PolicyPort<'_>) -> Ports {
    let protocol = ports::protocol(&told.protocol);
    Ports { protocol, first: ports::port(&told.port), last: ports::number(told.end_port) }
}
