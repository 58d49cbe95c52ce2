//! A container group as one workload, and the route to it. Refuses a digest that the group was not told: container
//! instances do not say what a tag meant when it was pulled.

use domain::exposure::{Exposure, Landing, Reach};
use domain::workload::{self, ContainerSecurity, Workload};

use super::wire::{Container, Group};
use crate::azure::place::{Place, Runs, container, group, selector};
use crate::variables;

/// The group with its containers; those that run first and end come before the others.
pub(super) fn workload(place: &Place, told: &Group) -> Workload {
    let properties = &told.properties;
    let first = properties.init_containers.iter().map(|one| told_of(one, properties.os_type == "Windows"));
    let first = first.map(|one| workload::Container { init: true, ..one });
    let then = properties.containers.iter().map(|one| told_of(one, properties.os_type == "Windows"));
    // A confidential group runs on hardware that hides it from the machine as well.
    let runtime = if properties.sku == "Confidential" { "aci-confidential-vm" } else { "aci-microvm" };
    place.workload(
        told,
        Runs {
            cluster: place.product("aci", &told.location),
            kind: "ContainerGroup",
            runtime,
            replicas: None,
            containers: first.chain(then).collect(),
            observed_running: true,
        },
    )
}

fn told_of(told: &Container, windows: bool) -> workload::Container {
    let does = &told.properties;
    let state = does.instance_view.as_ref().map(|view| view.current_state.state.as_str());
    container(&told.name, &does.image, u32::from(state == Some("Running")), security(told, windows))
}

fn security(told: &Container, windows: bool) -> ContainerSecurity {
    let context = &told.properties.security_context;
    let variables = told.properties.environment_variables.iter().filter_map(|variable| {
        let secure = variable.value.is_none();
        if secure { Some(variable.name.clone()) } else { variables::in_plain_text(&variable.name) }
    });
    let seccomp = match (context.privileged, &context.seccomp_profile) {
        _ if windows => None,
        (Some(true), _) => Some("Unconfined"),
        (_, Some(_)) => Some("Localhost"),
        (_, None) => Some("RuntimeDefault"),
    };
    ContainerSecurity {
        privileged: context.privileged == Some(true),
        allow_privilege_escalation: context.allow_privilege_escalation,
        run_as_non_root: context.run_as_user.map(|user| user != 0),
        run_as_user: context.run_as_user,
        capabilities_added: context.capabilities.add.clone(),
        capabilities_dropped: context.capabilities.drop.clone(),
        seccomp: seccomp.map(str::to_owned),
        secret_variables: variables.collect(),
        ..ContainerSecurity::default()
    }
}

/// From where the group can be reached: an address of its own, one on a subnet, or none.
pub(super) fn route(place: &Place, told: &Group) -> Exposure {
    let address = told.properties.ip_address.as_ref();
    let (reach, evidence) = match address {
        Some(address) if address.kind.eq_ignore_ascii_case("Public") => {
            let name = address.fqdn.as_deref().or(address.ip.as_deref()).unwrap_or("an address of its own");
            let ports: Vec<String> = address
                .ports
                .iter()
                .map(|port| format!("{} {}", port.protocol.to_ascii_lowercase(), port.port))
                .collect();
            (Reach::Internet, format!("public address {name} {}", ports.join(", ")).trim_end().to_owned())
        }
        Some(address) if address.kind.eq_ignore_ascii_case("Private") => {
            let ip = address.ip.as_deref().unwrap_or("unknown");
            (Reach::Internal, format!("address {ip} on a subnet of a virtual network"))
        }
        Some(_) => (Reach::Unknown, "an address of a kind that is not known here".to_owned()),
        None if told.properties.subnet_ids.is_empty() => (Reach::Isolated, "no address".to_owned()),
        None => (Reach::Internal, "on a subnet of a virtual network".to_owned()),
    };
    Exposure {
        cluster: Some(place.product("aci", &told.location)),
        namespace: group(&told.id),
        kind: "ContainerGroup".to_owned(),
        name: told.name.clone(),
        reach,
        selector: selector(told),
        backends: Vec::new(),
        evidence,
        landing: Landing::default(),
    }
}
