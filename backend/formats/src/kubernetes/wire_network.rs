//! Nodes, services, ingresses and gateway routes, named as the API names them.
//! Refuses nothing but wrong types: every field may be absent or null.

use serde::Deserialize;

use super::wire::Map;
use crate::json::{Number, Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NodeSpec<'a> {
    #[serde(borrow, rename = "providerID")]
    pub(super) provider_id: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct NodeStatus<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) node_info: NodeInfo<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) addresses: Vec<NodeAddress<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) images: Vec<NodeImage<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct NodeInfo<'a> {
    #[serde(borrow)]
    pub(super) os_image: Text<'a>,
    #[serde(borrow)]
    pub(super) kernel_version: Text<'a>,
    #[serde(borrow)]
    pub(super) container_runtime_version: Text<'a>,
    #[serde(borrow)]
    pub(super) kubelet_version: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NodeAddress<'a> {
    #[serde(borrow)]
    pub(super) r#type: Text<'a>,
    #[serde(borrow)]
    pub(super) address: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NodeImage<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) names: Vec<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ServiceSpec<'a> {
    #[serde(borrow)]
    pub(super) r#type: Text<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) selector: Map<'a>,
    #[serde(borrow, rename = "clusterIP")]
    pub(super) cluster_ip: Text<'a>,
    #[serde(borrow, rename = "externalIPs", deserialize_with = "nullable")]
    pub(super) external_ips: Vec<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) load_balancer_source_ranges: Vec<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) ports: Vec<ServicePort<'a>>,
    #[serde(borrow)]
    pub(super) external_traffic_policy: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ServicePort<'a> {
    #[serde(borrow)]
    pub(super) protocol: Text<'a>,
    pub(super) port: Number,
    /// A number, or the name that containers give it.
    #[serde(borrow)]
    pub(super) target_port: Text<'a>,
    pub(super) node_port: Number,
}

/// Status of a service or an ingress.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct BalancedStatus<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) load_balancer: LoadBalancer<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LoadBalancer<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) ingress: Vec<Point<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Point<'a> {
    #[serde(borrow)]
    pub(super) ip: Text<'a>,
    #[serde(borrow)]
    pub(super) hostname: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct IngressSpec<'a> {
    #[serde(borrow)]
    pub(super) ingress_class_name: Text<'a>,
    #[serde(borrow, alias = "backend")]
    pub(super) default_backend: Option<Backend<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) rules: Vec<IngressRule<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct IngressRule<'a> {
    #[serde(borrow)]
    pub(super) host: Text<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) http: IngressPaths<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct IngressPaths<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) paths: Vec<IngressPath<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct IngressPath<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) backend: Backend<'a>,
}

/// A service, as `networking.k8s.io/v1` names it or as the versions before did.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Backend<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) service: BackendService<'a>,
    #[serde(borrow)]
    pub(super) service_name: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BackendService<'a> {
    #[serde(borrow)]
    pub(super) name: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct GatewaySpec<'a> {
    #[serde(borrow)]
    pub(super) gateway_class_name: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct GatewayStatus<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) addresses: Vec<GatewayAddress<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct GatewayAddress<'a> {
    #[serde(borrow)]
    pub(super) value: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct RouteSpec<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) parent_refs: Vec<RouteReference<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) hostnames: Vec<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) rules: Vec<RouteRule<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct RouteRule<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) backend_refs: Vec<RouteReference<'a>>,
}

/// A gateway or a service that a route names; no kind means the usual one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RouteReference<'a> {
    #[serde(borrow)]
    pub(super) kind: Text<'a>,
    #[serde(borrow)]
    pub(super) namespace: Text<'a>,
    #[serde(borrow)]
    pub(super) name: Text<'a>,
}
