//! What a task definition lets its containers do. Refuses to read a user's number out of a name that is not
//! `root`: which number it has is written in the image.

use std::collections::BTreeSet;

use aws_sdk_ecs::types::{
    ContainerDefinition, IpcMode, KernelCapabilities, NetworkMode, PidMode, TaskDefinition, Volume,
};
use domain::workload::{ContainerSecurity, Isolation};

use super::Launch;
use crate::aws::place::last_part;
use crate::variables;

/// How far a task is separated from its machine.
pub(super) fn isolation(definition: &TaskDefinition, launch: Launch) -> Isolation {
    Isolation {
        host_network: definition.network_mode() == Some(&NetworkMode::Host),
        host_pid: definition.pid_mode() == Some(&PidMode::Host),
        host_ipc: definition.ipc_mode() == Some(&IpcMode::Host),
        user_namespace: false,
        runtime_class: launch.runtime_class().map(str::to_owned),
        service_account: definition.task_role_arn().map(last_part).map(str::to_owned),
        token_mounted: None,
        pod: None,
    }
}

/// What one container of a task may do.
pub(super) fn security(
    container: &ContainerDefinition,
    definition: &TaskDefinition,
    launch: Launch,
) -> ContainerSecurity {
    let privileged = container.privileged() == Some(true);
    let user = container.user().and_then(user);
    let linux = container.linux_parameters();
    let kernel = linux.and_then(|linux| linux.capabilities());
    let secrets = container.secrets().iter().map(|secret| secret.name().to_owned());
    let log_secrets = container.log_configuration().map(|log| log.secret_options()).unwrap_or_default();
    let log_secrets = log_secrets.iter().map(|secret| format!("{} (log driver)", secret.name()));
    let options = container.docker_security_options();
    ContainerSecurity {
        privileged,
        allow_privilege_escalation: options
            .iter()
            .any(|option| option.starts_with("no-new-privileges") && !option.ends_with("false"))
            .then_some(false),
        run_as_non_root: user.map(|user| user != 0),
        run_as_user: user,
        read_only_root: container.readonly_root_filesystem(),
        capabilities_added: capabilities(kernel, KernelCapabilities::add),
        capabilities_dropped: capabilities(kernel, KernelCapabilities::drop),
        seccomp: seccomp(privileged, launch).map(str::to_owned),
        host_ports: host_ports(container, definition, launch),
        host_paths: host_paths(container, definition, launch),
        secret_variables: secrets.chain(log_secrets).chain(plain_secrets(container)).collect(),
        log_driver: Some(log_driver(container).to_owned()),
        ports: Vec::new(),
        specified: None,
    }
}

/// Variables whose value stands in the definition, for everybody to read who may describe it, though their name
/// says that it is a secret. The value is not looked at, but for being there.
fn plain_secrets(container: &ContainerDefinition) -> impl Iterator<Item = String> + '_ {
    let told =
        container.environment().iter().filter(|told| told.value().is_some_and(|value| !value.is_empty()));
    told.filter_map(|told| variables::in_plain_text(told.name()?))
}

/// The driver that takes a container's logs; `none` where they are not taken anywhere.
fn log_driver(container: &ContainerDefinition) -> &str {
    container.log_configuration().map_or("none", |log| log.log_driver().as_str())
}

/// The drivers that take a task's logs.
pub(super) fn log_drivers(definition: &TaskDefinition) -> String {
    let drivers: BTreeSet<&str> = definition.container_definitions().iter().map(log_driver).collect();
    drivers.into_iter().collect::<Vec<_>>().join(",")
}

/// A user's number: `1000`, `1000:1000`, `root`.
pub(in crate::aws) fn user(user: &str) -> Option<i64> {
    let user = user.split(':').next().unwrap_or(user).trim();
    if user == "root" { Some(0) } else { user.parse().ok() }
}

/// The agent starts containers by Docker or containerd with their default profile; only a privileged one has
/// none. Windows has no such thing.
fn seccomp(privileged: bool, launch: Launch) -> Option<&'static str> {
    match (privileged, launch) {
        (true, _) => Some("Unconfined"),
        (false, Launch::Windows) => None,
        (false, _) => Some("RuntimeDefault"),
    }
}

fn capabilities(
    kernel: Option<&KernelCapabilities>,
    pick: fn(&KernelCapabilities) -> &[String],
) -> Vec<String> {
    kernel.map(pick).unwrap_or_default().iter().map(|name| name.to_ascii_uppercase()).collect()
}

/// Ports that are opened on the machine under a number of one's own choosing.
fn host_ports(container: &ContainerDefinition, definition: &TaskDefinition, launch: Launch) -> Vec<u16> {
    let bridged = matches!(definition.network_mode(), None | Some(NetworkMode::Bridge));
    if launch == Launch::Fargate || !bridged {
        return Vec::new();
    }
    let ports = container.port_mappings().iter().filter_map(|mapping| mapping.host_port());
    ports.filter_map(|port| u16::try_from(port).ok()).filter(|port| *port > 0).collect()
}

/// Paths and devices of the machine that the container can write to. A socket is written to through a
/// read-only mount as well. On Fargate there is no machine to speak of.
fn host_paths(container: &ContainerDefinition, definition: &TaskDefinition, launch: Launch) -> Vec<String> {
    if launch == Launch::Fargate {
        return Vec::new();
    }
    let mut paths = BTreeSet::new();
    mounted(container, definition, false, &mut BTreeSet::new(), &mut paths);
    let devices = container.linux_parameters().map(|linux| linux.devices()).unwrap_or_default();
    paths.extend(devices.iter().map(|device| device.host_path().to_owned()));
    paths.into_iter().collect()
}

/// Follows the mounts of a container, and of those whose volumes it takes over.
fn mounted<'d>(
    container: &'d ContainerDefinition,
    definition: &'d TaskDefinition,
    read_only: bool,
    visited: &mut BTreeSet<&'d str>,
    paths: &mut BTreeSet<String>,
) {
    if !visited.insert(container.name().unwrap_or_default()) {
        return;
    }
    for mount in container.mount_points() {
        let volume = definition.volumes().iter().find(|volume| volume.name() == mount.source_volume());
        let Some(path) = volume.and_then(host_path) else { continue };
        if path.ends_with(".sock") || !(read_only || mount.read_only() == Some(true)) {
            paths.insert(path.to_owned());
        }
    }
    for from in container.volumes_from() {
        let named = |other: &&ContainerDefinition| other.name() == from.source_container();
        if let Some(other) = definition.container_definitions().iter().find(named) {
            mounted(other, definition, read_only || from.read_only() == Some(true), visited, paths);
        }
    }
}

/// The path on the machine behind a volume, if there is one: stated, or bound by Docker's local driver.
fn host_path(volume: &Volume) -> Option<&str> {
    if let Some(path) = volume.host().and_then(|host| host.source_path()) {
        return Some(path);
    }
    let options = volume.docker_volume_configuration()?.driver_opts()?;
    let bound = options.get("o").is_some_and(|flags| flags.split(',').any(|flag| flag == "bind"));
    options.get("device").filter(|_| bound).map(String::as_str)
}
