//! Pods and controllers gathered into workloads. A pod belongs to what its controller belongs to: a
//! replica set of a deployment is that deployment, a job of a cron job that cron job.
//!
//! Refuses finished pods where others of the workload still live, and replica sets of a deployment that
//! are scaled to nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::workload::{Container, Isolation, Workload};

use super::owners::{self, Words};
use super::replicas::{Replica, Replicas};
use super::wire::{Map, Metadata};

/// Labels that differ between replicas or rollouts and never tell workloads apart.
const VOLATILE: [&str; 10] = [
    "pod-template-hash",
    "pod-template-generation",
    "rollouts-pod-template-hash",
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
pub(super) struct Asked {
    /// Who owns it, in the words of the controller and of its template.
    pub(super) words: [Words; 2],
    pub(super) labels: BTreeMap<String, String>,
    pub(super) replicas: Option<u32>,
    pub(super) containers: Vec<Container>,
    pub(super) isolation: Isolation,
}

/// Everything said of the workloads of a cluster.
#[derive(Debug, Default)]
pub(super) struct Workloads {
    drafts: BTreeMap<Key, Box<Draft>>,
    /// What a replica set or job belongs to.
    controllers: HashMap<Key, (String, String)>,
    cron_jobs: BTreeSet<(String, String)>,
    /// What namespaces say of all that is in them.
    namespaces: HashMap<String, Words>,
}

#[derive(Debug, Default)]
struct Draft {
    /// The controller itself.
    own: Option<Asked>,
    /// Replica sets of a deployment, jobs of a cron job.
    parts: Vec<Asked>,
    /// Pods, apart from those that have ended.
    pods: Replicas,
    ended: Option<Box<Replicas>>,
}

impl Asked {
    /// Lets go of what a pod tells better; what it says of its owner counts beside the pod's word.
    fn outdone(&mut self) {
        self.labels = BTreeMap::new();
        self.containers = Vec::new();
        self.isolation = Isolation::default();
    }
}

impl Workloads {
    /// Notes whom a controller belongs to. All controllers must be noted before anything is added.
    pub(super) fn note(&mut self, kind: &str, metadata: &Metadata<'_>) {
        let namespace = namespace(metadata);
        if kind == "CronJob" {
            self.cron_jobs.insert((namespace, metadata.name.to_string()));
        } else if let Some(owner) = controller(metadata) {
            self.controllers.insert((namespace, kind.to_owned(), metadata.name.to_string()), owner);
        }
    }

    /// Adds what a namespace says of all that is in it.
    pub(super) fn name_space(&mut self, metadata: &Metadata<'_>) {
        self.namespaces.insert(metadata.name.to_string(), Words::of(metadata));
    }

    /// Adds a controller.
    pub(super) fn ask(&mut self, kind: &str, metadata: &Metadata<'_>, asked: Asked) {
        let namespace = namespace(metadata);
        let own = (kind.to_owned(), metadata.name.to_string());
        let top = match kind {
            "ReplicaSet" | "ReplicationController" | "Job" => self.top(&namespace, own.clone(), metadata),
            _ => own.clone(),
        };
        let owned = top != own;
        if owned && asked.replicas == Some(0) && kind != "Job" {
            return;
        }
        self.drafts.entry((namespace, top.0, top.1)).or_default().ask(owned, asked);
    }

    /// Adds a pod.
    pub(super) fn see(&mut self, metadata: &Metadata<'_>, ended: bool, pod: Replica) {
        let namespace = namespace(metadata);
        let (kind, name) = match controller(metadata) {
            // The kubelet's mirror of a static pod: the same pod on each node but for the node's name.
            Some((kind, node)) if kind == "Node" => {
                let name = &*metadata.name;
                let bare = name.strip_suffix(&node).and_then(|bare| bare.strip_suffix('-'));
                ("Pod".to_owned(), bare.unwrap_or(name).to_owned())
            }
            Some(owner) => self.top(&namespace, owner, metadata),
            None => ("Pod".to_owned(), metadata.name.to_string()),
        };
        self.drafts.entry((namespace, kind, name)).or_default().see(ended, pod);
    }

    /// The workloads, by namespace, kind and name; but those of kinds that were not listed, or that
    /// were guessed for want of a list: nobody knows what they belong to.
    pub(super) fn build<'u>(
        self,
        cluster: Option<String>,
        unlisted: &'u [&'u str],
    ) -> impl Iterator<Item = Workload> + use<'u> {
        let Self { drafts, namespaces, .. } = self;
        let guessed = unlisted.contains(&"ReplicaSet");
        let known = move |kind: &str, draft: &Draft| {
            let guess = guessed && draft.own.is_none() && matches!(kind, "Deployment" | "Rollout");
            !guess && !unlisted.contains(&kind)
        };
        drafts.into_iter().filter(move |((_, kind, _), draft)| known(kind, draft)).map(move |(key, draft)| {
            let home = namespaces.get(&key.0);
            draft.build(key, home, cluster.as_deref())
        })
    }

    /// What a replica set or job belongs to: by its own word if it is known, otherwise by the template hash
    /// that the pod carries, or the name of a cron job that is known.
    fn top(&self, namespace: &str, owner: (String, String), from: &Metadata<'_>) -> (String, String) {
        let (kind, name) = owner;
        let key = (namespace.to_owned(), kind, name);
        if let Some(top) = self.controllers.get(&key) {
            return top.clone();
        }
        let (_, kind, name) = key;
        let stem = name.rsplit_once('-').filter(|(stem, _)| !stem.is_empty());
        let carries = |key: &'static str, hash: &str| owners::get(from, key) == Some(hash);
        match (kind.as_str(), stem) {
            ("ReplicaSet", Some((stem, hash))) if carries("pod-template-hash", hash) => {
                ("Deployment".to_owned(), stem.to_owned())
            }
            ("ReplicaSet", Some((stem, hash))) if carries("rollouts-pod-template-hash", hash) => {
                ("Rollout".to_owned(), stem.to_owned())
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

impl Draft {
    /// Adds the controller, or a part of it. What a controller asks for itself counts before what its parts do.
    fn ask(&mut self, part: bool, mut asked: Asked) {
        if !self.pods.is_empty() || self.ended.is_some() {
            asked.outdone();
        }
        match (part, &self.own) {
            (true, None) => self.parts.push(asked),
            (true, Some(_)) => {}
            (false, _) => {
                self.parts.clear();
                self.own = Some(asked);
            }
        }
    }

    /// Adds a pod, which counts before what was asked for.
    fn see(&mut self, ended: bool, pod: Replica) {
        let replicas = if ended { &mut **self.ended.get_or_insert_default() } else { &mut self.pods };
        replicas.add(pod);
        self.own.iter_mut().chain(&mut self.parts).for_each(Asked::outdone);
    }

    fn build(self, (namespace, kind, name): Key, home: Option<&Words>, cluster: Option<&str>) -> Workload {
        let Self { own, parts, pods, ended } = self;
        let pods = match ended {
            Some(ended) if pods.is_empty() => *ended,
            _ => pods,
        };
        let asked: Vec<Asked> = match own {
            Some(own) => vec![own],
            None => parts,
        };
        let told = asked.iter().flat_map(|asked| &asked.words).chain(pods.words());
        // What stands nearest to the workload counts before what its namespace says.
        let sources: Vec<&Words> = told.chain(home).collect();
        let (owner, environment) = (owners::owner(&sources), owners::environment(&sources));
        let criticality = owners::criticality(&namespace, &sources);
        let labels = pods.labels().or_else(|| asked.first().map(|asked| &asked.labels)).cloned();
        let stated: Vec<u32> = asked.iter().filter_map(|asked| asked.replicas).collect();
        let replicas = (!stated.is_empty()).then(|| stated.iter().sum());
        let observed_running = pods.are_observed();
        let (nodes, containers, isolation) =
            if pods.is_empty() { wanted(asked).joined() } else { pods.joined() };
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
            nodes,
            containers,
            isolation,
            observed_running,
        }
    }
}

/// Controllers as if each were a replica, in their order.
fn wanted(asked: Vec<Asked>) -> Replicas {
    let mut replicas = Replicas::default();
    for (index, asked) in asked.into_iter().enumerate() {
        replicas.add(Replica {
            name: format!("{index:08}"),
            words: Words::default(),
            labels: BTreeMap::new(),
            planned: true,
            node: None,
            containers: asked.containers,
            isolation: asked.isolation,
        });
    }
    replicas
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

/// Labels that all replicas and rollouts of a workload share.
pub(super) fn lasting(labels: &Map<'_>) -> BTreeMap<String, String> {
    let kept = labels.iter().filter(|(key, _)| !is_volatile(key));
    kept.map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

/// Whether replicas or rollouts of one workload differ in this label, so that it is not kept.
pub(super) fn is_volatile(key: &str) -> bool {
    VOLATILE.contains(&key)
}
