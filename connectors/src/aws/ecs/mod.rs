//! ECS: clusters, services, standalone tasks with the digest that each container runs, and the machines under
//! them. Refuses to take a task definition for what runs: digests come from running tasks alone.

mod collect;
mod launch;
mod machines;
mod routes;
#[cfg(test)]
mod routes_tests;
mod security;
#[cfg(test)]
mod tests;
mod workloads;

use domain::source::Permission;

use crate::aws::ec2;
use crate::aws::listing::probe;
use crate::aws::service::{Probe, Regions, Service};
use launch::Launch;
pub(in crate::aws) use security::user;

/// An ARN that belongs to nobody, for probes.
const NOBODY: &str = "0123456789abcdef0123456789abcdef";

/// ECS, with the load balancers and interfaces before what it runs.
pub(in crate::aws) const SERVICE: Service = Service {
    name: "ecs",
    places: Regions::Every,
    permissions: PERMISSIONS,
    collect: |ask, sink| Box::pin(collect::collect(ask, sink)),
    probes: PROBES,
};

const PROBES: &[Probe] = &[
    probe!("ecs:ListClusters", aws_sdk_ecs, |client| client.list_clusters().max_results(1)),
    probe!("ecs:DescribeClusters", aws_sdk_ecs, |client| client.describe_clusters()),
    probe!("ecs:ListServices", aws_sdk_ecs, |client| client.list_services().max_results(1)),
    probe!("ecs:DescribeServices", aws_sdk_ecs, |client| client.describe_services().services(NOBODY)),
    probe!("ecs:ListTasks", aws_sdk_ecs, |client| client.list_tasks().max_results(1)),
    probe!("ecs:DescribeTasks", aws_sdk_ecs, |client| client.describe_tasks().tasks(NOBODY)),
    probe!("ecs:DescribeTaskDefinition", aws_sdk_ecs, |client| {
        client.describe_task_definition().task_definition(NOBODY)
    }),
    probe!("ecs:ListContainerInstances", aws_sdk_ecs, |client| {
        client.list_container_instances().max_results(1)
    }),
    probe!("ecs:DescribeContainerInstances", aws_sdk_ecs, |client| {
        client.describe_container_instances().container_instances(NOBODY)
    }),
    probe!("elasticloadbalancing:DescribeLoadBalancers", aws_sdk_elasticloadbalancingv2, |client| {
        client.describe_load_balancers().page_size(1)
    }),
    probe!("elasticloadbalancing:DescribeTargetGroups", aws_sdk_elasticloadbalancingv2, |client| {
        client.describe_target_groups().page_size(1)
    }),
    probe!("elasticloadbalancing:DescribeListeners", aws_sdk_elasticloadbalancingv2, |client| {
        client.describe_listeners().listener_arns(NOBODY)
    }),
    probe!("elasticloadbalancing:DescribeRules", aws_sdk_elasticloadbalancingv2, |client| {
        client.describe_rules().rule_arns(NOBODY)
    }),
    Probe {
        action: "ec2:DescribeNetworkInterfaces",
        attempt: |ask| Box::pin(ec2::attempt(ask, "ec2:DescribeNetworkInterfaces")),
    },
    Probe {
        action: "ec2:DescribeSecurityGroups",
        attempt: |ask| Box::pin(ec2::attempt(ask, "ec2:DescribeSecurityGroups")),
    },
];

const PERMISSIONS: &[Permission] = &[
    Permission { action: "ecs:ListClusters", why: "to find clusters" },
    Permission { action: "ecs:DescribeClusters", why: "to read their names" },
    Permission { action: "ecs:ListServices", why: "to find services" },
    Permission {
        action: "ecs:DescribeServices",
        why: "to read what a service wants and what stands before it",
    },
    Permission { action: "ecs:ListTasks", why: "to find what runs" },
    Permission { action: "ecs:DescribeTasks", why: "to read the digest that each container runs" },
    Permission { action: "ecs:DescribeTaskDefinition", why: "to read what containers may do" },
    Permission { action: "ecs:ListContainerInstances", why: "to find the machines of a cluster" },
    Permission { action: "ecs:DescribeContainerInstances", why: "to read their agent and image" },
    Permission {
        action: "ec2:DescribeNetworkInterfaces",
        why: "to know which tasks and machines have an address on the internet; without it settings alone speak",
    },
    Permission {
        action: "ec2:DescribeSecurityGroups",
        why: "to know who is let in; without it everything with a public address counts as open to the internet",
    },
    Permission {
        action: "elasticloadbalancing:DescribeLoadBalancers",
        why: "to know which stand on the internet; without it what is behind one has an unknown reach",
    },
    Permission { action: "elasticloadbalancing:DescribeTargetGroups", why: "to know what they lead to" },
    Permission {
        action: "elasticloadbalancing:DescribeListeners",
        why: "to know their ports, and who must sign in first",
    },
    Permission { action: "elasticloadbalancing:DescribeRules", why: "to know which rule leads where" },
];
