//! The calls to EKS. Refuses to leave a cluster out for what is missing of it.

use aws_sdk_eks::Client;
use domain::cluster::Cluster;
use domain::observation::Observation;
use domain::source::Completeness;
use futures_util::{StreamExt, stream};

use super::clusters::{cluster, support};
use super::groups;
use crate::aws::Ask;
use crate::missing::Missing;
use crate::{Failure, Sink};

/// Clusters described at once.
pub(super) const AT_ONCE: usize = 8;
/// What describing a cluster takes.
pub(super) const DESCRIBE: &str = "eks:DescribeCluster";

/// Collects the clusters of a region.
///
/// # Errors
/// When the clusters cannot be listed.
pub(super) async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    const VERSIONS: &str = "eks:DescribeClusterVersions";
    let (place, mut missing) = (&ask.place, Missing::default());
    let client = &Client::new(&ask.sdk);
    let names = names(ask, client).await?;
    if names.is_empty() {
        return Ok(Completeness::Complete);
    }
    let versions = ask.list(VERSIONS, |token| async move {
        let call = || {
            let request = client.describe_cluster_versions().include_all(true);
            request.set_next_token(token.clone()).send()
        };
        let page = ask.call(VERSIONS, call).await?;
        Ok((page.cluster_versions.unwrap_or_default(), page.next_token))
    });
    let support = support(&missing.without(versions.await)?.unwrap_or_default());
    let described = stream::iter(names).map(|name| async move {
        let answer = ask.call(DESCRIBE, || client.describe_cluster().name(&name).send()).await;
        (answer, groups::collect(ask, client, &name).await)
    });
    let mut described = described.buffered(AT_ONCE);
    while let Some((answer, groups)) = described.next().await {
        let node_groups = missing.without(groups)?;
        if let Some(found) = missing.without(answer)?.and_then(|answer| answer.cluster) {
            let found = Cluster { node_groups, ..cluster(place, &found, &support) };
            sink.observe(Observation::Cluster(found)).await?;
        }
    }
    Ok(missing.completeness())
}

/// The names of the clusters of a region.
///
/// # Errors
/// When they cannot be listed.
pub(super) async fn names(ask: &Ask<'_>, client: &Client) -> Result<Vec<String>, Failure> {
    const ACTION: &str = "eks:ListClusters";
    let names = ask.list(ACTION, |token| async move {
        let page = ask.call(ACTION, || client.list_clusters().set_next_token(token.clone()).send()).await?;
        Ok((page.clusters.unwrap_or_default(), page.next_token))
    });
    names.await
}
