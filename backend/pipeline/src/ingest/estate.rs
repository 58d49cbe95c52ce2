//! Where things run: nodes with their accounts, workloads with their containers, routes. Refuses to
//! retire what a document does not mention, and to forget what runs because of what was asked for.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::admission::Admission;
use domain::exposure::Exposure;
use domain::id::{ImageId, NodeId, WorkloadId};
use domain::image::DigestRole;
use domain::network_policy::NetworkPolicy;
use domain::workload::{Container, Workload};
use normalise::image::Catalogue;
use normalise::object::{NO_CLUSTER, admission_id, network_policy_id, node_id, route_id, workload_id};
use serde::Serialize;
use store::Tx;
use store::save::routes::{self, Route};
use store::save::{admission, instances, located, network_policies, nodes, places, workloads as rows};

use super::content::Content;
use super::images::{self, Images};
use super::intervals::{key, tagged};
use crate::{Error, Touched};

/// Writes the estate that a document describes; tells the clusters it describes, and the images that ran
/// in its workloads until now.
pub(super) async fn save(
    tx: &Tx,
    content: &Content,
    images: &Images,
    cluster: Option<&str>,
    at: i64,
) -> Result<Touched, Error> {
    let place = |own: &Option<String>| own.as_deref().or(cluster).unwrap_or(NO_CLUSTER).to_owned();
    let stated = content.nodes.iter().filter_map(|node| node.account.as_ref());
    let stated = stated.chain(content.workloads.iter().filter_map(|workload| workload.account.as_ref()));
    // The last word on an account counts: what only names it must not take its name away.
    let accounts = stated.chain(&content.accounts);
    let accounts: BTreeMap<(&str, &str), Option<&str>> = accounts
        .filter(|account| !account.id.is_empty())
        .map(|account| ((account.provider.as_str(), account.id.as_str()), account.name.as_deref()))
        .collect();
    let accounts: Vec<_> = accounts.into_iter().map(|((provider, id), name)| (provider, id, name)).collect();
    nodes::put_accounts(tx, &accounts, at).await?;
    let hosts: BTreeMap<NodeId, nodes::Node> = content
        .nodes
        .iter()
        .map(|node| node_row(node, place(&node.cluster)))
        .map(|node| (node.id, node))
        .collect();
    let workloads: BTreeMap<WorkloadId, rows::Workload> = content
        .workloads
        .iter()
        .map(|workload| workload_row(workload, place(&workload.cluster), images))
        .map(|workload| (workload.id, workload))
        .collect();
    let clusters =
        hosts.values().map(|node| &node.cluster).chain(workloads.values().map(|workload| &workload.cluster));
    let mut clusters: BTreeSet<String> = clusters.cloned().collect();
    let host_ids: Vec<NodeId> = hosts.keys().copied().collect();
    nodes::put_nodes(tx, &hosts.into_values().collect::<Vec<_>>(), at).await?;
    let ids: Vec<WorkloadId> = workloads.keys().copied().collect();
    let on_record = rows::containers(tx, &ids).await?;
    put_workloads(tx, workloads, &on_record, at).await?;
    located::locate(tx, &ids, &host_ids).await?;
    let described = content.clusters.iter().map(|cluster| cluster.name.as_str());
    located::place_in_accounts(tx, &clusters.iter().map(String::as_str).chain(described).collect()).await?;
    clusters.extend(put_routes(tx, content, &place, at).await?);
    let admissions: BTreeMap<_, admission::Admission> = content
        .admissions
        .iter()
        .map(|one| admission_row(one, place(&one.cluster)))
        .map(|one| (one.id, one))
        .collect();
    admission::put_admissions(tx, &admissions.into_values().collect::<Vec<_>>(), at).await?;
    let ran: BTreeSet<ImageId> = on_record.values().flatten().filter_map(|one| one.image_id).collect();
    Ok(Touched { images: ran.into_iter().collect(), clusters, intel: false })
}

/// Writes routes, and the policies that shut them; tells their clusters.
async fn put_routes(
    tx: &Tx,
    content: &Content,
    place: &impl Fn(&Option<String>) -> String,
    at: i64,
) -> Result<BTreeSet<String>, Error> {
    let found: BTreeMap<_, Route> = content
        .exposures
        .iter()
        .map(|route| route_row(route, place(&route.cluster)))
        .map(|route| (route.id, route))
        .collect();
    let policies: BTreeMap<_, network_policies::NetworkPolicy> = content
        .policies
        .iter()
        .map(|policy| policy_row(policy, place(&policy.cluster)))
        .map(|policy| (policy.id, policy))
        .collect();
    let shut = policies.values().map(|policy| &policy.cluster);
    let clusters = found.values().map(|route| &route.cluster).chain(shut).cloned().collect();
    routes::put_routes(tx, &found.into_values().collect::<Vec<_>>(), at).await?;
    network_policies::put_policies(tx, &policies.into_values().collect::<Vec<_>>(), at).await?;
    Ok(clusters)
}

fn node_row(node: &domain::node::Node, cluster: String) -> nodes::Node {
    let account = node.account.as_ref();
    nodes::Node {
        id: node_id(&cluster, &node.name),
        cluster,
        name: node.name.clone(),
        provider: account.map(|account| account.provider.clone()).unwrap_or_default(),
        account: account.map(|account| account.id.clone()).unwrap_or_default(),
        region: node.region.clone(),
        os_image: node.os_image.clone(),
        kernel: node.kernel.clone(),
        runtime: node.runtime.clone(),
        kubelet: node.kubelet.clone(),
        public_address: node.public_address,
    }
}

fn workload_row(workload: &Workload, cluster: String, images: &Images) -> rows::Workload {
    let account = workload.account.as_ref();
    let nodes: BTreeSet<NodeId> = workload.nodes.iter().map(|name| node_id(&cluster, name)).collect();
    rows::Workload {
        id: workload_id(&cluster, workload),
        namespace: workload.namespace.clone(),
        kind: workload.kind.clone(),
        name: workload.name.clone(),
        provider: account.map(|account| account.provider.clone()).unwrap_or_default(),
        account: account.map(|account| account.id.clone()).unwrap_or_default(),
        region: workload.region.clone(),
        owner: workload.owner.clone(),
        environment: workload.environment.clone(),
        criticality: workload.criticality.map(|criticality| criticality.as_str()),
        replicas: workload.replicas.map(i64::from),
        labels: json(&workload.labels),
        isolation: json(&workload.isolation),
        observed: workload.observed_running,
        nodes: nodes.into_iter().collect(),
        containers: workload.containers.iter().map(|container| container_row(container, images)).collect(),
        instances: workload
            .containers
            .iter()
            .flat_map(|one| instance_rows(one, &workload.containers))
            .collect(),
        cluster,
    }
}

fn route_row(route: &Exposure, cluster: String) -> Route {
    Route {
        id: route_id(&cluster, route),
        cluster,
        namespace: route.namespace.clone(),
        kind: route.kind.clone(),
        name: route.name.clone(),
        reach: route.reach.as_str(),
        selector: json(&route.selector),
        backends: json(&route.backends),
        evidence: route.evidence.clone(),
        landing: json(&route.landing),
    }
}

fn policy_row(policy: &NetworkPolicy, cluster: String) -> network_policies::NetworkPolicy {
    network_policies::NetworkPolicy {
        id: network_policy_id(&cluster, policy),
        cluster,
        namespace: policy.namespace.clone(),
        name: policy.name.clone(),
        selector: json(&policy.selector),
        ingress: json(&policy.ingress),
    }
}

fn admission_row(told: &Admission, cluster: String) -> admission::Admission {
    admission::Admission {
        id: admission_id(&cluster, told),
        cluster,
        kind: told.kind.clone(),
        name: told.name.clone(),
        engine: told.engine.clone(),
        effect: told.effect.as_str(),
        scope: told.scope.clone(),
    }
}

fn container_row(container: &Container, images: &Images) -> rows::Container {
    let reference = container.reference.as_ref();
    let tag = reference.and_then(key).map(|(_, _, tag)| tag);
    let digest = container.digest.as_ref();
    rows::Container {
        name: container.name.clone(),
        image: container.image.clone(),
        registry: reference.map(|reference| reference.registry.clone()).unwrap_or_default(),
        repository: reference.map(|reference| reference.repository.clone()).unwrap_or_default(),
        tag: tag.unwrap_or_default(),
        digest: digest
            .map(|(_, digest)| digest.to_string())
            .or_else(|| reference.and_then(|reference| reference.digest.as_ref()).map(ToString::to_string)),
        digest_role: digest.map(|(role, _)| role.as_str().to_owned()),
        image_id: images.of_container(digest.map(|(_, digest)| digest), reference),
        running: i64::from(container.running),
        init: container.init,
        security: json(&container.security),
    }
}

/// The instances of one of a workload's containers, with the digest where its name alone does not tell it.
fn instance_rows<'c>(
    container: &'c Container,
    all: &[Container],
) -> impl Iterator<Item = instances::Instance> + use<'c> {
    let several = all.iter().filter(|other| other.name == container.name).count() > 1;
    let digest = container.digest.as_ref().filter(|_| several).map(|(_, digest)| digest.to_string());
    container.instances.iter().map(move |one| instances::Instance {
        pod: one.pod.clone(),
        container: container.name.clone(),
        container_id: one.id.clone(),
        digest: digest.clone(),
    })
}

/// Writes workloads unless a newer description is on record. One that was only asked for keeps what is
/// known to run of the same containers.
async fn put_workloads(
    tx: &Tx,
    mut workloads: BTreeMap<WorkloadId, rows::Workload>,
    on_record: &HashMap<WorkloadId, Vec<rows::Container>>,
    at: i64,
) -> Result<(), Error> {
    let ids: Vec<WorkloadId> = workloads.keys().copied().collect();
    let last_changed = rows::last_changed(tx, &ids).await?;
    workloads.retain(|id, _| last_changed.get(id).is_none_or(|changed| *changed <= at));
    for workload in workloads.values_mut().filter(|workload| !workload.observed) {
        let Some(running) = on_record.get(&workload.id) else { continue };
        for container in workload.containers.iter_mut().filter(|container| container.digest.is_none()) {
            let same =
                |known: &&rows::Container| known.name == container.name && known.image == container.image;
            let Some(known) = running.iter().find(same) else { continue };
            container.digest.clone_from(&known.digest);
            container.digest_role.clone_from(&known.digest_role);
            container.image_id = known.image_id.or(container.image_id);
            container.running = known.running;
        }
    }
    Ok(rows::put(tx, &workloads.into_values().collect::<Vec<_>>(), on_record, at).await?)
}

/// Points containers whose image was not known at the images that are known now; tells their clusters.
pub(super) async fn place(tx: &Tx) -> Result<BTreeSet<String>, Error> {
    let unplaced = places::unplaced(tx).await?;
    if unplaced.is_empty() {
        return Ok(BTreeSet::new());
    }
    let digests: BTreeSet<&str> =
        unplaced.iter().filter_map(|container| container.digest.as_deref()).collect();
    let digests: Vec<&str> = digests.into_iter().collect();
    let mut by_digest = HashMap::new();
    for image in store::save::images::sharing(tx, &digests).await? {
        by_digest.extend(image.digests.into_iter().map(|(_, digest)| (digest, image.id)));
    }
    let tags: BTreeSet<_> = unplaced.iter().map(|container| container.tag.clone()).collect();
    let intervals = store::save::tags::of(tx, &tags.into_iter().collect::<Vec<_>>()).await?;
    let mut clusters = BTreeSet::new();
    let places: Vec<_> = unplaced
        .iter()
        .filter_map(|container| {
            let image = match &container.digest {
                Some(digest) => by_digest.get(digest).copied(),
                None => tagged(intervals.get(&container.tag)?, None, container.seen_at),
            };
            let image = image?;
            clusters.insert(container.cluster.clone());
            Some((container.workload, container.position, image))
        })
        .collect();
    places::place(tx, &places).await?;
    Ok(clusters)
}

/// Points containers that run an index at the image which its digest means now that all of them are known,
/// whichever platform was seen first; tells what that touches.
pub(super) async fn place_shared(tx: &Tx) -> Result<Touched, Error> {
    let mut touched = Touched::default();
    let shared = places::shared(tx).await?;
    let digests: BTreeSet<&str> = shared.iter().map(|container| container.digest.as_str()).collect();
    let digests: Vec<&str> = digests.into_iter().collect();
    let known = store::save::images::sharing(tx, &digests).await?;
    let mut catalogue = Catalogue::new(known.into_iter().filter_map(images::known));
    let mut places = Vec::new();
    for container in shared {
        let Ok(digest) = container.digest.parse() else { continue };
        let meant = catalogue.claim_digest(DigestRole::Repository, &digest);
        let Some(image) = meant.filter(|image| *image != container.image) else { continue };
        touched.images.extend([image, container.image]);
        touched.clusters.insert(container.cluster);
        places.push((container.workload, container.position, image));
    }
    places::place(tx, &places).await?;
    Ok(touched)
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "{}".to_owned())
}
