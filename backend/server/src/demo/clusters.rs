//! `kubectl get nodes,pods,services,ingresses -A -o json` of each demo cluster on a day.
//! Refuses controllers: pods name theirs, as in a real list.

use serde_json::{Value, json};

use super::estate::{Cluster, Door, Privilege, Release, Service, services};
use super::{digest, running};

/// The list of a cluster, `days_ago` before now.
pub(super) fn list(cluster: &Cluster, days_ago: i64, seed: u64) -> Value {
    let mut items: Vec<Value> = (0..cluster.nodes).map(|number| node(cluster, number)).collect();
    let placed = services().filter(|service| service.cluster == cluster.name);
    for (position, service) in placed.enumerate() {
        let Some(release) = running(service, days_ago) else { continue };
        for replica in 0..service.replicas {
            let host = (replica + u32::try_from(position).unwrap_or_default()) % cluster.nodes;
            items.push(pod(cluster, service, release, replica, host, seed));
        }
        items.extend(doors(service));
    }
    json!({ "apiVersion": "v1", "kind": "List", "items": items, "metadata": { "resourceVersion": "" } })
}

fn node_name(cluster: &Cluster, number: u32) -> String {
    format!("{}-node-{number}", cluster.name)
}

fn node(cluster: &Cluster, number: u32) -> Value {
    let name = node_name(cluster, number);
    let mut addresses =
        vec![json!({ "type": "InternalIP", "address": format!("10.{}.0.{}", cluster.nodes, 10 + number) })];
    if cluster.name == "k3s-edge" {
        addresses.push(json!({ "type": "ExternalIP", "address": format!("203.0.113.{}", 40 + number) }));
    }
    json!({
        "apiVersion": "v1", "kind": "Node",
        "metadata": { "name": name, "labels": {
            "kubernetes.io/hostname": name, "topology.kubernetes.io/region": cluster.region,
        }},
        "spec": { "providerID": format!("{}{number:06x}", cluster.provider) },
        "status": {
            "addresses": addresses,
            "nodeInfo": {
                "kernelVersion": cluster.kernel, "osImage": cluster.os_image,
                "containerRuntimeVersion": cluster.runtime, "kubeletVersion": cluster.kubelet,
                "operatingSystem": "linux", "architecture": "amd64",
            },
        },
    })
}

fn pod(cluster: &Cluster, service: &Service, release: &Release, replica: u32, host: u32, seed: u64) -> Value {
    let reference = format!("{}:{}", service.repository, release.tag);
    let hash = &digest(seed, "replicaset", service.name, release.tag)[7..17];
    let (owner_kind, owner_name) = match service.kind {
        "Deployment" => ("ReplicaSet", format!("{}-{hash}", service.name)),
        "CronJob" => ("Job", format!("{}-29381760", service.name)),
        kind => (kind, service.name.to_owned()),
    };
    let mut labels = json!({ "app.kubernetes.io/name": service.name, "team": service.team });
    if service.kind == "Deployment" {
        labels["pod-template-hash"] = json!(hash);
    }
    if !service.criticality.is_empty() {
        labels["plimsoll.dev/criticality"] = json!(service.criticality);
    }
    let mut spec = pod_spec(service, &reference);
    spec["nodeName"] = json!(node_name(cluster, host));
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {
            "name": format!("{owner_name}-{replica:05x}"), "namespace": service.namespace, "labels": labels,
            "ownerReferences": [{ "apiVersion": "apps/v1", "kind": owner_kind, "name": owner_name, "controller": true, "uid": hash }],
        },
        "spec": spec,
        "status": {
            "phase": "Running",
            "containerStatuses": [{
                "name": service.name, "image": reference, "ready": true, "restartCount": 0,
                "imageID": format!("{}@{}", service.repository, digest(seed, "manifest", service.repository, release.tag)),
                "state": { "running": { "startedAt": "2026-01-01T00:00:00Z" } },
            }],
        },
    })
}

fn pod_spec(service: &Service, reference: &str) -> Value {
    let mut container = json!({ "name": service.name, "image": reference });
    let mut spec = json!({ "serviceAccountName": service.name });
    match service.privilege {
        Privilege::Restricted => {
            container["securityContext"] = json!({
                "runAsNonRoot": true, "runAsUser": 10001, "allowPrivilegeEscalation": false,
                "readOnlyRootFilesystem": true, "capabilities": { "drop": ["ALL"] },
                "seccompProfile": { "type": "RuntimeDefault" },
            });
            spec["automountServiceAccountToken"] = json!(false);
        }
        Privilege::Default => {}
        Privilege::Privileged => {
            container["securityContext"] = json!({ "privileged": true });
            spec["hostPID"] = json!(true);
        }
        Privilege::RuntimeSocket => {
            container["volumeMounts"] =
                json!([{ "name": "runtime", "mountPath": "/run/containerd/containerd.sock" }]);
            spec["volumes"] = json!([{ "name": "runtime", "hostPath": { "path": "/run/containerd/containerd.sock", "type": "Socket" } }]);
        }
        Privilege::HostNetwork => {
            spec["hostNetwork"] = json!(true);
            container["ports"] = json!([{ "containerPort": 443, "hostPort": 443 }]);
            container["securityContext"] =
                json!({ "capabilities": { "add": ["NET_BIND_SERVICE"], "drop": ["ALL"] } });
        }
    }
    spec["containers"] = json!([container]);
    spec
}

/// The service and ingress in front, if any.
fn doors(service: &Service) -> Vec<Value> {
    let metadata = |suffix: &str, annotations: Value| {
        json!({
            "name": format!("{}{suffix}", service.name), "namespace": service.namespace, "annotations": annotations,
        })
    };
    let selector = json!({ "app.kubernetes.io/name": service.name });
    let ports = json!([{ "port": 443, "targetPort": 8443, "protocol": "TCP" }]);
    let inside = json!({
        "apiVersion": "v1", "kind": "Service", "metadata": metadata("", json!({})),
        "spec": { "type": "ClusterIP", "clusterIP": "10.96.0.20", "selector": selector, "ports": ports },
        "status": { "loadBalancer": {} },
    });
    match service.door {
        Door::None => Vec::new(),
        Door::Cluster => vec![inside],
        Door::Internet => vec![json!({
            "apiVersion": "v1", "kind": "Service", "metadata": metadata("", json!({})),
            "spec": { "type": "LoadBalancer", "clusterIP": "10.96.0.21", "selector": selector, "ports": ports },
            "status": { "loadBalancer": { "ingress": [{ "ip": "203.0.113.17" }] } },
        })],
        Door::AllowList => vec![
            inside,
            json!({
                "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
                "metadata": metadata("", json!({
                    "nginx.ingress.kubernetes.io/whitelist-source-range": "198.51.100.0/24",
                })),
                "spec": {
                    "ingressClassName": "nginx",
                    "rules": [{
                        "host": format!("{}.acme.example", service.name),
                        "http": { "paths": [{
                            "path": "/", "pathType": "Prefix",
                            "backend": { "service": { "name": service.name, "port": { "number": 443 } } },
                        }]},
                    }],
                },
                "status": { "loadBalancer": { "ingress": [{ "ip": "203.0.113.18" }] } },
            }),
        ],
    }
}
