//! Pods of one workload, and where its containers are seen.

use domain::observation::Observation;
use domain::workload::{Instance, Workload};
use serde_json::{Value, json};

use crate::{Limits, read};

/// A pod of a DaemonSet with one container, of an image by a letter; without an id the runtime has not made it yet.
fn pod(name: &str, image: &str, id: Option<&str>) -> Value {
    let status = json!({
        "name": "main", "imageID": format!("r.example/agent@sha256:{}", image.repeat(64)),
        "containerID": id.map(|id| format!("containerd://{id}")),
        "state": { "running": {} },
    });
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {
            "name": name, "namespace": "shop",
            "ownerReferences": [{ "kind": "DaemonSet", "name": "agent", "controller": true }],
        },
        "spec": { "nodeName": "a", "containers": [{ "name": "main", "image": "r.example/agent:1" }] },
        "status": { "phase": "Running", "containerStatuses": [status] },
    })
}

fn workload(items: &[Value]) -> Workload {
    let list = json!({ "apiVersion": "v1", "kind": "List", "items": items }).to_string();
    let observations = read(list.as_bytes(), Limits::default()).unwrap().parsed.observations;
    let [Observation::Workload(workload)] = &observations[..] else { panic!("one workload") };
    workload.clone()
}

fn instance(pod: &str, id: Option<&str>) -> Instance {
    Instance { pod: pod.to_owned(), id: id.map(str::to_owned) }
}

#[test]
fn each_digest_knows_its_pods_whatever_their_order() {
    let (one, two) = ("0123456789ab".repeat(5), "1123456789AB".repeat(5));
    let mut pods = vec![
        pod("agent-c", "a", Some(&one)),
        pod("agent-a", "a", Some(&two)),
        pod("agent-b", "b", None),
        pod("agent-d", "b", Some("odd")),
    ];
    let found = workload(&pods);
    let seen: Vec<&[Instance]> = found.containers.iter().map(|held| held.instances.as_slice()).collect();
    let first = [instance("agent-a", Some("1123456789ab")), instance("agent-c", Some("0123456789ab"))];
    let second = [instance("agent-b", None), instance("agent-d", None)];
    assert_eq!(seen, [first.as_slice(), second.as_slice()]);
    pods.reverse();
    assert_eq!(workload(&pods), found);
    assert!(found.without_instances().containers.iter().all(|held| held.instances.is_empty()));
}

#[test]
fn a_template_was_seen_nowhere() {
    let asked = json!({
        "apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": { "name": "agent", "namespace": "shop" },
        "spec": { "template": { "spec": { "containers": [{ "name": "main", "image": "r.example/agent:1" }] } } },
    });
    assert!(workload(&[asked]).containers.iter().all(|held| held.instances.is_empty()));
}
