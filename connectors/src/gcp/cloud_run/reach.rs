//! Who can reach a service: its ingress says from where, its policy says who. Refuses to call a service internal that
//! a load balancer may stand before: load balancers are not read.

use std::collections::BTreeMap;

use domain::exposure::{Exposure, Landing, Reach};

use super::PRODUCT;
use super::wire::{Policy, Service};
use super::workloads::{NAMESPACE, SERVICE_LABEL};
use crate::gcp::place::{Place, last_part};

/// Roles that let their members call a service.
const INVOKERS: [&str; 6] = [
    "roles/run.invoker",
    "roles/run.servicesInvoker",
    "roles/run.developer",
    "roles/run.admin",
    "roles/editor",
    "roles/owner",
];

/// Who may call a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Callers {
    Anyone(&'static str),
    Some(&'static str),
    Untold,
}

/// The route to a service; `policy` is nothing where it could not be read.
pub(super) fn route(place: &Place, service: &Service, policy: Option<&Policy>) -> Exposure {
    let name = last_part(&service.name).to_owned();
    let (reach, evidence) = reach(service, policy);
    Exposure {
        cluster: Some(place.product(PRODUCT)),
        namespace: NAMESPACE.to_owned(),
        kind: "CloudRun".to_owned(),
        selector: BTreeMap::from([(SERVICE_LABEL.to_owned(), name.clone())]),
        name,
        reach,
        backends: Vec::new(),
        evidence,
        landing: Landing::default(),
    }
}

fn reach(service: &Service, policy: Option<&Policy>) -> (Reach, String) {
    let callers = callers(service, policy);
    let who = match callers {
        Callers::Anyone(who) | Callers::Some(who) => who,
        Callers::Untold => "who may call it could not be read",
    };
    let (from, open) = match service.ingress.as_str() {
        "INGRESS_TRAFFIC_ALL" if service.default_uri_disabled => {
            return (
                by(callers, Reach::Unknown),
                format!("reached from everywhere, but not at an address of its own, {who}"),
            );
        }
        "INGRESS_TRAFFIC_ALL" => {
            (format!("reached from everywhere {}", service.uri).trim_end().to_owned(), Reach::Internet)
        }
        "INGRESS_TRAFFIC_INTERNAL_ONLY" => {
            return (Reach::Internal, format!("reached from the project's networks only, {who}"));
        }
        "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" => (
            "reached from the project's networks and through load balancers, which are not read".to_owned(),
            Reach::Unknown,
        ),
        "INGRESS_TRAFFIC_NONE" => return (Reach::Isolated, "reached from nowhere".to_owned()),
        _ => ("Cloud Run does not say from where it is reached".to_owned(), Reach::Unknown),
    };
    (by(callers, open), format!("{from}, {who}"))
}

/// What callers make of a reach that is open to them.
fn by(callers: Callers, open: Reach) -> Reach {
    match callers {
        Callers::Anyone(_) => open,
        Callers::Some(_) => Reach::Restricted,
        Callers::Untold => Reach::Unknown,
    }
}

fn callers(service: &Service, policy: Option<&Policy>) -> Callers {
    if service.iap_enabled {
        return Callers::Some("behind Identity-Aware Proxy");
    }
    if service.invoker_iam_disabled {
        return Callers::Anyone("by anyone: callers are not checked");
    }
    let Some(policy) = policy else { return Callers::Untold };
    let may = |member: &str| {
        // A role of one's own may let its members call; a condition may hold.
        let open = policy.bindings.iter().filter(|binding| {
            INVOKERS.contains(&binding.role.as_str()) || !binding.role.starts_with("roles/")
        });
        open.flat_map(|binding| &binding.members).any(|told| told == member)
    };
    if may("allUsers") {
        Callers::Anyone("by anyone: allUsers may call it")
    } else if may("allAuthenticatedUsers") {
        Callers::Anyone("by anyone with a Google account: allAuthenticatedUsers may call it")
    } else {
        Callers::Some("by those whom its policy names")
    }
}
