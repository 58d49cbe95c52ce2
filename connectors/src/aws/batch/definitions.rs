//! Job definitions as workloads that are asked for and not observed running. Refuses to count a job: what
//! jobs run shows in the clusters that Batch runs them on.

use std::collections::BTreeMap;

use aws_sdk_batch::types::{
    ContainerProperties, EcsProperties, EksContainer, EksProperties, JobDefinition, MountPoint,
    PlatformCapability, Secret, TaskContainerProperties, Volume,
};
use domain::workload::{Container, ContainerSecurity, Isolation, Workload};

use crate::aws::ecs::user;
use crate::aws::place::{Place, last_part, reference};

/// The newest revision of each definition.
pub(super) fn newest(definitions: Vec<JobDefinition>) -> Vec<JobDefinition> {
    let mut newest = BTreeMap::<String, JobDefinition>::new();
    for definition in definitions {
        let name = definition.job_definition_name().unwrap_or_default().to_owned();
        if newest.get(&name).is_none_or(|known| known.revision() < definition.revision()) {
            newest.insert(name, definition);
        }
    }
    newest.into_values().collect()
}

/// A definition as a workload; nothing where it names no image.
pub(super) fn workload(place: &Place, definition: &JobDefinition) -> Option<Workload> {
    let fargate = definition.platform_capabilities().contains(&PlatformCapability::Fargate);
    let containers = containers(definition);
    if containers.is_empty() {
        return None;
    }
    let name = definition.job_definition_name().unwrap_or_default();
    let tags = definition.tags().into_iter().flatten();
    let mut labels: BTreeMap<String, String> =
        tags.map(|(key, value)| (key.clone(), value.clone())).collect();
    labels.insert("aws:batch:jobDefinition".to_owned(), name.to_owned());
    Some(Workload {
        cluster: Some(place.product("batch")),
        account: Some(place.account.clone()),
        region: Some(place.region.clone()),
        namespace: "job-definitions".to_owned(),
        kind: "BatchJobDefinition".to_owned(),
        name: name.to_owned(),
        owner: place.rules.owner(&labels),
        environment: place.rules.environment(&labels),
        criticality: place.rules.criticality(&labels),
        labels,
        replicas: None,
        nodes: Vec::new(),
        containers,
        isolation: isolation(definition, fargate),
        observed_running: false,
    })
}

fn isolation(definition: &JobDefinition, fargate: bool) -> Isolation {
    let tasks = definition.ecs_properties().map(EcsProperties::task_properties).unwrap_or_default();
    let pod = definition.eks_properties().and_then(EksProperties::pod_properties);
    let single = definition.container_properties().and_then(ContainerProperties::job_role_arn);
    let role = single.or_else(|| tasks.iter().find_map(|task| task.task_role_arn())).map(last_part);
    let account = role.or_else(|| pod.and_then(|pod| pod.service_account_name()));
    Isolation {
        // A pod shares its node's network unless it is told not to.
        host_network: pod.is_some_and(|pod| pod.host_network() != Some(false))
            || tasks.iter().any(|task| task.network_mode() == Some("host")),
        host_pid: tasks.iter().any(|task| task.pid_mode() == Some("host")),
        host_ipc: tasks.iter().any(|task| task.ipc_mode() == Some("host")),
        runtime_class: fargate.then(|| "fargate-microvm".to_owned()),
        service_account: account.map(str::to_owned),
        ..Isolation::default()
    }
}

fn containers(definition: &JobDefinition) -> Vec<Container> {
    let nodes = definition.node_properties().map(|nodes| nodes.node_range_properties()).unwrap_or_default();
    let singles =
        definition.container_properties().into_iter().chain(nodes.iter().filter_map(|node| node.container()));
    let tasks =
        definition.ecs_properties().into_iter().chain(nodes.iter().filter_map(|node| node.ecs_properties()));
    let pods =
        definition.eks_properties().into_iter().chain(nodes.iter().filter_map(|node| node.eks_properties()));
    let mut containers: Vec<Container> = singles.map(single).collect();
    for task in tasks.flat_map(EcsProperties::task_properties) {
        containers.extend(task.containers().iter().map(|container| of_task(container, task.volumes())));
    }
    for pod in pods.filter_map(EksProperties::pod_properties) {
        let path = |name: Option<&str>| {
            let volume = pod.volumes().iter().find(|volume| volume.name() == name);
            volume.and_then(|volume| volume.host_path()?.path()).map(str::to_owned)
        };
        containers.extend(pod.init_containers().iter().map(|container| of_pod(container, true, path)));
        containers.extend(pod.containers().iter().map(|container| of_pod(container, false, path)));
    }
    containers.retain(|container| !container.image.is_empty());
    containers
}

fn single(properties: &ContainerProperties) -> Container {
    let devices = properties.linux_parameters().map(|linux| linux.devices()).unwrap_or_default();
    let devices = devices.iter().filter_map(|device| device.host_path());
    asked(
        "job",
        properties.image(),
        false,
        ContainerSecurity {
            privileged: properties.privileged() == Some(true),
            run_as_non_root: properties.user().and_then(user).map(|user| user != 0),
            run_as_user: properties.user().and_then(user),
            read_only_root: properties.readonly_root_filesystem(),
            host_paths: host_paths(properties.mount_points(), properties.volumes(), devices),
            secret_variables: secrets(properties.secrets()),
            ..ContainerSecurity::default()
        },
    )
}

fn of_task(container: &TaskContainerProperties, volumes: &[Volume]) -> Container {
    let devices = container.linux_parameters().map(|linux| linux.devices()).unwrap_or_default();
    let devices = devices.iter().filter_map(|device| device.host_path());
    asked(
        container.name().unwrap_or("job"),
        container.image(),
        false,
        ContainerSecurity {
            privileged: container.privileged() == Some(true),
            run_as_non_root: container.user().and_then(user).map(|user| user != 0),
            run_as_user: container.user().and_then(user),
            read_only_root: container.readonly_root_filesystem(),
            host_paths: host_paths(container.mount_points(), volumes, devices),
            secret_variables: secrets(container.secrets()),
            ..ContainerSecurity::default()
        },
    )
}

fn of_pod(container: &EksContainer, init: bool, path: impl Fn(Option<&str>) -> Option<String>) -> Container {
    let context = container.security_context();
    let writable = container.volume_mounts().iter().filter_map(|mount| Some((mount, path(mount.name())?)));
    let writable =
        writable.filter(|(mount, path)| mount.read_only() != Some(true) || path.ends_with(".sock"));
    asked(
        container.name().unwrap_or("job"),
        container.image(),
        init,
        ContainerSecurity {
            privileged: context.and_then(|context| context.privileged()) == Some(true),
            allow_privilege_escalation: context.and_then(|context| context.allow_privilege_escalation()),
            run_as_non_root: context.and_then(|context| context.run_as_non_root()),
            run_as_user: context.and_then(|context| context.run_as_user()),
            read_only_root: context.and_then(|context| context.read_only_root_filesystem()),
            host_paths: writable.map(|(_, path)| path).collect(),
            ..ContainerSecurity::default()
        },
    )
}

fn asked(name: &str, image: Option<&str>, init: bool, security: ContainerSecurity) -> Container {
    let image = image.unwrap_or_default().to_owned();
    Container {
        name: name.to_owned(),
        reference: reference(&image),
        image,
        digest: None,
        running: 0,
        init,
        security,
        instances: Vec::new(),
    }
}

fn secrets(secrets: &[Secret]) -> Vec<String> {
    secrets.iter().filter_map(|secret| secret.name()).map(str::to_owned).collect()
}

/// Writable paths and devices of the machine.
fn host_paths<'d>(
    mounts: &[MountPoint],
    volumes: &[Volume],
    devices: impl Iterator<Item = &'d str>,
) -> Vec<String> {
    let mut paths: Vec<String> = devices.map(str::to_owned).collect();
    for mount in mounts {
        let volume = volumes.iter().find(|volume| volume.name() == mount.source_volume());
        let Some(path) = volume.and_then(|volume| volume.host()?.source_path()) else { continue };
        if mount.read_only() != Some(true) || path.ends_with(".sock") {
            paths.push(path.to_owned());
        }
    }
    paths.sort();
    paths.dedup();
    paths
}
