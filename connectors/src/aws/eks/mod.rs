//! EKS: clusters with version, support, endpoint and logging, and their node groups. Refuses workloads: they
//! come from the cluster itself.

mod clusters;
mod collect;
mod doors;
mod groups;
#[cfg(test)]
mod tests;
mod token;

use domain::source::Permission;

use crate::aws::listing::probe;
use crate::aws::service::{Regions, Service};
pub(crate) use doors::cloud;
#[cfg(feature = "test-support")]
pub(crate) use doors::cloud_with_key;

/// EKS.
pub(in crate::aws) const SERVICE: Service = Service {
    name: "eks",
    places: Regions::Every,
    permissions: PERMISSIONS,
    collect: |ask, sink| Box::pin(collect::collect(ask, sink)),
    probes: &[
        probe!("eks:ListClusters", aws_sdk_eks, |client| client.list_clusters().max_results(1)),
        probe!("eks:DescribeCluster", aws_sdk_eks, |client| client.describe_cluster().name("plimsoll-probe")),
        probe!("eks:DescribeClusterVersions", aws_sdk_eks, |client| {
            client.describe_cluster_versions().max_results(1)
        }),
        probe!("eks:ListNodegroups", aws_sdk_eks, |client| {
            client.list_nodegroups().cluster_name("plimsoll-probe").max_results(1)
        }),
        probe!("eks:DescribeNodegroup", aws_sdk_eks, |client| {
            client.describe_nodegroup().cluster_name("plimsoll-probe").nodegroup_name("plimsoll-probe")
        }),
    ],
};

const PERMISSIONS: &[Permission] = &[
    Permission { action: "eks:ListClusters", why: "to find clusters" },
    Permission { action: "eks:DescribeCluster", why: "to read version, endpoint and logging" },
    Permission { action: "eks:DescribeClusterVersions", why: "to know when support for a version ends" },
    Permission { action: "eks:ListNodegroups", why: "to find the groups of machines of a cluster" },
    Permission {
        action: "eks:DescribeNodegroup",
        why: "to know their machine image, its age and its faults",
    },
];
