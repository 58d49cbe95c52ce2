//! Which workload, node and image an event happened on, looked up for many events at once. Refuses a query an event.

use std::collections::{BTreeSet, HashMap};

use domain::id::{ImageId, NodeId, WorkloadId};
use domain::runtime::{ContainerSeen, Place};
use domain::workload::container_key;
use normalise::runtime::{Candidate, Held, Instance, instance, workload};
use store::Tx;
use store::save::detections::{self as rows, HostRow};
use store::save::{instances, workloads};

use crate::Error;

/// What is known around some events.
pub(super) struct Ground {
    candidates: Vec<Candidate>,
    hosts: Vec<HostRow>,
    images: HashMap<String, ImageId>,
    containers: HashMap<String, WorkloadId>,
}

/// What an event happened on, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// The workload.
    pub(super) workload: Option<WorkloadId>,
    /// The cluster: the workload's, the one named, or the only one that has the node.
    pub(super) cluster: Option<String>,
    /// The node.
    pub(super) node: Option<NodeId>,
    /// The image.
    pub(super) image: Option<ImageId>,
    /// The digest that runs.
    pub(super) digest: Option<String>,
}

impl Ground {
    /// Looks up what some events may have happened on.
    pub(super) async fn around(tx: &Tx, seen: &[(&Place, &ContainerSeen)]) -> Result<Self, Error> {
        let (mut namespaces, mut names, mut digests) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let (mut nodes, mut seen_before) = (BTreeSet::new(), BTreeSet::new());
        let (mut pods, mut keys) = (BTreeSet::new(), BTreeSet::new());
        for (place, container) in seen {
            match place.name.as_deref().filter(|name| !name.is_empty()) {
                Some(name) => {
                    names.extend(owners(name));
                    pods.insert(name);
                }
                None => namespaces.extend(place.namespace.as_deref()),
            }
            digests.extend(container.digest.as_ref().map(|(_, digest)| digest.as_str()));
            nodes.extend(place.node.as_deref());
            seen_before.extend(container.id.as_deref().and_then(short));
            keys.extend(container.id.as_deref().and_then(container_key));
        }
        let mut instances = by_workload(instances::seen(tx, &pods, &keys).await?);
        let running: Vec<WorkloadId> = instances.keys().copied().collect();
        let places = rows::workloads_like(tx, &namespaces, &names, &digests, &running).await?;
        let ids: Vec<WorkloadId> = places.iter().map(|place| place.id).collect();
        let mut containers = workloads::containers(tx, &ids).await?;
        let mut on = rows::placed_on(tx, &ids).await?;
        let held = |one: workloads::Container| Held {
            name: one.name,
            image: one.image,
            digest: one.digest,
            image_id: one.image_id,
        };
        let candidates = places
            .into_iter()
            .map(|place| Candidate {
                nodes: on.remove(&place.id).unwrap_or_default(),
                containers: containers.remove(&place.id).unwrap_or_default().into_iter().map(held).collect(),
                instances: instances.remove(&place.id).unwrap_or_default(),
                id: place.id,
                cluster: place.cluster,
                namespace: place.namespace,
                kind: place.kind,
                name: place.name,
                retired: place.retired,
            })
            .collect();
        Ok(Self {
            candidates,
            hosts: rows::hosts_named(tx, &nodes).await?,
            images: rows::image_of_digests(tx, &digests).await?,
            containers: rows::workload_of_containers(tx, &seen_before).await?,
        })
    }

    /// What an event happened on.
    pub(super) fn of(&self, place: &Place, container: &ContainerSeen, cluster: Option<&str>) -> Found {
        let hosts: Vec<&HostRow> =
            self.hosts.iter().filter(|host| Some(host.name.as_str()) == place.node.as_deref()).collect();
        let clusters: BTreeSet<&str> = hosts.iter().map(|host| host.cluster.as_str()).collect();
        let only = clusters.first().copied().filter(|_| clusters.len() == 1);
        let stated = place.cluster.as_deref().or(cluster);
        let workload = workload(place, container, stated.or(only), &self.candidates);
        let cluster = workload.map(|one| one.cluster.as_str()).or(stated).or(only);
        let host = match hosts.as_slice() {
            [host] => Some(*host),
            several => several.iter().copied().find(|host| Some(host.cluster.as_str()) == cluster),
        };
        let instance = workload.and_then(|one| instance(place, container, one));
        let held = workload.and_then(|one| held_in(one, container, instance));
        let seen = container.digest.as_ref().map(|(_, digest)| digest.to_string());
        let runs = seen.or_else(|| instance.and_then(|instance| instance.digest.clone()));
        let digest = runs.or_else(|| held.and_then(|held| held.digest.clone()));
        let before = container.id.as_deref().and_then(short).and_then(|id| self.containers.get(id));
        Found {
            workload: workload.map(|one| one.id).or(before.copied()),
            cluster: host.map(|host| host.cluster.as_str()).or(cluster).map(str::to_owned),
            node: host.map(|host| host.id),
            image: digest
                .as_ref()
                .and_then(|digest| self.images.get(digest).copied())
                .or_else(|| held.and_then(|held| held.image_id)),
            digest,
        }
    }
}

/// The letters by which a container is known whichever sensor names it.
fn short(id: &str) -> Option<&str> {
    id.get(..12)
}

/// A name, and those of the controllers that may have made it: `web-7d4b9-x2x9k` comes from `web-7d4b9` or `web`.
fn owners(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |name| name.rsplit_once('-').map(|(rest, _)| rest)).take(3)
}

fn by_workload(seen: BTreeSet<(WorkloadId, instances::Instance)>) -> HashMap<WorkloadId, Vec<Instance>> {
    let mut found: HashMap<WorkloadId, Vec<Instance>> = HashMap::new();
    for (workload, one) in seen {
        found.entry(workload).or_default().push(Instance {
            pod: one.pod,
            container: one.container,
            container_id: one.container_id,
            digest: one.digest,
        });
    }
    found
}

/// The container of a workload that an event names or is of, or the only one that it has.
fn held_in<'c>(
    workload: &'c Candidate,
    seen: &ContainerSeen,
    instance: Option<&Instance>,
) -> Option<&'c Held> {
    let runs = instance.and_then(|instance| instance.digest.as_deref());
    let digest = seen.digest.as_ref().map(|(_, digest)| digest.as_str()).or(runs);
    let name = seen.name.as_deref().or(instance.map(|instance| instance.container.as_str()));
    let same = |held: &&Held| match digest {
        Some(digest) => held.digest.as_deref() == Some(digest),
        None => name == Some(held.name.as_str()),
    };
    let mut named = workload.containers.iter().filter(same);
    match (named.next(), named.next(), workload.containers.as_slice()) {
        (Some(held), None, _) => Some(held),
        (None, _, [only]) if digest.is_none() && name.is_none() => Some(only),
        _ => None,
    }
}
