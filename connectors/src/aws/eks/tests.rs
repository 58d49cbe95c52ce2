//! Clusters with every kind of endpoint, logging and support. Refuses the network.

use aws_sdk_eks::types::{
    AmiTypes, Cluster as Described, ClusterVersionInformation, Issue, LogSetup, LogType, Logging, Nodegroup,
    NodegroupHealth, NodegroupIssueCode, NodegroupScalingConfig, SupportType, UpgradePolicyResponse,
    VpcConfigResponse,
};
use aws_smithy_types::DateTime;

use super::clusters::{cluster, support};
use super::groups::group;
use crate::aws::place::tests::place;

fn versions() -> Vec<ClusterVersionInformation> {
    vec![
        ClusterVersionInformation::builder()
            .cluster_version("1.33")
            .end_of_standard_support_date(DateTime::from_secs(1_785_283_200))
            .end_of_extended_support_date(DateTime::from_secs(1_816_819_200))
            .build(),
    ]
}

fn described(public: bool) -> Described {
    let endpoint = VpcConfigResponse::builder()
        .endpoint_public_access(public)
        .public_access_cidrs("198.51.100.0/24")
        .build();
    let kept = LogSetup::builder().types(LogType::Audit).types(LogType::Api).enabled(true).build();
    let lost = LogSetup::builder().types(LogType::Scheduler).enabled(false).build();
    Described::builder()
        .name("shop")
        .version("1.33")
        .created_at(DateTime::from_secs(1_700_000_000))
        .resources_vpc_config(endpoint)
        .logging(Logging::builder().cluster_logging(kept).cluster_logging(lost).build())
        .build()
}

#[test]
fn a_public_cluster_with_its_allow_list() {
    let found = cluster(&place(), &described(true), &support(&versions()));
    assert_eq!(found.name, "shop (eks 111122223333 eu-west-1)");
    assert_eq!(found.public_endpoint, Some(true));
    assert_eq!(found.allowed_networks, ["198.51.100.0/24"]);
    assert_eq!(found.logging, Some(vec!["api".to_owned(), "audit".to_owned()]));
    assert_eq!(found.support_ends_at.map(|end| end.timestamp()), Some(1_816_819_200));
}

#[test]
fn a_private_cluster_allows_no_network_in() {
    let found = cluster(&place(), &described(false), &support(&[]));
    assert_eq!(found.public_endpoint, Some(false));
    assert!(found.allowed_networks.is_empty());
    assert_eq!(found.support_ends_at, None, "the version is not listed");
}

#[test]
fn standard_support_ends_earlier() {
    let mut described = described(true);
    described.upgrade_policy =
        Some(UpgradePolicyResponse::builder().support_type(SupportType::Standard).build());
    let found = cluster(&place(), &described, &support(&versions()));
    assert_eq!(found.support_ends_at.map(|end| end.timestamp()), Some(1_785_283_200));
}

#[test]
fn what_was_not_said_is_not_known() {
    let found = cluster(&place(), &Described::builder().name("bare").build(), &support(&versions()));
    assert_eq!((found.public_endpoint, found.logging, found.version), (None, None, None));
}

#[test]
fn a_node_group_tells_its_image_its_size_and_its_faults() {
    let lost =
        Issue::builder().code(NodegroupIssueCode::AutoScalingGroupNotFound).message("it is gone").build();
    let described = Nodegroup::builder()
        .nodegroup_name("general")
        .version("1.32")
        .release_version("1.32.9-20260101")
        .ami_type(AmiTypes::Al2023X8664Standard)
        .instance_types("m7i.large")
        .scaling_config(NodegroupScalingConfig::builder().min_size(1).desired_size(2).max_size(5).build())
        .health(NodegroupHealth::builder().issues(lost).build())
        .build();
    let found = group(&described);
    assert_eq!((found.name.as_str(), found.version.as_deref()), ("general", Some("1.32")));
    assert_eq!(found.image.as_deref(), Some("AL2023_x86_64_STANDARD"));
    assert_eq!(found.release.as_deref(), Some("1.32.9-20260101"));
    assert_eq!((found.least, found.wanted, found.most), (Some(1), Some(2), Some(5)));
    assert_eq!(found.machines, ["m7i.large"]);
    assert_eq!(found.issues, ["AutoScalingGroupNotFound: it is gone"]);
    let silent = group(&Nodegroup::builder().nodegroup_name("bare").build());
    assert_eq!((silent.image, silent.wanted, silent.issues.len()), (None, None, 0), "not said is not known");
}
