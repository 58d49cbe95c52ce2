//! Replicas of one workload, joined as they are read: what they run, where, and how far they are kept from their
//! nodes. A container that was never pulled joins its namesake of the same image; in the middle of a rollout a name
//! stands once for each digest that runs.
//!
//! Refuses to depend on the order in which replicas come: that of their names counts.

#[cfg(test)]
#[path = "replicas_tests.rs"]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use domain::digest::Digest;
use domain::image::DigestRole;
use domain::workload::{Container, Isolation, PodSpecified};

use super::owners::Words;

/// One replica: a pod, or a template where there is none.
#[derive(Debug)]
pub(super) struct Replica {
    pub(super) name: String,
    /// Who owns it, in its own words.
    pub(super) words: Words,
    pub(super) labels: BTreeMap<String, String>,
    /// Whether it is but a manifest, which no cluster has taken up.
    pub(super) planned: bool,
    pub(super) node: Option<String>,
    pub(super) containers: Vec<Container>,
    pub(super) isolation: Isolation,
}

/// Replicas joined.
#[derive(Debug, Default)]
pub(super) struct Replicas {
    first: Option<First>,
    observed: bool,
    /// In order, as the containers are: trees keep room for eleven, and most workloads have one or two.
    nodes: Vec<String>,
    isolation: Option<Isolation>,
    containers: Vec<Held>,
}

/// What is taken from the first replica by name.
#[derive(Debug)]
struct First {
    name: String,
    words: Words,
    labels: BTreeMap<String, String>,
}

/// A container where it stands first. Boxed: a list makes room for four at once.
#[derive(Debug)]
struct Held(Box<(Place, Container)>);

/// A replica's name and a place among its containers.
type Place = (String, usize);
/// A container's name, and its digest or else its image.
type Which<'c> = (&'c str, Result<(DigestRole, &'c Digest), &'c str>);

impl Replicas {
    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// Adds one.
    pub(super) fn add(&mut self, replica: Replica) {
        self.observed |= !replica.planned;
        if let Some(node) = replica.node
            && let Err(at) = self.nodes.binary_search(&node)
        {
            self.nodes.insert(at, node);
        }
        self.isolation = Some(match self.isolation.take() {
            Some(known) => weakest(known, replica.isolation),
            None => replica.isolation,
        });
        for (index, container) in replica.containers.into_iter().enumerate() {
            self.run((replica.name.clone(), index), container);
        }
        if self.first.as_ref().is_none_or(|first| replica.name < first.name) {
            let Replica { name, words, labels, .. } = replica;
            self.first = Some(First { name, words, labels });
        }
    }

    fn run(&mut self, place: Place, mut container: Container) {
        match self.containers.binary_search_by(|held| which(&held.0.1).cmp(&which(&container))) {
            Err(at) => self.containers.insert(at, Held(Box::new((place, container)))),
            Ok(at) => {
                let (known, joined) = &mut *self.containers[at].0;
                let running = joined.running + container.running;
                let mut instances = std::mem::take(&mut joined.instances);
                instances.append(&mut container.instances);
                if place < *known {
                    (*known, *joined) = (place, container);
                }
                (joined.running, joined.instances) = (running, instances);
            }
        }
    }

    /// What the first replica says of its owner.
    pub(super) fn words(&self) -> Option<&Words> {
        self.first.as_ref().map(|first| &first.words)
    }

    /// The labels of the first replica.
    pub(super) fn labels(&self) -> Option<&BTreeMap<String, String>> {
        self.first.as_ref().map(|first| &first.labels)
    }

    /// Whether any was taken up by a cluster.
    pub(super) fn are_observed(&self) -> bool {
        self.observed
    }

    /// The nodes they were seen on, the containers in the order of the first replicas that have them, and what holds
    /// of all of them together.
    pub(super) fn joined(self) -> (Vec<String>, Vec<Container>, Isolation) {
        let mut ranks: BTreeMap<String, Place> = BTreeMap::new();
        for held in &self.containers {
            let (place, container) = &*held.0;
            let rank = ranks.entry(container.name.clone()).or_insert_with(|| place.clone());
            if place < rank {
                rank.clone_from(place);
            }
        }
        let mut sorted: Vec<(Place, Container)> = self.containers.into_iter().map(|held| *held.0).collect();
        sorted.sort_by(|(place, one), (other_place, other)| {
            let key = |place, container: &Container| (container.digest.is_none(), place);
            ranks
                .get(&one.name)
                .cmp(&ranks.get(&other.name))
                .then_with(|| key(place, one).cmp(&key(other_place, other)))
        });
        let mut joined: Vec<Container> = Vec::new();
        for (_, mut container) in sorted {
            let same = |known: &&mut Container| {
                container.digest.is_none() && known.name == container.name && known.image == container.image
            };
            match joined.iter_mut().find(same) {
                Some(known) => {
                    known.running += container.running;
                    known.instances.append(&mut container.instances);
                }
                None => joined.push(container),
            }
        }
        joined.iter_mut().for_each(|container| container.instances.sort_unstable());
        (self.nodes, joined, self.isolation.unwrap_or_default())
    }
}

fn which(container: &Container) -> Which<'_> {
    let what = container.digest.as_ref().map(|(role, digest)| (*role, digest));
    (container.name.as_str(), what.ok_or(&*container.image))
}

/// What holds of any replica holds of the workload, as far as it weakens its isolation.
fn weakest(one: Isolation, other: Isolation) -> Isolation {
    Isolation {
        host_network: one.host_network || other.host_network,
        host_pid: one.host_pid || other.host_pid,
        host_ipc: one.host_ipc || other.host_ipc,
        user_namespace: one.user_namespace && other.user_namespace,
        runtime_class: one.runtime_class.filter(|class| other.runtime_class.as_ref() == Some(class)),
        service_account: [one.service_account, other.service_account].into_iter().flatten().min(),
        token_mounted: if one.token_mounted == other.token_mounted { one.token_mounted } else { None },
        pod: one.pod.zip(other.pod).map(|(one, other)| together(one, other)),
    }
}

fn together(one: PodSpecified, other: PodSpecified) -> PodSpecified {
    let sysctls: BTreeSet<String> = one.sysctls.into_iter().chain(other.sysctls).collect();
    PodSpecified {
        shares_processes: one.shares_processes || other.shares_processes,
        sysctls: sysctls.into_iter().collect(),
    }
}
