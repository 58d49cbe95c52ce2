//! Network policies, named as the API names them. Refuses nothing but wrong types: every field may be absent or null.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::wire::Map;
use crate::json::{Number, Text, nullable};

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PolicySpec<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) pod_selector: Selector<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) policy_types: Vec<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) ingress: Vec<IngressRule<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Selector<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) match_labels: Map<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) match_expressions: Vec<Expression<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Expression<'a> {
    #[serde(borrow)]
    pub(super) key: Text<'a>,
    #[serde(borrow)]
    pub(super) operator: Text<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) values: Vec<Text<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct IngressRule<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) from: Vec<Peer<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) ports: Vec<PolicyPort<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Peer<'a> {
    pub(super) pod_selector: Option<IgnoredAny>,
    pub(super) namespace_selector: Option<IgnoredAny>,
    #[serde(borrow)]
    pub(super) ip_block: Option<Block<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Block<'a> {
    #[serde(borrow)]
    pub(super) cidr: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PolicyPort<'a> {
    #[serde(borrow)]
    pub(super) protocol: Text<'a>,
    #[serde(borrow)]
    pub(super) port: Text<'a>,
    pub(super) end_port: Number,
}
