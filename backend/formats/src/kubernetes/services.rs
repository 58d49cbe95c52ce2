//! Services: from where the pods behind them can be reached. Refuses to call a load balancer without an
//! address internal: until it has one, nobody knows.

use std::collections::BTreeMap;

use domain::exposure::{Exposure, Landing, Reach};

use super::wire::Metadata;
use super::wire_network::{BalancedStatus, LoadBalancer, ServiceSpec};
use super::{address, owners, ports, workloads};

/// Annotations that keep a cloud's load balancer off the internet, with the values that do not.
const INTERNAL: [(&str, &[&str]); 7] = [
    ("service.beta.kubernetes.io/aws-load-balancer-internal", &["false"]),
    ("service.beta.kubernetes.io/aws-load-balancer-scheme", &["internet-facing"]),
    ("service.beta.kubernetes.io/azure-load-balancer-internal", &["false"]),
    ("networking.gke.io/load-balancer-type", &["External"]),
    ("cloud.google.com/load-balancer-type", &["External"]),
    ("service.beta.kubernetes.io/openstack-internal-load-balancer", &["false"]),
    ("service.beta.kubernetes.io/oci-load-balancer-internal", &["false"]),
];
/// Where source ranges stood before the specification had a field for them.
const SOURCE_RANGES: &str = "service.beta.kubernetes.io/load-balancer-source-ranges";

/// What a service exposes; nothing where it leads to no pods and to no address.
pub(super) fn exposure(
    metadata: &Metadata<'_>,
    spec: &ServiceSpec<'_>,
    status: &BalancedStatus<'_>,
) -> Option<Exposure> {
    let (reach, evidence) = match &*spec.r#type {
        "ExternalName" => return None,
        "LoadBalancer" => load_balancer(metadata, spec, status),
        _ if spec.external_ips.iter().any(|ip| address::is_public_ip(ip)) => {
            (Reach::Internet, format!("external addresses {}", listed(&external(spec))))
        }
        _ if spec.selector.is_empty() => return None,
        "NodePort" => {
            let ports = spec.ports.iter().filter_map(|port| port.node_port.whole());
            let ports: Vec<String> = ports.map(|port| port.to_string()).collect();
            (Reach::Internal, format!("NodePort {} on every node", listed(&ports)))
        }
        _ if *spec.cluster_ip == *"None" => (Reach::Internal, "headless service".to_owned()),
        _ => (Reach::Internal, format!("ClusterIP {}", &*spec.cluster_ip).trim_end().to_owned()),
    };
    let selector = spec.selector.iter().map(|(key, value)| (key.to_string(), value.to_string()));
    Some(Exposure {
        cluster: None,
        namespace: workloads::namespace(metadata),
        kind: "Service".to_owned(),
        name: metadata.name.to_string(),
        reach,
        selector: selector.collect::<BTreeMap<_, _>>(),
        backends: Vec::new(),
        evidence,
        landing: landing(spec),
    })
}

/// The ports of pods behind a service. A port that cannot be read makes them all unknown.
fn landing(spec: &ServiceSpec<'_>) -> Landing {
    let targets: Option<Vec<_>> = spec.ports.iter().map(ports::target).collect();
    Landing { targets: targets.unwrap_or_default(), keeps_source: *spec.external_traffic_policy == *"Local" }
}

fn load_balancer(
    metadata: &Metadata<'_>,
    spec: &ServiceSpec<'_>,
    status: &BalancedStatus<'_>,
) -> (Reach, String) {
    let mut addresses = points(&status.load_balancer);
    addresses.extend(external(spec));
    let shown = listed(&addresses);
    let internal = INTERNAL.iter().find(|(key, public)| {
        owners::get(metadata, key)
            .is_some_and(|value| !public.iter().any(|word| word.eq_ignore_ascii_case(value)))
    });
    if let Some((key, _)) = internal {
        return (Reach::Internal, format!("LoadBalancer {shown} with {key}").replace("  ", " "));
    }
    if addresses.is_empty() {
        return (Reach::Unknown, "LoadBalancer without an address yet".to_owned());
    }
    if addresses.iter().all(|address| address::is_private(address)) {
        return (Reach::Internal, format!("LoadBalancer {shown}, a private address"));
    }
    let ranges = source_ranges(metadata, spec);
    if !ranges.is_empty() && !ranges.iter().any(|range| address::is_everybody(range)) {
        return (Reach::Restricted, format!("LoadBalancer {shown} for {} only", listed(&ranges)));
    }
    (Reach::Internet, format!("LoadBalancer {shown}"))
}

/// The addresses that a load balancer was given.
pub(super) fn points(balancer: &LoadBalancer<'_>) -> Vec<String> {
    let address = |point: &super::wire_network::Point<'_>| {
        point.ip.filled().or(point.hostname.filled()).map(str::to_owned)
    };
    balancer.ingress.iter().filter_map(address).collect()
}

fn external(spec: &ServiceSpec<'_>) -> Vec<String> {
    spec.external_ips.iter().map(|ip| ip.to_string()).collect()
}

fn source_ranges(metadata: &Metadata<'_>, spec: &ServiceSpec<'_>) -> Vec<String> {
    if !spec.load_balancer_source_ranges.is_empty() {
        return spec.load_balancer_source_ranges.iter().map(|range| range.trim().to_owned()).collect();
    }
    ranges(owners::get(metadata, SOURCE_RANGES).unwrap_or_default())
}

/// The parts of a list written with commas.
pub(super) fn ranges(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|range| !range.is_empty()).map(str::to_owned).collect()
}

/// The first three of a list, with a count of the rest: evidence is one line.
pub(super) fn listed(list: &[String]) -> String {
    let shown = list.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(", ");
    if list.len() > 3 { format!("{shown} and {} more", list.len() - 3) } else { shown }
}
