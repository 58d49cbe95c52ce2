//! Job definitions for every kind of compute. Refuses the network.

use aws_sdk_batch::types::{
    ContainerProperties, EcsProperties, EcsTaskProperties, EksContainer, EksContainerSecurityContext,
    EksContainerVolumeMount, EksHostPath, EksPodProperties, EksProperties, EksVolume, Host, JobDefinition,
    MountPoint, PlatformCapability, Secret, TaskContainerProperties, Volume,
};

use super::definitions::{newest, workload};
use crate::aws::place::tests::place;

fn named(name: &str, revision: i32) -> aws_sdk_batch::types::builders::JobDefinitionBuilder {
    JobDefinition::builder()
        .job_definition_name(name)
        .job_definition_arn(format!("arn:aws:batch:eu-west-1:111122223333:job-definition/{name}:{revision}"))
        .revision(revision)
        .status("ACTIVE")
        .r#type("container")
}

#[test]
fn the_newest_revision_counts() {
    let kept = newest(vec![
        named("a", 2).build(),
        named("a", 11).build(),
        named("b", 1).build(),
        named("a", 3).build(),
    ]);
    let revisions: Vec<_> = kept.iter().map(|kept| (kept.job_definition_name(), kept.revision())).collect();
    assert_eq!(revisions, [(Some("a"), Some(11)), (Some("b"), Some(1))]);
}

#[test]
fn a_privileged_job_on_a_machine() {
    let properties = ContainerProperties::builder()
        .image("alpine")
        .privileged(true)
        .user("root")
        .job_role_arn("arn:aws:iam::111122223333:role/night")
        .secrets(Secret::builder().name("KEY").value_from("arn:aws:ssm:…").build())
        .volumes(
            Volume::builder()
                .name("docker")
                .host(Host::builder().source_path("/run/docker.sock").build())
                .build(),
        )
        .mount_points(MountPoint::builder().source_volume("docker").read_only(true).build())
        .build();
    let found = workload(&place(), &named("night", 1).container_properties(properties).build()).unwrap();
    let container = &found.containers[0];
    assert!(!found.observed_running && container.running == 0);
    assert!(container.security.privileged);
    assert_eq!((container.security.run_as_user, container.security.run_as_non_root), (Some(0), Some(false)));
    assert_eq!(container.security.host_paths, ["/run/docker.sock"]);
    assert_eq!(container.security.secret_variables, ["KEY"]);
    assert_eq!(
        container.reference.as_ref().map(ToString::to_string).as_deref(),
        Some("docker.io/library/alpine:latest")
    );
    assert_eq!(found.isolation.runtime_class, None);
    assert_eq!(found.isolation.service_account.as_deref(), Some("night"));
}

#[test]
fn a_task_of_many_containers_on_fargate() {
    let container =
        |name: &str| TaskContainerProperties::builder().name(name).image("quay.io/acme/job:1").build();
    let task = EcsTaskProperties::builder().containers(container("one")).containers(container("two")).build();
    let definition = named("many", 1)
        .platform_capabilities(PlatformCapability::Fargate)
        .ecs_properties(EcsProperties::builder().task_properties(task).build())
        .build();
    let found = workload(&place(), &definition).unwrap();
    let names: Vec<&str> = found.containers.iter().map(|container| container.name.as_str()).collect();
    assert_eq!(names, ["one", "two"]);
    assert_eq!(found.isolation.runtime_class.as_deref(), Some("fargate-microvm"));
}

#[test]
fn a_pod_shares_its_node_unless_told_not_to() {
    let context = EksContainerSecurityContext::builder().run_as_non_root(true).run_as_user(1000).build();
    let container = EksContainer::builder()
        .name("job")
        .image("quay.io/acme/job:1")
        .security_context(context)
        .volume_mounts(EksContainerVolumeMount::builder().name("root").build())
        .build();
    let volume =
        EksVolume::builder().name("root").host_path(EksHostPath::builder().path("/").build()).build();
    let pod = EksPodProperties::builder().containers(container).volumes(volume).build();
    let definition =
        named("pod", 1).eks_properties(EksProperties::builder().pod_properties(pod).build()).build();
    let found = workload(&place(), &definition).unwrap();
    assert!(found.isolation.host_network);
    let security = &found.containers[0].security;
    assert_eq!((security.run_as_user, security.run_as_non_root), (Some(1000), Some(true)));
    assert_eq!(security.host_paths, ["/"]);
}

#[test]
fn a_definition_without_an_image_is_none() {
    assert_eq!(workload(&place(), &named("empty", 1).build()), None);
}
