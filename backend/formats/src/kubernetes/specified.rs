//! What the specification of a pod says beyond what decides how easily it is left: profiles, kernel parameters,
//! resources, probes. Refuses defaults: what is not set stays empty, and whoever judges it knows what that means.

use std::collections::{BTreeMap, BTreeSet};

use domain::workload::{PodSpecified, Specified};
use serde::de::IgnoredAny;

use super::wire::{Container, Map, PodSpec, VolumeMount};
use super::wire_security::{SeLinuxOptions, SecurityContext};
use crate::json::Text;

/// Annotation that set a container's AppArmor profile before Kubernetes 1.30; the name follows.
const APPARMOR_CONTAINER: &str = "container.apparmor.security.beta.kubernetes.io/";
/// Where the token of a service account is mounted.
const TOKEN_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// Of a pod as a whole.
pub(super) fn of_pod(spec: &PodSpec<'_>) -> PodSpecified {
    let names: BTreeSet<&str> = spec.security_context.sysctls.iter().map(|sysctl| &*sysctl.name).collect();
    PodSpecified {
        shares_processes: spec.share_process_namespace,
        sysctls: names.into_iter().map(str::to_owned).collect(),
    }
}

/// Whether a token is mounted into any container. A cluster adds the mount to every pod that it takes up and that does
/// not decline it; in a manifest it is not there yet.
pub(super) fn mounts_token(spec: &PodSpec<'_>) -> bool {
    let at_path = |mount: &VolumeMount<'_>| mount.mount_path.trim_end_matches('/') == TOKEN_PATH;
    spec.containers.iter().chain(&spec.init_containers).any(|each| each.volume_mounts.iter().any(at_path))
}

/// Of one container; `paths` are the pod's host paths by volume name.
pub(super) fn of_container(
    container: &Container<'_>,
    pod: &PodSpec<'_>,
    annotations: &Map<'_>,
    paths: &BTreeMap<&str, &str>,
) -> Specified {
    let (own, shared) = (&container.security_context, &pod.security_context);
    let read = container.volume_mounts.iter().filter(|mount| mount.read_only);
    // A socket is written to through a read-only mount as well: it is with those that are written.
    let read: BTreeSet<&str> = read
        .filter_map(|mount| paths.get(&*mount.name).copied())
        .filter(|path| !path.ends_with(".sock"))
        .collect();
    Specified {
        context: [own, shared].into_iter().any(|context| *context != SecurityContext::default()),
        ephemeral: pod.ephemeral_containers.iter().any(|other| *other.name == *container.name),
        host_process: own.windows_options.host_process.or(shared.windows_options.host_process) == Some(true),
        read_host_paths: read.into_iter().map(str::to_owned).collect(),
        apparmor: apparmor(&container.name, own, shared, annotations),
        proc_mount: own.proc_mount.filled().map(str::to_owned),
        selinux: own
            .se_linux_options
            .as_ref()
            .or(shared.se_linux_options.as_ref())
            .map(selinux)
            .unwrap_or_default(),
        pull_policy: container.image_pull_policy.filled().map(str::to_owned),
        requests: names([&container.resources.requests, &pod.resources.requests]),
        limits: names([&container.resources.limits, &pod.resources.limits]),
        probes: probes(container),
    }
}

/// The container's profile, or the pod's, or what the old annotation says.
fn apparmor(
    container: &str,
    own: &SecurityContext<'_>,
    shared: &SecurityContext<'_>,
    annotations: &Map<'_>,
) -> Option<String> {
    let stated = own.app_armor_profile.as_ref().or(shared.app_armor_profile.as_ref());
    if let Some(stated) = stated.and_then(|profile| profile.r#type.filled()) {
        return Some(stated.to_owned());
    }
    let key = format!("{APPARMOR_CONTAINER}{container}");
    Some(match annotations.get(&Text(key.into()))?.filled()? {
        "runtime/default" => "RuntimeDefault".to_owned(),
        "unconfined" => "Unconfined".to_owned(),
        other if other.starts_with("localhost/") => "Localhost".to_owned(),
        other => other.to_owned(),
    })
}

/// Options with their names; a level only tells pods apart.
fn selinux(options: &SeLinuxOptions<'_>) -> Vec<String> {
    let named = [("user", &options.user), ("role", &options.role), ("type", &options.r#type)];
    named.into_iter().filter_map(|(name, text)| text.filled().map(|text| format!("{name}={text}"))).collect()
}

/// Names of resources of which the container, or all of its pod together, states an amount.
fn names(stated: [&BTreeMap<Text<'_>, IgnoredAny>; 2]) -> Vec<String> {
    let names: BTreeSet<&str> = stated.into_iter().flatten().map(|(name, _)| &**name).collect();
    names.into_iter().map(str::to_owned).collect()
}

fn probes(container: &Container<'_>) -> Vec<String> {
    let probes = [
        ("liveness", &container.liveness_probe),
        ("readiness", &container.readiness_probe),
        ("startup", &container.startup_probe),
    ];
    probes.into_iter().filter(|(_, probe)| probe.is_some()).map(|(name, _)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use domain::observation::Observation;
    use domain::workload::{PodSpecified, Specified, Workload};
    use serde_json::{Value, json};

    use crate::{Limits, read};

    /// The one workload of a document.
    fn workload(document: &Value) -> Workload {
        let read = read(document.to_string().as_bytes(), Limits::default()).unwrap();
        assert!(read.parsed.warnings.is_empty(), "{:?}", read.parsed.warnings);
        let workload = read.parsed.observations.into_iter().find_map(|observation| match observation {
            Observation::Workload(workload) => Some(workload),
            _ => None,
        });
        workload.unwrap()
    }

    /// That of a pod with this specification and these annotations.
    fn pod(spec: &Value, annotations: &Value) -> Workload {
        workload(&json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": { "name": "api", "namespace": "shop", "annotations": annotations },
            "spec": spec, "status": { "phase": "Running" },
        }))
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn what_is_set_is_told() {
        let workload = pod(
            &json!({
                "shareProcessNamespace": true,
                "resources": { "limits": { "memory": "1Gi" } },
                "securityContext": {
                    "sysctls": [{ "name": "net.core.somaxconn", "value": "1024" }],
                    "appArmorProfile": { "type": "RuntimeDefault" },
                    "seLinuxOptions": { "type": "spc_t", "level": "s0" },
                },
                "volumes": [
                    { "name": "etc", "hostPath": { "path": "/etc" } },
                    { "name": "socket", "hostPath": { "path": "/run/docker.sock" } },
                ],
                "containers": [{
                    "name": "api", "image": "api:1", "imagePullPolicy": "Always",
                    "resources": { "requests": { "memory": "1Gi", "cpu": 1 }, "limits": null },
                    "livenessProbe": { "httpGet": { "port": 80 } }, "startupProbe": {}, "readinessProbe": null,
                    "securityContext": {
                        "procMount": "Unmasked",
                        "appArmorProfile": { "type": "Unconfined" },
                        "windowsOptions": { "hostProcess": true },
                    },
                    "volumeMounts": [
                        { "name": "etc", "mountPath": "/host", "readOnly": true },
                        { "name": "socket", "mountPath": "/s", "readOnly": true },
                        { "name": "token", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount" },
                    ],
                }],
            }),
            &Value::Null,
        );
        let expected = Specified {
            context: true,
            ephemeral: false,
            host_process: true,
            read_host_paths: texts(&["/etc"]),
            apparmor: Some("Unconfined".to_owned()),
            proc_mount: Some("Unmasked".to_owned()),
            selinux: texts(&["type=spc_t"]),
            pull_policy: Some("Always".to_owned()),
            requests: texts(&["cpu", "memory"]),
            limits: texts(&["memory"]),
            probes: texts(&["liveness", "startup"]),
        };
        assert_eq!(workload.containers[0].security.specified, Some(expected));
        assert_eq!(workload.isolation.token_mounted, Some(true), "it is there to be seen");
        let pod = PodSpecified { shares_processes: true, sysctls: texts(&["net.core.somaxconn"]) };
        assert_eq!(workload.isolation.pod, Some(pod));
    }

    #[test]
    fn what_is_not_set_was_still_read() {
        let spec = json!({
            "securityContext": {}, "containers": [{ "name": "api", "image": "api:1" }],
            "ephemeralContainers": [{ "name": "debug", "image": "alpine", "securityContext": null }],
        });
        let key = "container.apparmor.security.beta.kubernetes.io/debug";
        let workload = pod(&spec, &json!({ key: "localhost/strict" }));
        assert_eq!(workload.isolation.pod, Some(PodSpecified::default()));
        assert_eq!(workload.isolation.token_mounted, None);
        let told: Vec<_> = workload.containers.into_iter().map(|each| each.security.specified).collect();
        let debug =
            Specified { ephemeral: true, apparmor: Some("Localhost".to_owned()), ..Specified::default() };
        assert_eq!(told, [Some(Specified::default()), Some(debug)]);
    }

    #[test]
    fn replicas_tell_what_holds_of_any() {
        let pod = |name: &str, sysctl: &str| {
            json!({
                "apiVersion": "v1", "kind": "Pod",
                "metadata": { "name": name, "namespace": "shop", "ownerReferences": [
                    { "kind": "StatefulSet", "name": "db", "controller": true },
                ]},
                "spec": {
                    "securityContext": { "sysctls": [{ "name": sysctl, "value": "1" }] },
                    "containers": [{ "name": "db", "image": "db:1" }],
                },
                "status": { "phase": "Running" },
            })
        };
        let items = [pod("db-0", "b"), pod("db-1", "a")];
        let joined = workload(&json!({ "apiVersion": "v1", "kind": "List", "items": items }));
        assert_eq!(joined.isolation.pod.unwrap().sysctls, ["a", "b"]);
    }
}
