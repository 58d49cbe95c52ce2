//! Ingresses and gateway routes: host names that lead to services. An ingress counts as open to the
//! internet unless its class or an annotation says that it is not.
//!
//! Refuses to guess the reach of a gateway that is not in the document.

use std::collections::{BTreeMap, BTreeSet};

use domain::exposure::{Exposure, Landing, Reach};

use super::services::{listed, points, ranges};
use super::wire::Metadata;
use super::wire_network::{
    BalancedStatus, GatewaySpec, GatewayStatus, IngressSpec, RouteReference, RouteSpec,
};
use super::{address, owners, workloads};

/// Annotations that list who may come in.
const ALLOW_LISTS: [&str; 6] = [
    "nginx.ingress.kubernetes.io/whitelist-source-range",
    "nginx.ingress.kubernetes.io/allowlist-source-range",
    "ingress.kubernetes.io/whitelist-source-range",
    "alb.ingress.kubernetes.io/inbound-cidrs",
    "haproxy.org/allow-list",
    "haproxy.org/whitelist",
];
/// Annotations that make a caller sign in first.
const SIGN_IN: [&str; 3] = [
    "nginx.ingress.kubernetes.io/auth-url",
    "nginx.ingress.kubernetes.io/auth-type",
    "nginx.ingress.kubernetes.io/auth-tls-secret",
];
/// Annotations that keep an ingress off the internet, with the value that does.
const INTERNAL: [(&str, &str); 2] = [
    ("alb.ingress.kubernetes.io/scheme", "internal"),
    ("appgw.ingress.kubernetes.io/use-private-ip", "true"),
];

/// What an ingress exposes.
pub(super) fn ingress(
    metadata: &Metadata<'_>,
    spec: &IngressSpec<'_>,
    status: &BalancedStatus<'_>,
) -> Exposure {
    let class =
        spec.ingress_class_name.filled().or_else(|| owners::get(metadata, "kubernetes.io/ingress.class"));
    let hosts: Vec<String> =
        spec.rules.iter().filter_map(|rule| rule.host.filled()).map(str::to_owned).collect();
    let mut evidence = if hosts.is_empty() { "any host".to_owned() } else { listed(&hosts) };
    let addresses = points(&status.load_balancer);
    if !addresses.is_empty() {
        evidence.push_str(&format!(" at {}", listed(&addresses)));
    }
    if let Some(class) = class {
        evidence.push_str(&format!(" (class {class})"));
    }
    let guard = guard(metadata, class);
    if let Some(guard) = &guard {
        evidence.push_str(&format!(", {guard}"));
    }
    let paths = spec.rules.iter().flat_map(|rule| &rule.http.paths).map(|path| &path.backend);
    let names = paths.chain(&spec.default_backend).filter_map(|backend| {
        backend.service.name.filled().or(backend.service_name.filled()).map(str::to_owned)
    });
    Exposure {
        cluster: None,
        namespace: workloads::namespace(metadata),
        kind: "Ingress".to_owned(),
        name: metadata.name.to_string(),
        reach: if guard.is_some() { Reach::Restricted } else { Reach::Internet },
        selector: BTreeMap::new(),
        backends: names.collect::<BTreeSet<_>>().into_iter().collect(),
        evidence,
        landing: Landing::default(),
    }
}

/// What stands between the internet and an ingress, if anything.
fn guard(metadata: &Metadata<'_>, class: Option<&str>) -> Option<String> {
    let stated = INTERNAL.iter().find(|(key, internal)| {
        owners::get(metadata, key).is_some_and(|value| value.eq_ignore_ascii_case(internal))
    });
    if let Some((key, value)) = stated {
        return Some(format!("{key}: {value}"));
    }
    let unscheduled = owners::get(metadata, "alb.ingress.kubernetes.io/scheme").is_none();
    match class {
        Some("alb") if unscheduled => return Some("internal by default".to_owned()),
        Some(class) if is_internal_class(class) => return Some("an internal class".to_owned()),
        _ => {}
    }
    for key in ALLOW_LISTS {
        let allowed = ranges(owners::get(metadata, key).unwrap_or_default());
        if !allowed.is_empty() && !allowed.iter().any(|range| address::is_everybody(range)) {
            return Some(format!("for {} only", listed(&allowed)));
        }
    }
    SIGN_IN.iter().find(|key| owners::get(metadata, key).is_some()).map(|key| format!("behind {key}"))
}

fn is_internal_class(class: &str) -> bool {
    let class = class.to_ascii_lowercase();
    ["internal", "private", "rilb"].iter().any(|word| class.contains(word))
}

/// The reach of the gateways in a document, by namespace and name.
pub(super) type Gateways = BTreeMap<(String, String), Reach>;

/// From where a gateway can be reached.
pub(super) fn gateway(spec: &GatewaySpec<'_>, status: &GatewayStatus<'_>) -> Reach {
    if is_internal_class(&spec.gateway_class_name) {
        return Reach::Restricted;
    }
    let mut addresses = status.addresses.iter().filter_map(|address| address.value.filled()).peekable();
    if addresses.peek().is_none() {
        return Reach::Unknown;
    }
    if addresses.all(address::is_private) { Reach::Internal } else { Reach::Internet }
}

/// What a gateway's route exposes: as much as the most open gateway it hangs on.
pub(super) fn http_route(metadata: &Metadata<'_>, spec: &RouteSpec<'_>, gateways: &Gateways) -> Exposure {
    let namespace = workloads::namespace(metadata);
    let home = |reference: &RouteReference<'_>| reference.namespace.filled().unwrap_or(&namespace).to_owned();
    let parents: Vec<(String, String)> =
        spec.parent_refs.iter().map(|parent| (home(parent), parent.name.to_string())).collect();
    let reach = |parent: &(String, String)| gateways.get(parent).copied().unwrap_or(Reach::Unknown);
    let hosts: Vec<String> = spec.hostnames.iter().map(|host| host.to_string()).collect();
    let names: Vec<String> = parents.iter().map(|(_, name)| name.clone()).collect();
    let backends: BTreeSet<String> = spec
        .rules
        .iter()
        .flat_map(|rule| &rule.backend_refs)
        .filter(|backend| home(backend) == namespace && matches!(&*backend.kind, "" | "Service"))
        .map(|backend| backend.name.to_string())
        .collect();
    let hosts = if hosts.is_empty() { "any host".to_owned() } else { listed(&hosts) };
    Exposure {
        cluster: None,
        kind: "HTTPRoute".to_owned(),
        name: metadata.name.to_string(),
        reach: parents.iter().map(reach).min().unwrap_or(Reach::Unknown),
        selector: BTreeMap::new(),
        backends: backends.into_iter().collect(),
        evidence: format!("{hosts} through gateway {}", listed(&names)),
        namespace,
        landing: Landing::default(),
    }
}
