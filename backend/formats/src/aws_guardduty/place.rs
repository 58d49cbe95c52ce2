//! Where a finding happened and in which container: EKS names workload and namespace, ECS a task of a
//! service. Refuses to choose: of several containers none is named.

use domain::image::DigestRole;
use domain::runtime::{ContainerSeen, Place};

use super::wire::{Container, Finding, Workload};
use crate::images::reference;
use crate::untrusted::bounded;
use crate::warnings::Warnings;

/// Workloads of Kubernetes as GuardDuty writes them, and by their kind.
const KINDS: &[(&str, &str)] = &[
    ("cronjobs", "CronJob"),
    ("daemonsets", "DaemonSet"),
    ("deployments", "Deployment"),
    ("jobs", "Job"),
    ("pods", "Pod"),
    ("replicasets", "ReplicaSet"),
    ("replicationcontrollers", "ReplicationController"),
    ("statefulsets", "StatefulSet"),
];

/// Whether a finding is about a cluster or a container.
pub(super) fn is_of_containers(finding: &Finding<'_>) -> bool {
    const RESOURCES: [&str; 4] = ["EKSCluster", "ECSCluster", "Container", "KubernetesCluster"];
    const TOUCHED: [&str; 5] = ["EKS_CLUSTER", "KUBERNETES_WORKLOAD", "CONTAINER", "ECS_CLUSTER", "ECS_TASK"];
    let mut touched = finding.service.detection.sequence.iter().flat_map(|sequence| &sequence.resources);
    RESOURCES.contains(&&*finding.resource.resource_type)
        || finding.resource.container_details.is_some()
        || touched.any(|resource| TOUCHED.contains(&&*resource.resource_type))
}

/// Every container that a finding names.
pub(super) fn containers<'f, 'a>(finding: &'f Finding<'a>) -> Vec<&'f Container<'a>> {
    let resource = &finding.resource;
    if let Some(container) = &resource.container_details {
        return vec![container];
    }
    let of_sequence = finding.service.detection.sequence.iter().flat_map(|sequence| &sequence.resources);
    resource
        .kubernetes_details
        .kubernetes_workload_details
        .containers
        .iter()
        .chain(&resource.ecs_cluster_details.task_details.containers)
        .chain(of_sequence.filter_map(|resource| resource.data.container.as_ref()))
        .collect()
}

/// The container, where there is exactly one.
pub(super) fn container(finding: &Finding<'_>, warnings: &mut Warnings) -> ContainerSeen {
    let [container] = containers(finding)[..] else { return ContainerSeen::default() };
    let reference = reference(&container.image);
    let id = container.id.rsplit_once("://").map_or(&*container.id, |(_, id)| id);
    ContainerSeen {
        name: container.name.filled().map(|name| bounded(name, "name of a container", warnings)),
        id: Some(id).filter(|id| !id.is_empty()).map(|id| bounded(id, "id of a container", warnings)),
        image: container.image.filled().map(|image| bounded(image, "image of a container", warnings)),
        digest: reference
            .as_ref()
            .and_then(|reference| reference.digest.clone())
            .map(|digest| (DigestRole::Repository, digest)),
        reference,
    }
}

/// The place.
pub(super) fn of(finding: &Finding<'_>, warnings: &mut Warnings) -> Place {
    let resource = &finding.resource;
    let sequence = || finding.service.detection.sequence.iter().flat_map(|sequence| &sequence.resources);
    let touched = sequence().find(|resource| resource.resource_type.ends_with("_CLUSTER"));
    let cluster = [&resource.eks_cluster_details.name, &resource.ecs_cluster_details.name]
        .into_iter()
        .find_map(|name| name.filled())
        .or_else(|| last_part(&resource.eks_cluster_details.arn))
        .or_else(|| last_part(&resource.ecs_cluster_details.arn))
        .or_else(|| touched.and_then(|cluster| last_part(&cluster.name)));
    let (kind, name, namespace) = workload(finding);
    let mut keep = |text: Option<&str>, what: &str| text.map(|text| bounded(text, what, warnings));
    Place {
        account: keep(finding.account_id.filled(), "accountId"),
        region: keep(finding.region.filled(), "region"),
        cluster: keep(cluster, "cluster"),
        namespace: keep(namespace, "namespace"),
        kind: keep(kind, "kind of a workload"),
        name: keep(name, "name of a workload"),
        node: keep(resource.instance_details.instance_id.filled(), "instanceId"),
    }
}

/// Kind, name and namespace of the workload, as far as they are named.
fn workload<'f>(finding: &'f Finding<'_>) -> (Option<&'f str>, Option<&'f str>, Option<&'f str>) {
    let of_sequence = finding.service.detection.sequence.iter().flat_map(|sequence| &sequence.resources);
    let mut touched =
        of_sequence.filter_map(|resource| Some((resource, resource.data.kubernetes_workload.as_ref()?)));
    let stated = &finding.resource.kubernetes_details.kubernetes_workload_details;
    if stated.name.filled().is_some() || stated.namespace.filled().is_some() {
        return (kind(stated), stated.name.filled(), stated.namespace.filled());
    }
    if let Some((resource, workload)) = touched.next() {
        return (kind(workload), resource.name.filled(), workload.namespace.filled());
    }
    let task = &finding.resource.ecs_cluster_details.task_details;
    match task.group.split_once(':') {
        Some(("service", name)) => (Some("Service"), Some(name), None),
        Some(("family", name)) => (Some("Task"), Some(name), None),
        _ => {
            let name = last_part(&task.arn);
            (name.map(|_| "Task"), name, None)
        }
    }
}

fn kind<'f>(workload: &'f Workload<'_>) -> Option<&'f str> {
    let word = workload.kind.filled()?;
    let known = KINDS.iter().find(|(plural, _)| plural.eq_ignore_ascii_case(word));
    Some(known.map_or(word, |(_, kind)| kind))
}

/// The name at the end of a resource name: `arn:aws:eks:…:cluster/prod`.
fn last_part(arn: &str) -> Option<&str> {
    arn.rsplit('/').next().filter(|name| !name.is_empty())
}
