//! From where services and standalone tasks can be reached: load balancers before them, addresses of their
//! own, ports on their machines. Refuses to call a service internal while something of this was not read.

use std::collections::BTreeMap;

use aws_sdk_ecs::types::{AssignPublicIp, NetworkConfiguration, NetworkMode, Service, Task, TaskDefinition};
use domain::exposure::{Exposure, Landing, Reach};

use super::Launch;
use super::workloads::{Known, newest};
use crate::aws::ec2::Network;
use crate::aws::elb::Front;

/// What was read beside the cluster; `None` where it could not be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around<'a> {
    /// What stands before target groups, by their ARN.
    pub(super) fronts: Option<&'a BTreeMap<String, Vec<Front>>>,
    /// Interfaces and security groups.
    pub(super) network: Option<&'a Network>,
}

/// The routes to a service: one for each load balancer, and one for its own network.
pub(super) fn of_service(
    known: &Known<'_>,
    service: &Service,
    tasks: &[&Task],
    around: Around<'_>,
) -> Vec<Exposure> {
    let name = service.service_name().unwrap_or_default();
    let selector = BTreeMap::from([("aws:ecs:serviceName".to_owned(), name.to_owned())]);
    let definition = service.task_definition().and_then(|arn| known.definitions.get(arn));
    let (reach, evidence) = own_network(Asked {
        launch: tasks.first().map_or_else(
            || Launch::of_service(service, definition),
            |task| Launch::of_task(task, definition),
        ),
        definition,
        configuration: service.network_configuration(),
        tasks,
        machines: known.machines,
        network: around.network,
    });
    let route = |kind: &str, name: String, reach, evidence| Exposure {
        cluster: Some(known.place.cluster("ecs", known.cluster)),
        namespace: known.cluster.to_owned(),
        kind: kind.to_owned(),
        name,
        reach,
        selector: selector.clone(),
        backends: Vec::new(),
        evidence,
        landing: Landing::default(),
    };
    let mut routes = vec![route("Network", name.to_owned(), reach, evidence)];
    for (balancer, reach, evidence) in balanced(service, around.fronts) {
        routes.push(route("LoadBalancer", format!("{balancer} to {name}"), reach, evidence));
    }
    routes
}

/// The route to standalone tasks of one family: their own network.
pub(super) fn of_family(known: &Known<'_>, family: &str, tasks: &[&Task], around: Around<'_>) -> Exposure {
    let definition = newest(tasks).and_then(|arn| known.definitions.get(arn));
    let (reach, evidence) = own_network(Asked {
        launch: tasks.first().map_or(Launch::Machine, |task| Launch::of_task(task, definition)),
        definition,
        configuration: None,
        tasks,
        machines: known.machines,
        network: around.network,
    });
    Exposure {
        cluster: Some(known.place.cluster("ecs", known.cluster)),
        namespace: known.cluster.to_owned(),
        kind: "Network".to_owned(),
        name: format!("{family} (tasks)"),
        reach,
        selector: BTreeMap::from([("aws:ecs:family".to_owned(), family.to_owned())]),
        backends: Vec::new(),
        evidence,
        landing: Landing::default(),
    }
}

/// The target groups of a service, those of its task sets and of blue and green among them.
pub(super) fn target_groups(service: &Service) -> Vec<&str> {
    let sets = service.task_sets().iter().flat_map(|set| set.load_balancers());
    let mut groups: Vec<&str> = service
        .load_balancers()
        .iter()
        .chain(sets)
        .flat_map(|balancer| {
            let other = balancer.advanced_configuration().and_then(|both| both.alternate_target_group_arn());
            [balancer.target_group_arn(), other]
        })
        .flatten()
        .collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}

fn balanced(
    service: &Service,
    fronts: Option<&BTreeMap<String, Vec<Front>>>,
) -> Vec<(String, Reach, String)> {
    let mut found = BTreeMap::<String, (Reach, String)>::new();
    let mut note = |balancer: &str, reach: Reach, evidence: &str| {
        let widest = found.get(balancer).is_none_or(|(known, _)| reach < *known);
        if widest {
            found.insert(balancer.to_owned(), (reach, evidence.to_owned()));
        }
    };
    for group in target_groups(service) {
        let Some(fronts) = fronts else {
            note("load balancer", Reach::Unknown, "it is behind a load balancer that was not read");
            continue;
        };
        for front in fronts.get(group).into_iter().flatten() {
            note(&front.balancer, front.reach, &front.evidence);
        }
    }
    for name in service.load_balancers().iter().filter_map(|balancer| balancer.load_balancer_name()) {
        note(name, Reach::Unknown, "a classic load balancer, which is not read");
    }
    found.into_iter().map(|(balancer, (reach, evidence))| (balancer, reach, evidence)).collect()
}

struct Asked<'a> {
    launch: Launch,
    definition: Option<&'a TaskDefinition>,
    configuration: Option<&'a NetworkConfiguration>,
    tasks: &'a [&'a Task],
    machines: &'a BTreeMap<String, String>,
    network: Option<&'a Network>,
}

/// From where the tasks can be reached without any load balancer.
fn own_network(asked: Asked<'_>) -> (Reach, String) {
    let Some(definition) = asked.definition else {
        return (Reach::Unknown, "its task definition was not read".to_owned());
    };
    match definition.network_mode() {
        Some(NetworkMode::None) => (Reach::Isolated, "it has no network".to_owned()),
        Some(NetworkMode::Awsvpc) => own_interfaces(&asked),
        _ if asked.launch == Launch::Fargate => own_interfaces(&asked),
        _ => on_machines(&asked, definition),
    }
}

/// Tasks with interfaces of their own: the widest of those that have a public address.
fn own_interfaces(asked: &Asked<'_>) -> (Reach, String) {
    let vpc = asked.configuration.and_then(|configuration| configuration.awsvpc_configuration());
    let assigned = vpc.and_then(|vpc| vpc.assign_public_ip()) == Some(&AssignPublicIp::Enabled);
    let ids: Vec<&str> = asked.tasks.iter().flat_map(|task| interfaces(task)).collect();
    let Some(network) = asked.network else {
        return match (assigned, ids.is_empty() || vpc.is_some()) {
            (true, _) => (Reach::Internet, "public address assigned, security groups not read".to_owned()),
            (false, true) => (Reach::Internal, "no public address is assigned".to_owned()),
            (false, false) => (Reach::Unknown, "its network interfaces were not read".to_owned()),
        };
    };
    let known: Vec<_> = ids.iter().filter_map(|id| network.interfaces.get(*id)).collect();
    let widest =
        known.iter().filter_map(|interface| network.public(interface)).min_by_key(|(reach, _)| *reach);
    if let Some(widest) = widest {
        return widest;
    }
    if assigned {
        let (reach, why) = network.admits(vpc.map(|vpc| vpc.security_groups()).unwrap_or_default());
        return (reach, format!("public address assigned, {why}"));
    }
    // Interfaces of tasks that are younger than the list are missing; their siblings speak for them.
    match (ids.is_empty(), known.is_empty()) {
        (true, _) => (Reach::Internal, "no public address is assigned".to_owned()),
        (false, true) if vpc.is_none() => (Reach::Unknown, "its network interfaces were not read".to_owned()),
        _ => (Reach::Internal, "its network interfaces have no public address".to_owned()),
    }
}

/// Tasks on the network of their machines: as open as the addresses of those, if they open anything there.
fn on_machines(asked: &Asked<'_>, definition: &TaskDefinition) -> (Reach, String) {
    let host = definition.network_mode() == Some(&NetworkMode::Host);
    let containers = asked.tasks.iter().flat_map(|task| task.containers());
    let bound = containers.flat_map(|container| container.network_bindings()).next().is_some();
    let mapped =
        definition.container_definitions().iter().any(|container| !container.port_mappings().is_empty());
    if !(host || bound || mapped) {
        return (Reach::Internal, "it opens no port on its machines".to_owned());
    }
    let how = if host { "it shares the network of its machines" } else { "it opens ports on its machines" };
    let Some(network) = asked.network else {
        return (Reach::Unknown, format!("{how}, whose addresses were not read"));
    };
    let machines = asked.tasks.iter().filter_map(|task| asked.machines.get(task.container_instance_arn()?));
    let widest = machines.filter_map(|machine| network.instance(machine)).min_by_key(|(reach, _)| *reach);
    match widest {
        Some((reach, why)) => (reach, format!("{how}: {why}")),
        None => (Reach::Internal, format!("{how}, which have no public address")),
    }
}

/// The interfaces of a task.
fn interfaces(task: &Task) -> impl Iterator<Item = &str> {
    let attached =
        task.attachments().iter().filter(|attached| attached.r#type() == Some("ElasticNetworkInterface"));
    let details = attached.flat_map(|attached| attached.details());
    details.filter(|detail| detail.name() == Some("networkInterfaceId")).filter_map(|detail| detail.value())
}
