//! From where apps can be reached: their ingress, the environment around it, who is let in. Refuses to call an app
//! internal whose environment was not told.

use domain::exposure::{Exposure, Landing, Reach};

use super::apps::cluster;
use super::wire::{App, Environment, Ingress, Job};
use crate::azure::place::{Place, group, selector};

/// The route to an app.
pub(super) fn route(place: &Place, told: &App, home: Option<&Environment>) -> Exposure {
    let (reach, evidence) = match &told.properties.configuration.ingress {
        None => (Reach::Isolated, "no ingress".to_owned()),
        Some(ingress) => through(ingress, home),
    };
    exposure(place, told, reach, evidence)
}

/// Nothing reaches a job.
pub(super) fn of_job(place: &Place, told: &Job) -> Exposure {
    exposure(place, told, Reach::Isolated, "a job has no ingress".to_owned())
}

fn through(ingress: &Ingress, home: Option<&Environment>) -> (Reach, String) {
    let name = ingress.fqdn.as_deref().unwrap_or("ingress");
    if ingress.external != Some(true) {
        return (Reach::Internal, format!("{name} only within the environment"));
    }
    let Some(home) = home else {
        return (Reach::Unknown, format!("{name} as far as the environment lets, which was not told"));
    };
    let closed = home.properties.public_network_access.as_deref() == Some("Disabled");
    if closed || home.properties.vnet_configuration.internal == Some(true) {
        return (Reach::Internal, format!("{name} only within the virtual network"));
    }
    if ingress.client_certificate_mode.as_deref().is_some_and(|mode| mode.eq_ignore_ascii_case("require")) {
        return (Reach::Restricted, format!("{name} with a client certificate"));
    }
    // Rules either all allow, and nobody else comes in, or all deny, and everybody else does.
    let let_in =
        ingress.ip_security_restrictions.iter().filter(|rule| rule.action.eq_ignore_ascii_case("allow"));
    let let_in: Vec<&str> = let_in.map(|rule| rule.ip_address_range.as_str()).collect();
    let all = |range: &&str| matches!(*range, "0.0.0.0/0" | "::/0");
    if let_in.is_empty() || let_in.iter().any(all) {
        return (Reach::Internet, format!("external ingress {name}"));
    }
    (Reach::Restricted, format!("{name} for {}", let_in.join(", ")))
}

fn exposure(place: &Place, told: &App, reach: Reach, evidence: String) -> Exposure {
    Exposure {
        cluster: Some(cluster(place, &told.properties, &told.location)),
        namespace: group(&told.id),
        kind: "ContainerApp".to_owned(),
        name: told.name.clone(),
        reach,
        selector: selector(told),
        backends: Vec::new(),
        evidence,
        landing: Landing::default(),
    }
}
