//! Nodes: kernel, runtime, account and region. Refuses to take an account from an AWS provider id,
//! which holds none.

use domain::account::Account;
use domain::node::Node;

use super::wire::Metadata;
use super::wire_network::{NodeSpec, NodeStatus};
use super::{address, owners};
use crate::json::Text;
use crate::untrusted::bounded;
use crate::warnings::Warnings;

/// Labels and annotations in which managed clusters write their name.
const CLUSTER: [&str; 3] =
    ["alpha.eksctl.io/cluster-name", "kubernetes.azure.com/cluster", "cluster.x-k8s.io/cluster-name"];
const REGION: [&str; 2] = ["topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region"];

/// One node.
pub(super) fn node(
    metadata: &Metadata<'_>,
    spec: &NodeSpec<'_>,
    status: &NodeStatus<'_>,
    at: &str,
    warnings: &mut Warnings,
) -> Node {
    let info = &status.node_info;
    Node {
        cluster: cluster(metadata),
        name: bounded(&metadata.name, at, warnings),
        account: account(&spec.provider_id),
        region: REGION.iter().find_map(|key| owners::get(metadata, key)).map(str::to_owned),
        os_image: text(&info.os_image),
        kernel: text(&info.kernel_version),
        runtime: text(&info.container_runtime_version),
        kubelet: text(&info.kubelet_version),
        public_address: is_public(status),
        images: images(status),
    }
}

/// The cluster a node says it belongs to.
pub(super) fn cluster(metadata: &Metadata<'_>) -> Option<String> {
    CLUSTER.iter().find_map(|key| owners::get(metadata, key)).map(str::to_owned)
}

/// The account in a provider id: `azure:///subscriptions/<id>/…`, `gce://<project>/<zone>/<name>`. That of AWS,
/// `aws:///<zone>/<instance>`, names none.
fn account(provider_id: &str) -> Option<Account> {
    let (scheme, path) = provider_id.split_once("://")?;
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let (provider, id) = match scheme {
        "azure" => {
            ("azure", parts.find(|part| part.eq_ignore_ascii_case("subscriptions")).and(parts.next())?)
        }
        "gce" => ("gcp", parts.next()?),
        "aws" => ("aws", ""),
        _ => return None,
    };
    Some(Account { provider: provider.to_owned(), id: id.to_owned(), name: None })
}

/// An external address that is not a private one counts even where a support bundle masked it.
fn is_public(status: &NodeStatus<'_>) -> bool {
    status.addresses.iter().any(|found| match &*found.r#type {
        "ExternalIP" => !found.address.is_empty() && !address::is_private(&found.address),
        "InternalIP" => address::is_public_ip(&found.address),
        _ => false,
    })
}

fn images(status: &NodeStatus<'_>) -> Vec<Vec<String>> {
    let names = |names: &[Text<'_>]| {
        let named = names.iter().filter(|name| !name.is_empty() && !name.starts_with("<none>"));
        named.map(|name| name.to_string()).collect::<Vec<_>>()
    };
    status.images.iter().map(|image| names(&image.names)).filter(|names| !names.is_empty()).collect()
}

fn text(text: &Text<'_>) -> Option<String> {
    text.filled().map(str::to_owned)
}
