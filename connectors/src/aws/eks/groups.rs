//! Node groups: which machines a cluster runs on, how old their image is, and what EKS says is wrong with
//! them. Refuses a part of them: where one cannot be read, none is told.

use aws_sdk_eks::Client;
use aws_sdk_eks::types::{Issue, Nodegroup};
use domain::cluster::NodeGroup;
use futures_util::{StreamExt, TryStreamExt, stream};

use crate::Failure;
use crate::aws::Ask;

/// Node groups of one cluster described at once.
const AT_ONCE: usize = 4;

/// The node groups of a cluster, by name.
///
/// # Errors
/// When they cannot be listed, or one of them cannot be read.
pub(super) async fn collect(
    ask: &Ask<'_>,
    client: &Client,
    cluster: &str,
) -> Result<Vec<NodeGroup>, Failure> {
    const LIST: &str = "eks:ListNodegroups";
    const DESCRIBE: &str = "eks:DescribeNodegroup";
    let names = ask.list(LIST, |token| async move {
        let request = || client.list_nodegroups().cluster_name(cluster).set_next_token(token.clone());
        let page = ask.call(LIST, || request().send()).await?;
        Ok((page.nodegroups.unwrap_or_default(), page.next_token))
    });
    let described = stream::iter(names.await?).map(|name| async move {
        let request = || client.describe_nodegroup().cluster_name(cluster).nodegroup_name(&name);
        ask.call(DESCRIBE, || request().send()).await
    });
    let answers: Vec<_> = described.buffered(AT_ONCE).try_collect().await?;
    let mut groups: Vec<NodeGroup> =
        answers.iter().filter_map(|answer| answer.nodegroup()).map(group).collect();
    groups.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(groups)
}

/// A node group as EKS describes it.
pub(super) fn group(described: &Nodegroup) -> NodeGroup {
    let size = described.scaling_config();
    let count = |size: Option<i32>| size.and_then(|size| u32::try_from(size).ok());
    let issues = described.health().map(|health| health.issues()).unwrap_or_default();
    NodeGroup {
        name: described.nodegroup_name().unwrap_or_default().to_owned(),
        image: described.ami_type().map(|kind| kind.as_str().to_owned()),
        release: described.release_version().map(str::to_owned),
        version: described.version().map(str::to_owned),
        machines: described.instance_types().to_vec(),
        least: count(size.and_then(|size| size.min_size())),
        wanted: count(size.and_then(|size| size.desired_size())),
        most: count(size.and_then(|size| size.max_size())),
        issues: issues.iter().map(issue).collect(),
        ..NodeGroup::default()
    }
}

/// What EKS says is wrong: its word, and its sentence where there is one.
fn issue(issue: &Issue) -> String {
    let word = issue.code().map_or("Unknown", |code| code.as_str());
    match issue.message() {
        Some(message) => format!("{word}: {message}"),
        None => word.to_owned(),
    }
}
