//! EKS clusters with the end of their version's support. Refuses an end of support for a version that
//! AWS does not list.

use std::collections::BTreeMap;

use aws_sdk_eks::types::{Cluster as Described, ClusterVersionInformation, Logging, SupportType};
use chrono::{DateTime, Utc};
use domain::cluster::Cluster;

use crate::aws::place::{Place, moment};

/// When standard and extended support of a version end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Support {
    standard: Option<DateTime<Utc>>,
    extended: Option<DateTime<Utc>>,
}

/// Ends of support by version.
pub(super) fn support(versions: &[ClusterVersionInformation]) -> BTreeMap<String, Support> {
    let ends = |version: &ClusterVersionInformation| Support {
        standard: version.end_of_standard_support_date().and_then(moment),
        extended: version.end_of_extended_support_date().and_then(moment),
    };
    versions
        .iter()
        .filter_map(|version| Some((version.cluster_version()?.to_owned(), ends(version))))
        .collect()
}

/// A cluster as EKS describes it.
pub(super) fn cluster(place: &Place, described: &Described, support: &BTreeMap<String, Support>) -> Cluster {
    let endpoint = described.resources_vpc_config();
    let public = endpoint.map(|endpoint| endpoint.endpoint_public_access());
    let networks = endpoint.map(|endpoint| endpoint.public_access_cidrs()).unwrap_or_default();
    Cluster {
        name: place.cluster("eks", described.name().unwrap_or_default()),
        kind: "eks".to_owned(),
        account: Some(place.account.clone()),
        region: Some(place.region.clone()),
        version: described.version().map(str::to_owned),
        support_ends_at: described.version().and_then(|version| end(described, support.get(version)?)),
        public_endpoint: public,
        allowed_networks: networks.iter().filter(|_| public == Some(true)).cloned().collect(),
        logging: described.logging().map(logging),
        secrets_encryption: secrets(described),
        created_at: described.created_at().and_then(moment),
        ..Cluster::default()
    }
}

/// With whose key secrets are encrypted besides Amazon's own, where EKS tells of one.
fn secrets(described: &Described) -> Option<String> {
    let mut keys = described.encryption_config().iter().filter_map(|config| config.provider()?.key_arn());
    keys.next().map(|_| "customer-managed key".to_owned())
}

/// The end of support: a cluster that must not enter extended support ends with the standard one.
fn end(described: &Described, support: &Support) -> Option<DateTime<Utc>> {
    let policy = described.upgrade_policy().and_then(|policy| policy.support_type());
    if policy == Some(&SupportType::Standard) {
        support.standard
    } else {
        support.extended.or(support.standard)
    }
}

/// The kinds of control plane logs that are kept.
fn logging(logging: &Logging) -> Vec<String> {
    let kept = logging.cluster_logging().iter().filter(|setup| setup.enabled() == Some(true));
    let mut kinds: Vec<String> =
        kept.flat_map(|setup| setup.types()).map(|kind| kind.as_str().to_owned()).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}
