//! From where a workload can be reached: the routes whose selectors match its pods, the routes that lead
//! to those, and what it opens on its nodes. Refuses to call a namespace without any known route internal:
//! nobody looked.

use std::collections::{BTreeMap, HashMap};

use domain::exposure::Reach;
use store::facts::{ExposureFact, WorkloadFact};

/// Routes by cluster and namespace.
pub(super) struct Routes<'a> {
    by_place: HashMap<(&'a str, &'a str), Vec<&'a ExposureFact>>,
    clusters: HashMap<&'a str, usize>,
}

impl<'a> Routes<'a> {
    /// Sorts routes by place.
    pub(super) fn new(exposures: &'a [ExposureFact]) -> Self {
        let mut by_place = HashMap::<_, Vec<_>>::new();
        let mut clusters = HashMap::new();
        for exposure in exposures {
            by_place
                .entry((exposure.cluster.as_str(), exposure.namespace.as_str()))
                .or_default()
                .push(exposure);
            *clusters.entry(exposure.cluster.as_str()).or_insert(0) += 1;
        }
        Self { by_place, clusters }
    }

    /// The widest reach of a workload and the evidence for it. `public_node` says whether a node it runs on
    /// has an address on the internet.
    pub(super) fn of(&self, workload: &WorkloadFact, public_node: bool) -> (Reach, String) {
        if !self.clusters.contains_key(workload.cluster.as_str()) {
            return (
                Reach::Unknown,
                "no services or ingresses of this cluster have been observed".to_owned(),
            );
        }
        let local = self
            .by_place
            .get(&(workload.cluster.as_str(), workload.namespace.as_str()))
            .map(Vec::as_slice)
            .unwrap_or_default();
        let selected = local.iter().filter(|route| selects(&route.selector, &workload.labels));
        let names: Vec<&str> = selected.clone().map(|route| route.name.as_str()).collect();
        let behind = local
            .iter()
            .filter(|route| route.backends.iter().any(|backend| names.contains(&backend.as_str())));
        let mut widest: Option<(Reach, String)> = opened_on_node(workload, public_node);
        for route in selected.clone().chain(behind) {
            let reach = Reach::from_word(&route.reach);
            if widest.as_ref().is_none_or(|(known, _)| reach < *known) {
                let leads = |inner: &&&ExposureFact| {
                    route.backends.contains(&inner.name) && !std::ptr::eq(**inner, *route)
                };
                let through = selected.clone().find(leads);
                let through = through.map(|inner| format!(", through {} {}", inner.kind, inner.name));
                let through = through.unwrap_or_default();
                let evidence = format!("{} {}: {}{through}", route.kind, route.name, route.evidence);
                widest = Some((reach, evidence));
            }
        }
        widest.unwrap_or_else(|| (Reach::Internal, "no service or ingress leads to it".to_owned()))
    }
}

/// A selector that names nothing selects nothing.
fn selects(selector: &BTreeMap<String, String>, labels: &BTreeMap<String, String>) -> bool {
    !selector.is_empty() && selector.iter().all(|(key, value)| labels.get(key) == Some(value))
}

/// What the node's network or ports open.
fn opened_on_node(workload: &WorkloadFact, public_node: bool) -> Option<(Reach, String)> {
    let ports = workload.containers.iter().flat_map(|container| &container.security.host_ports).next();
    let how = match (workload.isolation.host_network, ports) {
        (true, _) => "it shares the network of its nodes".to_owned(),
        (_, Some(port)) => format!("it opens port {port} on its nodes"),
        _ => return None,
    };
    Some(if public_node {
        (Reach::Internet, format!("{how}, which have addresses on the internet"))
    } else {
        (Reach::Internal, how)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::WorkloadId;

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

    fn route(
        kind: &str,
        name: &str,
        reach: Reach,
        selector: &[(&str, &str)],
        backends: &[&str],
    ) -> ExposureFact {
        ExposureFact {
            cluster: "c".to_owned(),
            namespace: "n".to_owned(),
            kind: kind.to_owned(),
            name: name.to_owned(),
            reach: reach.as_str().to_owned(),
            selector: selector.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            backends: backends.iter().map(|name| (*name).to_owned()).collect(),
            evidence: "because".to_owned(),
        }
    }

    #[test]
    fn the_widest_route_counts() {
        let routes = [
            route("Service", "inside", Reach::Internal, &[("app", "w")], &[]),
            route("Ingress", "front", Reach::Restricted, &[], &["inside"]),
            route("Service", "other", Reach::Internet, &[("app", "x")], &[]),
        ];
        let routes = Routes::new(&routes);
        let (reach, evidence) = routes.of(&workload(&[("app", "w"), ("v", "1")]), false);
        assert_eq!(
            (reach, evidence.as_str()),
            (Reach::Restricted, "Ingress front: because, through Service inside")
        );
        assert_eq!(routes.of(&workload(&[]), false).0, Reach::Internal);
    }

    #[test]
    fn what_nobody_looked_at_is_unknown() {
        assert_eq!(Routes::new(&[]).of(&workload(&[("app", "w")]), true).0, Reach::Unknown);
    }

    #[test]
    fn an_empty_selector_selects_nothing() {
        let routes = [route("Service", "headless", Reach::Internet, &[], &[])];
        assert_eq!(Routes::new(&routes).of(&workload(&[]), false).0, Reach::Internal);
    }

    #[test]
    fn host_network_on_a_public_node_is_the_internet() {
        let routes = [route("Service", "s", Reach::Internal, &[("a", "b")], &[])];
        let mut workload = workload(&[]);
        workload.isolation.host_network = true;
        assert_eq!(Routes::new(&routes).of(&workload, true).0, Reach::Internet);
        assert_eq!(Routes::new(&routes).of(&workload, false).0, Reach::Internal);
    }
}
