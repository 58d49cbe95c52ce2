//! Task definitions, tasks and services of every temperament, hand-made in the shapes of botocore's model.
//! Refuses the network.

use std::collections::BTreeMap;

use aws_sdk_ecs::types::{
    Attachment, Attribute, Container, ContainerCondition, ContainerDefinition, ContainerDependency,
    ContainerInstance, Device, DockerVolumeConfiguration, HostVolumeProperties, KernelCapabilities,
    KeyValuePair, LaunchType, LinuxParameters, LogConfiguration, LogDriver, MountPoint, NetworkMode, PidMode,
    PortMapping, SchedulingStrategy, Secret, Service, Tag, Task, TaskDefinition, VersionInfo, Volume,
    VolumeFrom,
};
use domain::image::DigestRole;
use domain::workload::{Criticality, Workload};

use super::workloads::{Kept, Known, family, family_of_tasks, service};
use super::{Launch, machines, security};
use crate::aws::ec2::{Group, Interface, Network, Rule};
use crate::aws::place::{Place, tests::place};

const REPOSITORY: &str = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web";

pub(super) fn arn(kind: &str, name: &str) -> String {
    format!("arn:aws:ecs:eu-west-1:111122223333:{kind}/{name}")
}

fn digest(digit: char) -> String {
    format!("sha256:{}", digit.to_string().repeat(64))
}

pub(super) fn definition(name: &str, containers: Vec<ContainerDefinition>) -> TaskDefinition {
    TaskDefinition::builder()
        .task_definition_arn(arn("task-definition", name))
        .family(family(Some(name)))
        .task_role_arn("arn:aws:iam::111122223333:role/web")
        .network_mode(NetworkMode::Awsvpc)
        .set_container_definitions(Some(containers))
        .build()
}

fn main_container() -> aws_sdk_ecs::types::builders::ContainerDefinitionBuilder {
    ContainerDefinition::builder().name("main").image(format!("{REPOSITORY}:7"))
}

fn running(name: &str, digit: char, status: &str) -> Container {
    Container::builder()
        .name(name)
        .image(format!("{REPOSITORY}:7"))
        .image_digest(digest(digit))
        .last_status(status)
        .build()
}

pub(super) fn task(group: &str, definition: &str, containers: Vec<Container>) -> Task {
    Task::builder()
        .group(group)
        .task_definition_arn(arn("task-definition", definition))
        .last_status("RUNNING")
        .launch_type(LaunchType::Fargate)
        .set_containers(Some(containers))
        .build()
}

pub(super) struct Cluster {
    pub(super) place: Place,
    pub(super) definitions: BTreeMap<String, TaskDefinition>,
    pub(super) machines: BTreeMap<String, String>,
}

impl Cluster {
    pub(super) fn new(definitions: Vec<TaskDefinition>) -> Self {
        let named = |definition: TaskDefinition| {
            (definition.task_definition_arn().unwrap_or_default().to_owned(), definition)
        };
        Self {
            place: place(),
            definitions: definitions.into_iter().map(named).collect(),
            machines: BTreeMap::from([(arn("container-instance", "prod/1"), "i-1".to_owned())]),
        }
    }

    pub(super) fn known(&self) -> Known<'_> {
        Known {
            place: &self.place,
            cluster: "prod",
            definitions: &self.definitions,
            machines: &self.machines,
        }
    }
}

fn told(workload: &Workload) -> Vec<(String, String, u32)> {
    let short = |container: &domain::workload::Container| {
        let digest = container.digest.as_ref().map(|(_, digest)| digest.to_string()[7..9].to_owned());
        (container.name.clone(), digest.unwrap_or_default(), container.running)
    };
    workload.containers.iter().map(short).collect()
}

fn row(name: &str, digest: &str, running: u32) -> (String, String, u32) {
    (name.to_owned(), digest.to_owned(), running)
}

#[test]
fn a_service_in_the_middle_of_a_rollout() {
    let cluster = Cluster::new(vec![
        definition("web:6", vec![main_container().build()]),
        definition("web:7", vec![main_container().build()]),
    ]);
    let tasks = [
        task("service:web", "web:6", vec![running("main", 'a', "RUNNING")]),
        task("service:web", "web:7", vec![running("main", 'b', "RUNNING")]),
        task("service:web", "web:7", vec![running("main", 'b', "RUNNING")]),
        task("service:web", "web:7", vec![running("main", 'b', "PENDING")]),
    ];
    let described = Service::builder()
        .service_name("web")
        .task_definition(arn("task-definition", "web:7"))
        .desired_count(3)
        .scheduling_strategy(SchedulingStrategy::Replica)
        .tags(Tag::builder().key("team").value("shop").build())
        .tags(Tag::builder().key("criticality").value("critical").build())
        .build();
    let kept = Kept::sort(&tasks);
    let found = service(&cluster.known(), &described, &kept.services["web"]);
    assert_eq!(told(&found), [row("main", "aa", 1), row("main", "bb", 2)]);
    assert_eq!(found.containers[0].digest.as_ref().map(|(role, _)| *role), Some(DigestRole::Repository));
    assert_eq!(found.cluster.as_deref(), Some("prod (ecs 111122223333 eu-west-1)"));
    assert_eq!((found.kind.as_str(), found.name.as_str(), found.replicas), ("EcsService", "web", Some(3)));
    assert_eq!(found.owner.as_deref(), Some("shop"));
    assert_eq!(found.criticality, Some(Criticality::Critical));
    assert_eq!(found.labels["aws:ecs:serviceName"], "web");
    assert_eq!(found.labels["aws:ecs:taskDefinition"], "web:7");
    assert_eq!(found.labels["aws:ecs:logDrivers"], "none");
    assert_eq!(found.isolation.runtime_class.as_deref(), Some("fargate-microvm"));
    assert_eq!(found.isolation.service_account.as_deref(), Some("web"));
}

#[test]
fn a_service_without_tasks_shows_what_is_asked_for() {
    let cluster = Cluster::new(vec![definition("web:7", vec![main_container().build()])]);
    let described = Service::builder()
        .service_name("web")
        .task_definition(arn("task-definition", "web:7"))
        .launch_type(LaunchType::Ec2)
        .scheduling_strategy(SchedulingStrategy::Daemon)
        .build();
    let found = service(&cluster.known(), &described, &[]);
    assert_eq!(told(&found), [row("main", "", 0)]);
    assert_eq!((found.replicas, found.isolation.runtime_class), (None, None));
}

#[test]
fn standalone_tasks_are_one_workload_a_family() {
    let cluster = Cluster::new(vec![
        definition("job:9", vec![main_container().user("0").build()]),
        definition("job:10", vec![main_container().user("1000:1000").build()]),
    ]);
    let mut stopped = task("family:job", "job:10", vec![running("main", 'c', "RUNNING")]);
    stopped.last_status = Some("STOPPED".to_owned());
    let tasks = [
        task("family:job", "job:9", vec![running("main", 'a', "RUNNING")]),
        task("nightly", "job:10", vec![running("main", 'a', "RUNNING")]),
        stopped,
    ];
    let kept = Kept::sort(&tasks);
    assert_eq!(kept.families.keys().copied().collect::<Vec<_>>(), ["job"]);
    let found = family_of_tasks(&cluster.known(), "job", &kept.families["job"]);
    assert_eq!(told(&found), [row("main", "aa", 2)]);
    assert_eq!((found.kind.as_str(), found.name.as_str()), ("EcsTask", "job"));
    assert_eq!(found.labels["aws:ecs:taskDefinition"], "job:10", "ten is newer than nine");
    assert_eq!(found.labels["aws:ecs:family"], "job");
}

#[test]
fn what_aws_adds_to_tasks_has_one_name() {
    let cluster = Cluster::new(vec![definition("web:7", vec![main_container().build()])]);
    let agents = ["aws-guardduty-agent-1aB2", "aws-guardduty-agent-9zZ8"];
    let tasks = agents.map(|agent| {
        task("service:web", "web:7", vec![running("main", 'a', "RUNNING"), running(agent, 'b', "RUNNING")])
    });
    let found = family_of_tasks(&cluster.known(), "web", &tasks.iter().collect::<Vec<_>>());
    assert_eq!(told(&found), [row("main", "aa", 2), row("aws-guardduty-agent", "bb", 2)]);
}

#[test]
fn a_definition_that_was_not_read_leaves_digests() {
    let cluster = Cluster::new(Vec::new());
    let mut standing = task("service:web", "web:7", vec![running("main", 'a', "RUNNING")]);
    standing.launch_type = Some(LaunchType::Ec2);
    standing.container_instance_arn = Some(arn("container-instance", "prod/1"));
    let found = family_of_tasks(&cluster.known(), "web", &[&standing]);
    assert_eq!(told(&found), [row("main", "aa", 1)]);
    assert_eq!(found.nodes, ["i-1"]);
    assert_eq!(found.containers[0].security, domain::workload::ContainerSecurity::default());
}

#[test]
fn everything_a_container_may_do() {
    let linux = LinuxParameters::builder()
        .capabilities(KernelCapabilities::builder().add("sys_admin").drop("ALL").build())
        .devices(Device::builder().host_path("/dev/fuse").build().unwrap())
        .build();
    let mount =
        |volume: &str, read_only| MountPoint::builder().source_volume(volume).read_only(read_only).build();
    let container = main_container()
        .privileged(true)
        .user("root")
        .readonly_root_filesystem(true)
        .linux_parameters(linux)
        .docker_security_options("no-new-privileges")
        .mount_points(mount("docker", true))
        .mount_points(mount("etc", true))
        .mount_points(mount("scratch", false))
        .mount_points(mount("bound", false))
        .volumes_from(VolumeFrom::builder().source_container("helper").build())
        .secrets(Secret::builder().name("DATABASE_URL").value_from("arn:aws:ssm:x").build().unwrap())
        .environment(KeyValuePair::builder().name("PLAIN").value("x").build())
        .port_mappings(PortMapping::builder().container_port(80).host_port(8080).build())
        .port_mappings(PortMapping::builder().container_port(81).host_port(0).build())
        .log_configuration(LogConfiguration::builder().log_driver(LogDriver::Awslogs).build().unwrap())
        .build();
    let helper = ContainerDefinition::builder()
        .name("helper")
        .mount_points(mount("run", false))
        .volumes_from(VolumeFrom::builder().source_container("main").build())
        .build();
    let host = |name: &str, path: Option<&str>| {
        let host = HostVolumeProperties::builder().set_source_path(path.map(str::to_owned)).build();
        Volume::builder().name(name).host(host).build()
    };
    let bound = DockerVolumeConfiguration::builder()
        .driver_opts("type", "none")
        .driver_opts("o", "ro,bind")
        .driver_opts("device", "/srv")
        .build();
    let mut task = definition("web:7", vec![container, helper]);
    task.network_mode = Some(NetworkMode::Bridge);
    task.pid_mode = Some(PidMode::Host);
    task.volumes = Some(vec![
        host("docker", Some("/var/run/docker.sock")),
        host("etc", Some("/etc")),
        host("scratch", None),
        host("run", Some("/run")),
        Volume::builder().name("bound").docker_volume_configuration(bound).build(),
    ]);
    let found = security::security(&task.container_definitions()[0], &task, Launch::Machine);
    assert!(found.privileged);
    assert_eq!((found.run_as_user, found.run_as_non_root), (Some(0), Some(false)));
    assert_eq!((found.read_only_root, found.allow_privilege_escalation), (Some(true), Some(false)));
    assert_eq!(
        (found.capabilities_added, found.capabilities_dropped),
        (vec!["SYS_ADMIN".to_owned()], vec!["ALL".to_owned()])
    );
    assert_eq!(found.host_paths, ["/dev/fuse", "/run", "/srv", "/var/run/docker.sock"]);
    assert_eq!(found.secret_variables, ["DATABASE_URL"]);
    assert_eq!(found.log_driver.as_deref(), Some("awslogs"));
    let silent = security::security(&task.container_definitions()[1], &task, Launch::Machine);
    assert_eq!(silent.log_driver.as_deref(), Some("none"), "nothing takes its logs");
    assert_eq!(found.host_ports, [8080]);
    assert_eq!(found.seccomp.as_deref(), Some("Unconfined"));
    let isolation = security::isolation(&task, Launch::Machine);
    assert!(isolation.host_pid && !isolation.host_network && !isolation.host_ipc);
    assert_eq!(security::log_drivers(&task), "awslogs,none");
    // On Fargate there is no machine whose paths and ports could be had.
    let found = security::security(&task.container_definitions()[0], &task, Launch::Fargate);
    assert!(found.host_paths.is_empty() && found.host_ports.is_empty());
}

#[test]
fn users_by_number_and_by_name() {
    for (user, expected) in
        [("1000", Some(1000)), ("0:0", Some(0)), ("root", Some(0)), ("app", None), ("", None)]
    {
        assert_eq!(security::user(user), expected, "{user}");
    }
}

#[test]
fn a_container_that_others_wait_for_is_an_init_container() {
    let wait = ContainerDependency::builder()
        .container_name("first")
        .condition(ContainerCondition::Success)
        .build()
        .unwrap();
    let first = ContainerDefinition::builder().name("first").image(REPOSITORY).build();
    let cluster =
        Cluster::new(vec![definition("web:7", vec![main_container().depends_on(wait).build(), first])]);
    let described =
        Service::builder().service_name("web").task_definition(arn("task-definition", "web:7")).build();
    let found = service(&cluster.known(), &described, &[]);
    let init: Vec<bool> = found.containers.iter().map(|container| container.init).collect();
    assert_eq!(init, [false, true]);
}

#[test]
fn a_machine_with_its_agent_and_image() {
    let attribute = |name: &str, value: &str| Attribute::builder().name(name).value(value).build().unwrap();
    let machine = ContainerInstance::builder()
        .container_instance_arn(arn("container-instance", "prod/1"))
        .ec2_instance_id("i-1")
        .version_info(
            VersionInfo::builder().agent_version("1.99.0").docker_version("DockerVersion: 25.0.8").build(),
        )
        .attributes(attribute("ecs.os-type", "linux"))
        .attributes(attribute("ecs.os-family", "LINUX"))
        .attributes(attribute("ecs.ami-id", "ami-0abc"))
        .build();
    let rule = Rule { protocol: "-1".to_owned(), networks: vec!["0.0.0.0/0".to_owned()], ..Rule::default() };
    let network = Network {
        interfaces: [(
            "eni-1".to_owned(),
            Interface {
                id: "eni-1".to_owned(),
                public_address: Some("203.0.113.7".to_owned()),
                groups: vec!["sg-1".to_owned()],
                instance: Some("i-1".to_owned()),
            },
        )]
        .into(),
        groups: [("sg-1".to_owned(), Group { id: "sg-1".to_owned(), ingress: vec![rule] })].into(),
    };
    let found = machines::node(&place(), "prod", &machine, Some(&network));
    assert_eq!(found.name, "i-1");
    assert_eq!(found.os_image.as_deref(), Some("Linux ami-0abc"));
    assert_eq!(found.runtime.as_deref(), Some("docker://25.0.8"));
    assert_eq!(found.kubelet.as_deref(), Some("ecs-agent 1.99.0"));
    assert_eq!(found.kernel, None);
    assert!(found.public_address);
    assert!(!machines::node(&place(), "prod", &machine, None).public_address);
    let elsewhere =
        ContainerInstance::builder().container_instance_arn(arn("container-instance", "prod/77")).build();
    assert_eq!(machines::name(&elsewhere), "77");
}

/// An interface attached to a task.
pub(super) fn attached(id: &str) -> Attachment {
    let detail = KeyValuePair::builder().name("networkInterfaceId").value(id).build();
    Attachment::builder().r#type("ElasticNetworkInterface").details(detail).build()
}
