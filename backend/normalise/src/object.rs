//! What an observation shows, as objects with ids: the same thing has the same id in every scope, source
//! and process. Refuses what tools say of an image, but for their coverage: that is not a thing.

use domain::admission::Admission;
use domain::cluster::Cluster;
use domain::coverage::Coverage;
use domain::digest::Digest;
use domain::exposure::Exposure;
use domain::id::{NodeId, ObjectId, WorkloadId};
use domain::image::{DigestRole, Image};
use domain::network_policy::NetworkPolicy;
use domain::node::Node;
use domain::observation::Observation;
use domain::source::Noun;
use domain::workload::Workload;

/// What groups workloads where neither the document nor its sender names a cluster.
pub const NO_CLUSTER: &str = "default";

/// Something shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// What kind of thing.
    pub noun: Noun,
    /// Its id.
    pub id: ObjectId,
    /// Its name for people; of a tag `registry/repository:tag`.
    pub name: String,
    /// Of a tag, the digest it points at: nothing else of the observation describes it.
    pub points_at: Option<Digest>,
}

/// The objects that an observation shows.
#[must_use]
pub fn shown(observation: &Observation) -> Vec<Object> {
    let object = |noun, id, name| vec![Object { noun, id, name, points_at: None }];
    match observation {
        Observation::Account(account) => {
            let id = ObjectId::derived(&[b"account", account.provider.as_bytes(), account.id.as_bytes()]);
            object(Noun::Account, id, format!("{} {}", account.provider, account.id))
        }
        Observation::Cluster(cluster) => object(Noun::Cluster, cluster_id(cluster), cluster.name.clone()),
        Observation::Repository(repository) => {
            let id = repository_id(&repository.registry, &repository.name);
            object(Noun::Repository, id, format!("{}/{}", repository.registry, repository.name))
        }
        Observation::Image(image) => image_and_tags(image),
        Observation::Workload(workload) => {
            let cluster = workload.cluster.as_deref().unwrap_or(NO_CLUSTER);
            let id = ObjectId::from_bytes(*workload_id(cluster, workload).as_bytes());
            let name = [cluster, &workload.namespace, &workload.kind, &workload.name].join("/");
            object(Noun::Workload, id, name)
        }
        Observation::Node(Node { cluster, name, .. }) => {
            let cluster = cluster.as_deref().unwrap_or(NO_CLUSTER);
            let id = ObjectId::from_bytes(*node_id(cluster, name).as_bytes());
            object(Noun::Node, id, format!("{cluster}/{name}"))
        }
        Observation::Exposure(route) => {
            let cluster = route.cluster.as_deref().unwrap_or(NO_CLUSTER);
            let name = [cluster, &route.namespace, &route.kind, &route.name].join("/");
            object(Noun::Exposure, route_id(cluster, route), name)
        }
        Observation::NetworkPolicy(policy) => {
            let cluster = policy.cluster.as_deref().unwrap_or(NO_CLUSTER);
            let name = [cluster, &policy.namespace, &policy.name].join("/");
            object(Noun::NetworkPolicy, network_policy_id(cluster, policy), name)
        }
        Observation::Admission(admission) => {
            let cluster = admission.cluster.as_deref().unwrap_or(NO_CLUSTER);
            let name = [cluster, &admission.kind, &admission.name].join("/");
            object(Noun::Admission, admission_id(cluster, admission), name)
        }
        Observation::Coverage(coverage) => match coverage_id(coverage) {
            Some(id) => object(Noun::Coverage, id, coverage_name(coverage)),
            None => Vec::new(),
        },
        Observation::Scan(_)
        | Observation::Sbom(_)
        | Observation::Attestation(_)
        | Observation::Signature(_)
        | Observation::Searched(_)
        | Observation::Vex(_)
        | Observation::Intel(_)
        | Observation::Runtime(_)
        | Observation::Executed(_) => Vec::new(),
    }
}

/// The places where an image lies, and its tags.
fn image_and_tags(image: &Image) -> Vec<Object> {
    let Some(digest) = image.best_digest() else { return Vec::new() };
    let mut objects: Vec<Object> = places(image)
        .into_iter()
        .map(|(registry, repository)| Object {
            noun: Noun::Image,
            id: location_id(registry, repository, digest),
            name: format!("{registry}/{repository}@{digest}"),
            points_at: None,
        })
        .collect();
    let index = image.digests.iter().find(|(role, _)| *role == DigestRole::Index).map(|(_, digest)| digest);
    for reference in &image.references {
        let Some(tag) = &reference.tag else { continue };
        let parts = [&reference.registry, &reference.repository, tag];
        let [registry, repository, tag] = parts.map(String::as_bytes);
        objects.push(Object {
            noun: Noun::Tag,
            id: ObjectId::derived(&[b"tag", registry, repository, tag]),
            name: format!("{}/{}:{}", parts[0], parts[1], parts[2]),
            points_at: Some(index.unwrap_or(digest).clone()),
        });
    }
    objects
}

/// Registry and repository of every place an image is named in, each once.
#[must_use]
pub fn places(image: &Image) -> Vec<(&str, &str)> {
    let mut places: Vec<(&str, &str)> = image
        .references
        .iter()
        .map(|reference| (reference.registry.as_str(), reference.repository.as_str()))
        .collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// The id of a repository.
#[must_use]
pub fn repository_id(registry: &str, name: &str) -> ObjectId {
    ObjectId::derived(&[b"repository", registry.as_bytes(), name.as_bytes()])
}

/// The id of an image in a repository.
#[must_use]
pub fn location_id(registry: &str, repository: &str, digest: &Digest) -> ObjectId {
    ObjectId::derived(&[b"image", registry.as_bytes(), repository.as_bytes(), digest.as_str().as_bytes()])
}

/// The id of a cluster: clusters of one name in two accounts are two.
#[must_use]
pub fn cluster_id(cluster: &Cluster) -> ObjectId {
    let account = cluster.account.as_ref();
    let parts = [
        "cluster",
        &cluster.kind,
        account.map_or("", |account| &account.provider),
        account.map_or("", |account| &account.id),
        cluster.region.as_deref().unwrap_or_default(),
        &cluster.name,
    ];
    ObjectId::derived(&parts.map(str::as_bytes))
}

/// The id of a workload.
#[must_use]
pub fn workload_id(cluster: &str, workload: &Workload) -> WorkloadId {
    let parts = [cluster, &workload.namespace, &workload.kind, &workload.name];
    WorkloadId::derived(&parts.map(str::as_bytes))
}

/// The id of a node.
#[must_use]
pub fn node_id(cluster: &str, name: &str) -> NodeId {
    NodeId::derived(&[cluster.as_bytes(), name.as_bytes()])
}

/// The id of a route.
#[must_use]
pub fn route_id(cluster: &str, route: &Exposure) -> ObjectId {
    let parts = ["exposure", cluster, &route.namespace, &route.kind, &route.name];
    ObjectId::derived(&parts.map(str::as_bytes))
}

/// The id of a network policy.
#[must_use]
pub fn network_policy_id(cluster: &str, policy: &NetworkPolicy) -> ObjectId {
    let parts = ["network policy", cluster, &policy.namespace, &policy.name];
    ObjectId::derived(&parts.map(str::as_bytes))
}

/// The id of what decides of admission.
#[must_use]
pub fn admission_id(cluster: &str, admission: &Admission) -> ObjectId {
    let parts = ["admission", cluster, &admission.kind, &admission.name];
    ObjectId::derived(&parts.map(str::as_bytes))
}

/// The id of a tool's word on an image in a repository; none where the image has no digest.
#[must_use]
pub fn coverage_id(coverage: &Coverage) -> Option<ObjectId> {
    let digest = coverage.image.best_digest()?;
    let place = coverage.image.references.first().map(domain::reference::ImageReference::name);
    let parts = ["coverage", &coverage.tool, place.as_deref().unwrap_or_default(), digest.as_str()];
    Some(ObjectId::derived(&parts.map(str::as_bytes)))
}

fn coverage_name(coverage: &Coverage) -> String {
    let image = coverage.image.references.first().map(domain::reference::ImageReference::name);
    let digest = coverage.image.best_digest().map(Digest::short).unwrap_or_default();
    format!("{} on {}@{digest}", coverage.tool, image.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_one_place_and_its_tags() {
        let digest: Digest = format!("sha256:{}", "a".repeat(64)).parse().unwrap();
        let mut image = Image::default();
        image.add_digest(DigestRole::Manifest, digest.clone());
        for name in ["r.example/app:1", "r.example/app:2"] {
            image.references.push(name.parse().unwrap());
        }
        let shown = shown(&Observation::Image(image));
        let names: Vec<(Noun, &str)> =
            shown.iter().map(|object| (object.noun, object.name.as_str())).collect();
        let place = format!("r.example/app@{digest}");
        let expected =
            [(Noun::Image, place.as_str()), (Noun::Tag, "r.example/app:1"), (Noun::Tag, "r.example/app:2")];
        assert_eq!(names, expected);
    }

    #[test]
    fn clusters_of_one_name_in_two_regions_are_two() {
        let in_region = |region: &str| Cluster {
            name: "prod".to_owned(),
            kind: "ecs".to_owned(),
            region: Some(region.to_owned()),
            ..Cluster::default()
        };
        assert_ne!(cluster_id(&in_region("eu-west-1")), cluster_id(&in_region("us-east-1")));
    }
}
