//! Containers of one pod, or of a pod template: image, resolved digest, and what the container may do.
//! Refuses to call a bare image id a manifest: it is the digest of the configuration.

use std::collections::BTreeMap;

use domain::digest::Digest;
use domain::image::DigestRole;
use domain::port::ContainerPort;
use domain::reference::ImageReference;
use domain::workload::{Container, ContainerSecurity, Instance, Isolation, container_key};

use super::ports;
use super::specified;
use super::wire::{self, Map, Metadata, PodSpec, PodStatus};
use super::wire_security::SecurityContext;
use crate::json::Text;
use crate::untrusted::bounded;
use crate::warnings::Warnings;

/// Annotation that set the pod's seccomp profile before Kubernetes 1.19.
const SECCOMP_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
/// Annotation that set one container's; the name follows.
const SECCOMP_CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";

/// The containers of a pod in the order of its specification: init, then the others, then ephemeral. `metadata` are the
/// pod's, or its template's where there is no status.
pub(super) fn containers(
    spec: &PodSpec<'_>,
    status: Option<&PodStatus<'_>>,
    metadata: &Metadata<'_>,
    at: &str,
    warnings: &mut Warnings,
) -> Vec<Container> {
    let untold = PodStatus::default();
    let status = status.unwrap_or(&untold);
    // A reduced dump tells the phase and leaves out the containers.
    let all_run = *status.phase == *"Running" && status.container_statuses.is_empty();
    let groups = [
        (&spec.init_containers, &status.init_container_statuses, true, false),
        (&spec.containers, &status.container_statuses, false, all_run),
        (&spec.ephemeral_containers, &status.ephemeral_container_statuses, false, false),
    ];
    let paths = host_paths(spec);
    let mut containers = Vec::new();
    for (list, statuses, first, all_run) in groups {
        for wire in list {
            let status = statuses.iter().find(|status| *status.name == *wire.name);
            let reference = reference(&wire.image);
            if reference.is_none() && wire.image.parse::<Digest>().is_err() {
                let place = format!("{at}.{}", &*wire.name);
                warnings.push(place, "an image is not a reference; its text is kept");
            }
            let resolved = status.and_then(|status| digest(&status.image_id));
            let runs = status.is_some_and(|status| status.state.running.is_some());
            let seen = (status.is_some() || all_run).then(|| Instance {
                pod: metadata.name.to_string(),
                id: status.and_then(|status| container_key(&status.container_id)),
            });
            containers.push(Container {
                name: bounded(&wire.name, at, warnings),
                image: bounded(&wire.image, at, warnings),
                reference,
                digest: resolved.or_else(|| digest_of_id(&wire.image)),
                running: u32::from(runs || all_run),
                // A sidecar is an init container that stays.
                init: first && *wire.restart_policy != *"Always",
                security: security(wire, spec, &metadata.annotations, &paths),
                instances: seen.into_iter().collect(),
            });
        }
    }
    containers
}

/// How far the pod is separated from its node.
pub(super) fn isolation(spec: &PodSpec<'_>) -> Isolation {
    let account = spec.service_account_name.filled().or(spec.service_account.filled());
    Isolation {
        host_network: spec.host_network,
        host_pid: spec.host_pid,
        host_ipc: spec.host_ipc,
        user_namespace: spec.host_users == Some(false),
        runtime_class: spec.runtime_class_name.as_ref().and_then(Text::filled).map(str::to_owned),
        service_account: account.filter(|name| *name != "default").map(str::to_owned),
        token_mounted: spec
            .automount_service_account_token
            .or_else(|| specified::mounts_token(spec).then_some(true)),
        pod: Some(specified::of_pod(spec)),
    }
}

/// The reference in a specification, completed with the tag that the kubelet pulls.
fn reference(image: &str) -> Option<ImageReference> {
    if image.parse::<Digest>().is_ok() {
        return None;
    }
    image.parse::<ImageReference>().ok().map(ImageReference::with_default_tag)
}

/// What the runtime resolved: `repo@sha256:…` under an optional scheme, or a bare image id.
fn digest(image_id: &str) -> Option<(DigestRole, Digest)> {
    let bare = image_id.split_once("://").map_or(image_id, |(_, bare)| bare);
    match bare.rsplit_once('@') {
        Some((_, digest)) => digest.parse().ok().map(|digest| (DigestRole::Repository, digest)),
        None => digest_of_id(bare),
    }
}

/// A bare image id, which names the configuration; CRI-O leaves out the algorithm.
fn digest_of_id(id: &str) -> Option<(DigestRole, Digest)> {
    let digest = id.parse().or_else(|_| format!("sha256:{id}").parse());
    digest.ok().map(|digest| (DigestRole::Config, digest))
}

/// Writable host paths by volume name. A socket is written to through a read-only mount as well.
fn host_paths<'s>(spec: &'s PodSpec<'_>) -> BTreeMap<&'s str, &'s str> {
    let named = |volume: &'s wire::Volume<'_>| Some((&*volume.name, &*volume.host_path.as_ref()?.path));
    spec.volumes.iter().filter_map(named).collect()
}

fn security(
    container: &wire::Container<'_>,
    pod: &PodSpec<'_>,
    annotations: &Map<'_>,
    paths: &BTreeMap<&str, &str>,
) -> ContainerSecurity {
    let (own, shared) = (&container.security_context, &pod.security_context);
    let host_process = own.windows_options.host_process.or(shared.windows_options.host_process);
    let mut host_paths: Vec<String> = container
        .volume_mounts
        .iter()
        .filter_map(|mount| paths.get(&*mount.name).map(|path| (mount, *path)))
        .filter(|(mount, path)| !mount.read_only || path.ends_with(".sock"))
        .map(|(_, path)| path.to_owned())
        .collect();
    host_paths.sort();
    host_paths.dedup();
    let ports: Vec<ContainerPort> = container.ports.iter().filter_map(ports::listens).collect();
    ContainerSecurity {
        // A Windows HostProcess container is as free on its node as a privileged one.
        privileged: own.privileged == Some(true) || host_process == Some(true),
        allow_privilege_escalation: own.allow_privilege_escalation,
        run_as_non_root: own.run_as_non_root.or(shared.run_as_non_root),
        run_as_user: own.run_as_user.or(shared.run_as_user),
        read_only_root: own.read_only_root_filesystem,
        log_driver: None,
        capabilities_added: capabilities(&own.capabilities.add),
        capabilities_dropped: capabilities(&own.capabilities.drop),
        seccomp: seccomp(&container.name, own, shared, annotations),
        host_ports: container.ports.iter().filter_map(|port| ports::number(port.host_port)).collect(),
        host_paths,
        secret_variables: secret_variables(container),
        ports,
        specified: Some(specified::of_container(container, pod, annotations, paths)),
    }
}

/// Capability names without the optional `CAP_`.
fn capabilities(names: &[Text<'_>]) -> Vec<String> {
    let plain = |name: &Text<'_>| {
        let name = name.to_ascii_uppercase();
        name.strip_prefix("CAP_").map(str::to_owned).unwrap_or(name)
    };
    names.iter().map(plain).collect()
}

/// The container's profile, or the pod's, or what the old annotations say.
fn seccomp(
    container: &str,
    own: &SecurityContext<'_>,
    shared: &SecurityContext<'_>,
    annotations: &Map<'_>,
) -> Option<String> {
    let stated = own.seccomp_profile.as_ref().or(shared.seccomp_profile.as_ref());
    if let Some(stated) = stated.and_then(|profile| profile.r#type.filled()) {
        return Some(stated.to_owned());
    }
    let key = format!("{SECCOMP_CONTAINER}{container}");
    let annotated = annotations.get(&Text(key.into())).or_else(|| annotations.get(&Text(SECCOMP_POD.into())));
    Some(match annotated?.filled()? {
        "runtime/default" | "docker/default" => "RuntimeDefault".to_owned(),
        "unconfined" => "Unconfined".to_owned(),
        other if other.starts_with("localhost/") => "Localhost".to_owned(),
        other => other.to_owned(),
    })
}

/// Variables filled from secrets; a whole secret is named with a star for its keys.
fn secret_variables(container: &wire::Container<'_>) -> Vec<String> {
    let single = container.env.iter().filter(|variable| variable.value_from.secret_key_ref.is_some());
    let whole = container.env_from.iter().filter_map(|source| {
        source.secret_ref.as_ref().map(|secret| format!("{}* ({})", &*source.prefix, &*secret.name))
    });
    single.map(|variable| variable.name.to_string()).chain(whole).collect()
}
