//! Where an alert happened and in which container. Refuses the host as a container: then only the machine is named.

use domain::runtime::{ContainerSeen, Place};

use super::wire::Alert;
use crate::events::{Seen, kind};
use crate::untrusted::bounded;
use crate::warnings::Warnings;

/// Fields that name a workload, and its kind, the most telling first.
const WORKLOADS: &[(&str, &str)] = &[
    ("k8smeta.deployment.name", "Deployment"),
    ("k8s.deployment.name", "Deployment"),
    ("k8smeta.pod.name", "Pod"),
    ("k8s.pod.name", "Pod"),
];

/// The container, as far as it is known.
pub(super) fn container(alert: &Alert<'_>, warnings: &mut Warnings) -> ContainerSeen {
    let id = alert.field(&["container.full_id", "container.id"]);
    if id.as_deref() == Some("host") {
        return ContainerSeen::default();
    }
    let repository = alert.field(&["container.image.repository"]);
    let tag = alert.field(&["container.image.tag"]);
    let joined = match (&repository, &tag) {
        (Some(repository), Some(tag)) => Some(format!("{repository}:{tag}")),
        _ => None,
    };
    let image = alert.field(&["container.image"]);
    let name = alert.field(&["container.name"]);
    let digest = alert.field(&["container.image.digest"]);
    let seen = Seen {
        name: name.as_deref(),
        id: id.as_deref(),
        image: joined.as_deref().or(image.as_deref()).or(repository.as_deref()),
        digest: digest.as_deref(),
    };
    seen.container(warnings)
}

/// The place.
pub(super) fn of(alert: &Alert<'_>, warnings: &mut Warnings) -> Place {
    let workload = WORKLOADS.iter().find_map(|(field, kind)| Some((*kind, alert.field(&[*field])?)));
    let namespace = alert.field(&["k8smeta.ns.name", "k8s.ns.name", "ka.target.namespace"]);
    let resource = alert.field(&["ka.target.resource"]);
    let target = alert.field(&["ka.target.pod.name", "ka.target.name"]);
    let (kind, name) = match (&workload, &resource, &target) {
        (Some((kind, name)), _, _) => (Some(*kind), Some(&**name)),
        (None, Some(resource), Some(target)) => (Some(kind(resource)), Some(&**target)),
        _ => (None, None),
    };
    let mut keep = |text: Option<&str>, what: &str| text.map(|text| bounded(text, what, warnings));
    Place {
        account: None,
        region: None,
        cluster: None,
        namespace: keep(namespace.as_deref(), "namespace"),
        kind: keep(kind, "kind of a workload"),
        name: keep(name, "name of a workload"),
        node: keep(alert.hostname.filled(), "hostname"),
    }
}
