//! From where a workload can be reached: the routes whose selectors match its pods, the routes that lead
//! to those, and what it opens on its nodes, as far as network policies leave them open. Refuses to call a namespace
//! without any known route internal: nobody looked.

#[cfg(test)]
#[path = "reach_tests.rs"]
mod tests;

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::exposure::{Landing, Reach};
use domain::port::{Port, Target};
use domain::workload::ContainerSecurity;
use store::facts::{ExposureFact, PolicyFact, WorkloadFact};

use super::gate::Gate;

/// Routes and network policies by cluster and namespace.
pub(super) struct Routes<'a> {
    by_place: HashMap<(&'a str, &'a str), Vec<&'a ExposureFact>>,
    policies: HashMap<(&'a str, &'a str), Vec<&'a PolicyFact>>,
    clusters: HashSet<&'a str>,
}

impl<'a> Routes<'a> {
    /// Sorts routes and policies by place.
    pub(super) fn new(exposures: &'a [ExposureFact], policies: &'a [PolicyFact]) -> Self {
        let mut by_place = HashMap::<_, Vec<_>>::new();
        let mut shut = HashMap::<_, Vec<_>>::new();
        for exposure in exposures {
            by_place
                .entry((exposure.cluster.as_str(), exposure.namespace.as_str()))
                .or_default()
                .push(exposure);
        }
        for policy in policies {
            shut.entry((policy.cluster.as_str(), policy.namespace.as_str())).or_default().push(policy);
        }
        let clusters = exposures.iter().map(|exposure| exposure.cluster.as_str()).collect();
        Self { by_place, policies: shut, clusters }
    }

    /// The widest reach of a workload and the evidence for it. `public_node` says whether a node it runs on
    /// has an address on the internet.
    pub(super) fn of(&self, workload: &WorkloadFact, public_node: bool) -> (Reach, String) {
        if !self.clusters.contains(workload.cluster.as_str()) {
            return (
                Reach::Unknown,
                "no services or ingresses of this cluster have been observed".to_owned(),
            );
        }
        let place = (workload.cluster.as_str(), workload.namespace.as_str());
        let local = self.by_place.get(&place).map(Vec::as_slice).unwrap_or_default();
        let policies = self.policies.get(&place).map(Vec::as_slice).unwrap_or_default();
        let gate = Gate::of(workload, policies);
        let gate = gate.as_ref();
        let selected: Vec<&ExposureFact> =
            local.iter().copied().filter(|route| selects(&route.selector, &workload.labels)).collect();
        let direct = selected
            .iter()
            .filter_map(|route| past(gate, Reach::from_word(&route.reach), told(route), &route.landing));
        let through = local.iter().filter_map(|route| behind(route, &selected, gate));
        // Of equals the first counts.
        let ways = opened_on_node(workload, public_node, gate).into_iter().chain(direct).chain(through);
        ways.min_by_key(|(reach, _)| *reach).unwrap_or_else(|| unreached(gate, selected.is_empty()))
    }
}

/// A way in as far as policies leave it open; nothing where they close it.
fn past(
    gate: Option<&Gate<'_>>,
    reach: Reach,
    evidence: String,
    landing: &Landing,
) -> Option<(Reach, String)> {
    let Some(gate) = gate else { return Some((reach, evidence)) };
    let admitted = gate.admitted(reach, landing)?;
    let evidence = match admitted.words {
        Some(words) => format!("{evidence}, {words}"),
        None => evidence,
    };
    Some((admitted.reach, evidence))
}

/// A route that leads to selected ones. What comes this way comes from the pods of whoever follows the route, and which
/// these are is not known: it is closed only where nobody at all is let in.
fn behind(
    route: &ExposureFact,
    selected: &[&ExposureFact],
    gate: Option<&Gate<'_>>,
) -> Option<(Reach, String)> {
    let leads = |inner: &&&ExposureFact| {
        route.backends.contains(&inner.name)
            && !std::ptr::eq(**inner, route)
            && gate.is_none_or(|gate| gate.is_open(&inner.landing))
    };
    let inner = selected.iter().find(leads)?;
    let evidence = format!("{}, through {} {}", told(route), inner.kind, inner.name);
    Some((Reach::from_word(&route.reach), evidence))
}

fn told(route: &ExposureFact) -> String {
    format!("{} {}: {}", route.kind, route.name, route.evidence)
}

/// The reach of a workload that no way leads to; `unrouted` where there is none at all, rather than closed ones.
fn unreached(gate: Option<&Gate<'_>>, unrouted: bool) -> (Reach, String) {
    let reach = Reach::Internal;
    let none = if unrouted {
        "no service or ingress leads to it"
    } else {
        "no service or ingress leads to a port that is open"
    };
    let Some(gate) = gate else { return (reach, none.to_owned()) };
    let anywhere = Landing { targets: Vec::new(), keeps_source: true };
    match gate.shuts() {
        Some(words) => (Reach::Isolated, words),
        None => past(Some(gate), reach, none.to_owned(), &anywhere).unwrap_or((reach, none.to_owned())),
    }
}

/// A selector that names nothing selects nothing.
fn selects(selector: &BTreeMap<String, String>, labels: &BTreeMap<String, String>) -> bool {
    !selector.is_empty() && selector.iter().all(|(key, value)| labels.get(key) == Some(value))
}

/// What the node's network or ports open.
fn opened_on_node(
    workload: &WorkloadFact,
    public_node: bool,
    gate: Option<&Gate<'_>>,
) -> Option<(Reach, String)> {
    let from_afar = |how: String| {
        if public_node {
            (Reach::Internet, format!("{how}, which have addresses on the internet"))
        } else {
            (Reach::Internal, how)
        }
    };
    if workload.isolation.host_network {
        return Some(from_afar("it shares the network of its nodes".to_owned()));
    }
    let security = workload.containers.iter().map(|container| &container.security);
    let ports = security.flat_map(|security| security.host_ports.iter().map(move |port| (security, *port)));
    let ways = ports.filter_map(|(security, port)| {
        let (reach, how) = from_afar(format!("it opens port {port} on its nodes"));
        past(gate, reach, how, &of_node_port(security, port))
    });
    ways.min_by_key(|(reach, _)| *reach)
}

/// Where a port of the node leads.
fn of_node_port(security: &ContainerSecurity, host: u16) -> Landing {
    let led = security.ports.iter().filter(|port| port.host == Some(host));
    let targets = led.map(|port| Target { protocol: port.protocol.clone(), port: Port::Number(port.number) });
    Landing { targets: targets.collect(), keeps_source: true }
}
