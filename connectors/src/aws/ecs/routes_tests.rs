//! From where services can be reached, by what was read and what was not. Refuses the network.

use std::collections::BTreeMap;

use aws_sdk_ecs::types::{
    AssignPublicIp, AwsVpcConfiguration, Container, ContainerDefinition, LaunchType, LoadBalancer,
    NetworkBinding, NetworkConfiguration, NetworkMode, PortMapping, Service, Task,
};
use domain::exposure::{Exposure, Reach};

use super::routes::{Around, of_family, of_service};
use super::tests::{Cluster, arn, attached, definition, task};
use crate::aws::ec2::{Group, Interface, Network, Rule};
use crate::aws::elb::Front;

fn network(allowed: &str) -> Network {
    let rule = Rule { protocol: "-1".to_owned(), networks: vec![allowed.to_owned()], ..Rule::default() };
    let interface = |id: &str, address: Option<&str>, instance: Option<&str>| {
        let interface = Interface {
            id: id.to_owned(),
            public_address: address.map(str::to_owned),
            groups: vec!["sg-1".to_owned()],
            instance: instance.map(str::to_owned),
        };
        (id.to_owned(), interface)
    };
    Network {
        interfaces: BTreeMap::from([
            interface("eni-public", Some("203.0.113.7"), None),
            interface("eni-private", None, None),
            interface("eni-machine", Some("203.0.113.9"), Some("i-1")),
        ]),
        groups: [("sg-1".to_owned(), Group { id: "sg-1".to_owned(), ingress: vec![rule] })].into(),
    }
}

fn service(assign: Option<AssignPublicIp>, groups: &[&str]) -> Service {
    let vpc = AwsVpcConfiguration::builder()
        .subnets("subnet-1")
        .security_groups("sg-1")
        .set_assign_public_ip(assign)
        .build()
        .unwrap();
    let balancers = groups.iter().map(|group| LoadBalancer::builder().target_group_arn(*group).build());
    Service::builder()
        .service_name("web")
        .task_definition(arn("task-definition", "web:7"))
        .network_configuration(NetworkConfiguration::builder().awsvpc_configuration(vpc).build())
        .set_load_balancers(Some(balancers.collect()))
        .build()
}

fn on_fargate(interface: &str) -> Task {
    let mut found = task("service:web", "web:7", Vec::new());
    found.attachments = Some(vec![attached(interface)]);
    found
}

fn cluster(mode: NetworkMode, ports: bool) -> Cluster {
    let mut container = ContainerDefinition::builder().name("main");
    if ports {
        container = container.port_mappings(PortMapping::builder().container_port(80).build());
    }
    let mut definition = definition("web:7", vec![container.build()]);
    definition.network_mode = Some(mode);
    Cluster::new(vec![definition])
}

fn check(routes: &[Exposure], expected: &[(&str, &str, Reach, &str)]) {
    let told: Vec<_> = routes
        .iter()
        .map(|route| (route.kind.as_str(), route.name.as_str(), route.reach, route.evidence.as_str()))
        .collect();
    assert_eq!(told, expected);
}

fn alone(service: &Service, tasks: &[Task], network: Option<&Network>, reach: Reach, evidence: &str) {
    let cluster = cluster(NetworkMode::Awsvpc, true);
    let fronts = BTreeMap::new();
    let tasks: Vec<&Task> = tasks.iter().collect();
    let routes = of_service(&cluster.known(), service, &tasks, Around { fronts: Some(&fronts), network });
    check(&routes, &[("Network", "web", reach, evidence)]);
    assert_eq!(routes[0].selector["aws:ecs:serviceName"], "web");
    assert_eq!(routes[0].cluster.as_deref(), Some("prod (ecs 111122223333 eu-west-1)"));
}

#[test]
fn a_public_address_is_as_open_as_its_security_groups() {
    let public = service(Some(AssignPublicIp::Enabled), &[]);
    let tasks = [on_fargate("eni-private"), on_fargate("eni-public")];
    alone(
        &public,
        &tasks,
        Some(&network("0.0.0.0/0")),
        Reach::Internet,
        "public address 203.0.113.7, security group lets anyone in on every port",
    );
    alone(
        &public,
        &tasks,
        Some(&network("198.51.100.0/24")),
        Reach::Restricted,
        "public address 203.0.113.7, security group lets in 198.51.100.0/24 only",
    );
    alone(
        &public,
        &[],
        Some(&network("0.0.0.0/0")),
        Reach::Internet,
        "public address assigned, security group lets anyone in on every port",
    );
    alone(&public, &tasks, None, Reach::Internet, "public address assigned, security groups not read");
}

#[test]
fn without_a_public_address_a_service_is_internal() {
    let private = service(Some(AssignPublicIp::Disabled), &[]);
    let tasks = [on_fargate("eni-private")];
    let evidence = "its network interfaces have no public address";
    alone(&private, &tasks, Some(&network("0.0.0.0/0")), Reach::Internal, evidence);
    alone(&private, &tasks, None, Reach::Internal, "no public address is assigned");
    alone(&private, &[], Some(&network("0.0.0.0/0")), Reach::Internal, "no public address is assigned");
}

#[test]
fn standalone_tasks_are_judged_by_their_interfaces_alone() {
    let cluster = cluster(NetworkMode::Awsvpc, true);
    let check = |tasks: &[Task], network: Option<&Network>, reach: Reach, evidence: &str| {
        let tasks: Vec<&Task> = tasks.iter().collect();
        let found = of_family(&cluster.known(), "web", &tasks, Around { fronts: None, network });
        assert_eq!((found.reach, found.evidence.as_str()), (reach, evidence));
    };
    check(&[on_fargate("eni-private")], None, Reach::Unknown, "its network interfaces were not read");
    check(
        &[on_fargate("eni-public"), on_fargate("eni-new")],
        Some(&network("10.0.0.0/8")),
        Reach::Internal,
        "public address 203.0.113.7, security group lets in 10.0.0.0/8 only",
    );
    check(
        &[on_fargate("eni-private"), on_fargate("eni-new")],
        Some(&network("10.0.0.0/8")),
        Reach::Internal,
        "its network interfaces have no public address",
    );
    check(
        &[on_fargate("eni-new")],
        Some(&network("10.0.0.0/8")),
        Reach::Unknown,
        "its network interfaces were not read",
    );
}

#[test]
fn load_balancers_are_routes_of_their_own() {
    let front = |balancer: &str, reach| Front {
        balancer: balancer.to_owned(),
        reach,
        evidence: "because".to_owned(),
    };
    let fronts = BTreeMap::from([
        ("arn:one".to_owned(), vec![front("inner", Reach::Internal), front("outer", Reach::Internal)]),
        ("arn:two".to_owned(), vec![front("outer", Reach::Internet)]),
    ]);
    let cluster = cluster(NetworkMode::Awsvpc, true);
    let around = Around { fronts: Some(&fronts), network: None };
    let described = service(None, &["arn:one", "arn:two", "arn:three"]);
    check(
        &of_service(&cluster.known(), &described, &[], around),
        &[
            ("Network", "web", Reach::Internal, "no public address is assigned"),
            ("LoadBalancer", "inner to web", Reach::Internal, "because"),
            ("LoadBalancer", "outer to web", Reach::Internet, "because"),
        ],
    );
}

#[test]
fn a_load_balancer_that_was_not_read_is_unknown() {
    let cluster = cluster(NetworkMode::Awsvpc, true);
    let mut described = service(None, &["arn:one"]);
    let classic = LoadBalancer::builder().load_balancer_name("old").build();
    described.load_balancers.as_mut().unwrap().push(classic);
    check(
        &of_service(&cluster.known(), &described, &[], Around { fronts: None, network: None }),
        &[
            ("Network", "web", Reach::Internal, "no public address is assigned"),
            (
                "LoadBalancer",
                "load balancer to web",
                Reach::Unknown,
                "it is behind a load balancer that was not read",
            ),
            ("LoadBalancer", "old to web", Reach::Unknown, "a classic load balancer, which is not read"),
        ],
    );
}

#[test]
fn tasks_on_machines_are_as_open_as_those() {
    let mut standing = task("service:web", "web:7", Vec::new());
    standing.launch_type = Some(LaunchType::Ec2);
    standing.container_instance_arn = Some(arn("container-instance", "prod/1"));
    let mut bound = standing.clone();
    let binding = NetworkBinding::builder().container_port(80).host_port(32_768).build();
    bound.containers = Some(vec![Container::builder().name("main").network_bindings(binding).build()]);
    let open = network("0.0.0.0/0");
    let on = "public address 203.0.113.9, security group lets anyone in on every port";
    for (mode, ports, task, network, reach, evidence) in [
        (
            NetworkMode::Host,
            false,
            &standing,
            Some(&open),
            Reach::Internet,
            format!("it shares the network of its machines: {on}"),
        ),
        (
            NetworkMode::Bridge,
            false,
            &bound,
            Some(&open),
            Reach::Internet,
            format!("it opens ports on its machines: {on}"),
        ),
        (
            NetworkMode::Bridge,
            true,
            &standing,
            None,
            Reach::Unknown,
            "it opens ports on its machines, whose addresses were not read".to_owned(),
        ),
        (
            NetworkMode::Bridge,
            false,
            &standing,
            Some(&open),
            Reach::Internal,
            "it opens no port on its machines".to_owned(),
        ),
        (NetworkMode::None, false, &standing, Some(&open), Reach::Isolated, "it has no network".to_owned()),
    ] {
        let found =
            of_family(&cluster(mode, ports).known(), "web", &[task], Around { fronts: None, network });
        assert_eq!((found.reach, found.evidence), (reach, evidence));
    }
    let away = Network::default();
    let around = Around { fronts: None, network: Some(&away) };
    let found = of_family(&cluster(NetworkMode::Host, false).known(), "web", &[&standing], around);
    assert_eq!(found.evidence, "it shares the network of its machines, which have no public address");
}

#[test]
fn a_definition_that_was_not_read_leaves_reach_unknown() {
    let cluster = Cluster::new(Vec::new());
    let around = Around { fronts: None, network: None };
    let found = of_family(&cluster.known(), "web", &[&on_fargate("eni-public")], around);
    assert_eq!((found.reach, found.evidence.as_str()), (Reach::Unknown, "its task definition was not read"));
}
