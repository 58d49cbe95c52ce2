//! What is observed of the hard cases: every spelling of an image id, every chain of owners, every kind of container
//! and route. Refuses the database.

use std::sync::OnceLock;

use domain::exposure::Reach;
use domain::image::DigestRole;
use domain::workload::Workload;
use tests::asked::{Collected, Source};
use tests::cloud::Cloud;
use tests::kubernetes::{Estate, Kubernetes};

use crate::small;

/// A small estate, asked once for all tests that only read.
fn asked() -> Option<&'static (Kubernetes, Estate, Collected)> {
    static ASKED: OnceLock<Option<(Kubernetes, Estate, Collected)>> = OnceLock::new();
    let asked = ASKED.get_or_init(|| {
        let (cloud, estate) = Kubernetes::seeded(&small())?;
        let source = Source::with(&cloud, &estate, &[("contexts", &["*"])]);
        let everything = source.everything();
        Some((cloud, estate, everything))
    });
    asked.as_ref()
}

/// The workload that runs a hard case of the first cluster.
fn case<'a>((_, estate, all): &'a (Kubernetes, Estate, Collected), name: &str) -> &'a Workload {
    let first = &estate.clusters[0];
    let object = first.case(name);
    let ours = |found: &&&Workload| found.cluster.as_deref() == Some(first.name.as_str());
    let workloads = all.workloads();
    let mut ours = workloads.iter().filter(ours);
    // A pod may be named after what made it.
    ours.clone()
        .find(|found| found.name == object)
        .or_else(|| ours.find(|found| object.starts_with(&format!("{}-", found.name))))
        .unwrap_or_else(|| panic!("no workload of {object}"))
}

#[test]
fn every_pod_is_in_a_workload_that_people_know() {
    let Some(asked) = asked() else { return };
    let (_, estate, all) = asked;
    let nodes: u64 = estate.clusters.iter().map(|cluster| cluster.count("nodes")).sum();
    let found =
        all.observations.iter().filter(|one| matches!(one, domain::observation::Observation::Node(_)));
    assert_eq!(found.count() as u64, nodes);
    // Two pods name owners that nobody can read: one is of a kind that is called a job as well, one is gone.
    let inner = |workload: &&&Workload| {
        ["ReplicaSet", "Job"].contains(&workload.kind.as_str())
            && workload.replicas.is_none()
            && !["training", "gone-7d9c5b6f4"].contains(&workload.name.as_str())
    };
    let workloads = all.workloads();
    let inner: Vec<&str> = workloads.iter().filter(inner).map(|workload| workload.name.as_str()).collect();
    assert_eq!(inner, [] as [&str; 0], "what stands between pods and what people know");
}

#[test]
fn every_spelling_of_an_image_id_is_read() {
    let Some(asked) = asked() else { return };
    let digest = |name: &str| case(asked, name).containers[0].digest.as_ref().map(|(role, _)| *role);
    assert_eq!(digest("id-config-digest"), Some(DigestRole::Config));
    assert_eq!(digest("id-docker-pullable"), Some(DigestRole::Repository));
    assert_eq!(digest("id-containerd"), Some(DigestRole::Repository));
    assert_eq!(digest("id-empty"), None);
    for name in asked.1.clusters[0].cases.keys().filter(|name| name.starts_with("id-")) {
        let workload = case(asked, name);
        assert!(!workload.containers.is_empty(), "{name}");
    }
}

#[test]
fn every_kind_of_container_is_told_apart() {
    let Some(asked) = asked() else { return };
    let init = |name: &str| case(asked, name).containers.iter().filter(|one| one.init).count();
    assert!(init("init-crash-loop") >= 1, "{:?}", case(asked, "init-crash-loop"));
    let sidecar = case(asked, "sidecar").containers.iter().find(|one| one.name == "proxy").unwrap();
    assert!(!sidecar.init && sidecar.running > 0, "it stays: {sidecar:?}");
    assert!(case(asked, "ephemeral").containers.len() >= 2);
}

#[test]
fn what_a_namespace_says_holds_for_what_is_in_it() {
    let Some((_, _, all)) = asked() else { return };
    let owned = all.workloads().iter().filter(|workload| workload.owner.is_some()).count();
    assert!(owned > 0, "owners are read from labels");
}

#[test]
fn several_digests_of_one_name_stand_apart() {
    let Some(asked) = asked() else { return };
    let containers = &case(asked, "mixed-digests").containers;
    let digests: std::collections::BTreeSet<_> =
        containers.iter().filter_map(|one| one.digest.as_ref()).collect();
    assert!(digests.len() > 1, "{containers:?}");
}

#[test]
fn routes_say_from_where() {
    let Some((_, estate, all)) = asked() else { return };
    let reach = |name: &str| all.route(estate.clusters[0].case(name)).reach;
    assert_eq!(reach("svc-internal"), Reach::Internal);
    assert_eq!(reach("svc-load-balancer"), Reach::Internet);
    assert_eq!(reach("svc-source-ranges"), Reach::Restricted);
    assert_eq!(reach("svc-pending"), Reach::Unknown, "it has no address yet");
}
