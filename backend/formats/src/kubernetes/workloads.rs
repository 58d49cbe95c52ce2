//! Pods and controllers gathered into workloads. A pod belongs to what its controller belongs to: a
//! replica set of a deployment is that deployment, a job of a cron job that cron job.
//!
//! Refuses finished pods where others of the workload still live, and replica sets of a deployment that
//! are scaled to nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::workload::{Container, Isolation, Workload};

use super::owners;
use super::wire::{Map, Metadata};

/// Labels that differ between replicas or rollouts and never tell workloads apart.
const VOLATILE: [&str; 9] = [
    "pod-template-hash",
    "pod-template-generation",
    "controller-revision-hash",
    "controller-uid",
    "job-name",
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-name",
    "apps.kubernetes.io/pod-index",
    "job-completion-index",
];

/// Namespace, kind and name.
pub(super) type Key = (String, String, String);

/// A controller or pod template as it was asked for.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) metadata: &'a Metadata<'a>,
    pub(super) template: Metadata<'a>,
    pub(super) replicas: Option<u32>,
    pub(super) containers: Vec<Container>,
    pub(super) isolation: Isolation,
}

/// A pod that was seen.
#[derive(Debug)]
pub(super) struct Seen<'a> {
    pub(super) metadata: &'a Metadata<'a>,
    /// Whether it is but a manifest, which no cluster has taken up.
    pub(super) planned: bool,
    pub(super) finished: bool,
    pub(super) node: Option<String>,
    pub(super) containers: Vec<Container>,
    pub(super) isolation: Isolation,
}

/// Everything said of the workloads of one document.
#[derive(Debug, Default)]
pub(super) struct Workloads<'a> {
    drafts: BTreeMap<Key, Draft<'a>>,
    /// What a replica set or job belongs to.
    controllers: HashMap<Key, (String, String)>,
    cron_jobs: BTreeSet<(String, String)>,
}

#[derive(Debug, Default)]
struct Draft<'a> {
    /// The controller itself.
    own: Option<Asked<'a>>,
    /// Replica sets of a deployment, jobs of a cron job.
    parts: Vec<Asked<'a>>,
    pods: Vec<Seen<'a>>,
}

impl<'a> Workloads<'a> {
    /// Notes whom a controller belongs to. All controllers must be noted before anything is added.
    pub(super) fn note(&mut self, kind: &str, metadata: &Metadata<'_>) {
        let namespace = namespace(metadata);
        if kind == "CronJob" {
            self.cron_jobs.insert((namespace, metadata.name.to_string()));
        } else if let Some(owner) = controller(metadata) {
            self.controllers.insert((namespace, kind.to_owned(), metadata.name.to_string()), owner);
        }
    }

    /// Adds a controller.
    pub(super) fn ask(&mut self, kind: &str, asked: Asked<'a>) {
        let namespace = namespace(asked.metadata);
        let own = (kind.to_owned(), asked.metadata.name.to_string());
        let top = match kind {
            "ReplicaSet" | "ReplicationController" | "Job" => {
                self.top(&namespace, own.clone(), asked.metadata)
            }
            _ => own.clone(),
        };
        let owned = top != own;
        if owned && asked.replicas == Some(0) && kind != "Job" {
            return;
        }
        let draft = self.drafts.entry((namespace, top.0, top.1)).or_default();
        if owned {
            draft.parts.push(asked);
        } else {
            draft.own = Some(asked);
        }
    }

    /// Adds a pod.
    pub(super) fn see(&mut self, seen: Seen<'a>) {
        let namespace = namespace(seen.metadata);
        let (kind, name) = match controller(seen.metadata) {
            // The kubelet's mirror of a static pod: the same pod on each node but for the node's name.
            Some((kind, node)) if kind == "Node" => {
                let name = &*seen.metadata.name;
                let bare = name.strip_suffix(&node).and_then(|bare| bare.strip_suffix('-'));
                ("Pod".to_owned(), bare.unwrap_or(name).to_owned())
            }
            Some(owner) => self.top(&namespace, owner, seen.metadata),
            None => ("Pod".to_owned(), seen.metadata.name.to_string()),
        };
        self.drafts.entry((namespace, kind, name)).or_default().pods.push(seen);
    }

    /// The workloads, by namespace, kind and name.
    pub(super) fn build(self, cluster: Option<&str>) -> Vec<Workload> {
        self.drafts.into_iter().map(|(key, draft)| draft.build(key, cluster)).collect()
    }

    /// What a replica set or job belongs to: by its own word if it is in the document, otherwise by the
    /// template hash that the pod carries, or the name of a cron job that is in the document.
    fn top(&self, namespace: &str, owner: (String, String), from: &Metadata<'_>) -> (String, String) {
        let (kind, name) = owner;
        let key = (namespace.to_owned(), kind, name);
        if let Some(top) = self.controllers.get(&key) {
            return top.clone();
        }
        let (_, kind, name) = key;
        let stem = name.rsplit_once('-').filter(|(stem, _)| !stem.is_empty());
        match (kind.as_str(), stem) {
            ("ReplicaSet", Some((stem, hash))) if owners::get(from, "pod-template-hash") == Some(hash) => {
                ("Deployment".to_owned(), stem.to_owned())
            }
            ("Job", Some((stem, number)))
                if number.bytes().all(|byte| byte.is_ascii_digit())
                    && self.cron_jobs.contains(&(namespace.to_owned(), stem.to_owned())) =>
            {
                ("CronJob".to_owned(), stem.to_owned())
            }
            _ => (kind, name),
        }
    }
}

impl Draft<'_> {
    fn build(mut self, (namespace, kind, name): Key, cluster: Option<&str>) -> Workload {
        if self.pods.iter().any(|pod| !pod.finished) {
            self.pods.retain(|pod| !pod.finished);
        }
        self.pods.sort_by(|one, other| one.metadata.name.cmp(&other.metadata.name));
        let asked = || self.own.iter().chain(if self.own.is_some() { &[][..] } else { &self.parts[..] });
        let sources: Vec<&Metadata<'_>> = asked()
            .flat_map(|asked| [asked.metadata, &asked.template])
            .chain(self.pods.first().map(|pod| pod.metadata))
            .collect();
        let (owner, environment) = (owners::owner(&sources), owners::environment(&sources));
        let criticality = owners::criticality(&namespace, &sources);
        let pod_labels = self.pods.first().map(|pod| &pod.metadata.labels);
        let labels = pod_labels.or_else(|| asked().next().map(|asked| &asked.template.labels)).map(lasting);
        let stated: Vec<u32> = asked().filter_map(|asked| asked.replicas).collect();
        let replicas = (!stated.is_empty()).then(|| stated.iter().sum());
        let nodes: BTreeSet<String> = self.pods.iter().filter_map(|pod| pod.node.clone()).collect();
        let observed_running = self.pods.iter().any(|pod| !pod.planned);
        let (lists, isolations): (Vec<_>, Vec<_>) = if !self.pods.is_empty() {
            self.pods.into_iter().map(|pod| (pod.containers, pod.isolation)).unzip()
        } else {
            let parts = if self.own.is_some() { Vec::new() } else { self.parts };
            self.own.into_iter().chain(parts).map(|asked| (asked.containers, asked.isolation)).unzip()
        };
        Workload {
            account: None,
            region: None,
            cluster: cluster.map(str::to_owned),
            namespace,
            kind,
            name,
            labels: labels.unwrap_or_default(),
            owner,
            environment,
            criticality,
            replicas,
            nodes: nodes.into_iter().collect(),
            containers: join(lists),
            isolation: isolations.into_iter().reduce(weakest).unwrap_or_default(),
            observed_running,
        }
    }
}

/// The namespace; an object of a manifest without one goes to `default`.
pub(super) fn namespace(metadata: &Metadata<'_>) -> String {
    metadata.namespace.filled().unwrap_or("default").to_owned()
}

/// Kind and name of the owner that controls an object, or else of its first owner.
fn controller(metadata: &Metadata<'_>) -> Option<(String, String)> {
    let owners = &metadata.owner_references;
    let owner = owners.iter().find(|owner| owner.controller).or(owners.first())?;
    Some((owner.kind.to_string(), owner.name.to_string()))
}

fn lasting(labels: &Map<'_>) -> BTreeMap<String, String> {
    let kept = labels.iter().filter(|(key, _)| !VOLATILE.contains(&&***key));
    kept.map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

/// Containers of replicas joined by name and digest. One that was never pulled joins its namesake of the
/// same image; in the middle of a rollout a name stands once for each digest that runs.
fn join(replicas: Vec<Vec<Container>>) -> Vec<Container> {
    let mut order: Vec<String> = Vec::new();
    for container in replicas.iter().flatten() {
        if !order.contains(&container.name) {
            order.push(container.name.clone());
        }
    }
    let (resolved, pending): (Vec<_>, Vec<_>) =
        replicas.into_iter().flatten().partition(|container| container.digest.is_some());
    let mut joined: Vec<Container> = Vec::new();
    for container in resolved.into_iter().chain(pending) {
        let same = |known: &&mut Container| {
            known.name == container.name
                && if container.digest.is_some() {
                    known.digest == container.digest
                } else {
                    known.image == container.image
                }
        };
        match joined.iter_mut().find(same) {
            Some(known) => known.running += container.running,
            None => joined.push(container),
        }
    }
    joined.sort_by_key(|container| order.iter().position(|name| *name == container.name));
    joined
}

/// What holds of any replica holds of the workload, as far as it weakens its isolation.
fn weakest(one: Isolation, other: Isolation) -> Isolation {
    Isolation {
        host_network: one.host_network || other.host_network,
        host_pid: one.host_pid || other.host_pid,
        host_ipc: one.host_ipc || other.host_ipc,
        user_namespace: one.user_namespace && other.user_namespace,
        runtime_class: one.runtime_class.filter(|class| other.runtime_class.as_ref() == Some(class)),
        service_account: one.service_account.or(other.service_account),
        token_mounted: if one.token_mounted == other.token_mounted { one.token_mounted } else { None },
    }
}
