//! GuardDuty's findings in both spellings: `GetFindings` writes `Service`, exports and events write
//! `service`. Refuses to interpret; every field may be absent. Text is borrowed from the document.

use serde::Deserialize;

use super::wire_service::Service;
use crate::aws::Moment;
use crate::json::{Text, nullable};

/// A finding in either spelling.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Finding<'a> {
    #[serde(alias = "AccountId")]
    pub account_id: Text<'a>,
    #[serde(alias = "Region")]
    pub region: Text<'a>,
    #[serde(alias = "Id")]
    pub id: Text<'a>,
    #[serde(rename = "type", alias = "Type")]
    pub kind: Text<'a>,
    #[serde(alias = "Title")]
    pub title: Text<'a>,
    #[serde(alias = "Severity")]
    pub severity: Text<'a>,
    #[serde(alias = "CreatedAt")]
    pub created_at: Moment,
    #[serde(alias = "UpdatedAt")]
    pub updated_at: Moment,
    #[serde(alias = "Resource", deserialize_with = "nullable")]
    pub resource: Resource<'a>,
    #[serde(alias = "Service", deserialize_with = "nullable")]
    pub service: Service<'a>,
}

/// What the finding is about.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Resource<'a> {
    #[serde(alias = "ResourceType")]
    pub resource_type: Text<'a>,
    #[serde(alias = "EksClusterDetails", deserialize_with = "nullable")]
    pub eks_cluster_details: Cluster<'a>,
    #[serde(alias = "EcsClusterDetails", deserialize_with = "nullable")]
    pub ecs_cluster_details: EcsCluster<'a>,
    #[serde(alias = "KubernetesDetails", deserialize_with = "nullable")]
    pub kubernetes_details: Kubernetes<'a>,
    #[serde(alias = "ContainerDetails")]
    pub container_details: Option<Container<'a>>,
    #[serde(alias = "InstanceDetails", deserialize_with = "nullable")]
    pub instance_details: Instance<'a>,
}

/// An EKS cluster.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Cluster<'a> {
    #[serde(alias = "Name")]
    pub name: Text<'a>,
    #[serde(alias = "Arn")]
    pub arn: Text<'a>,
}

/// An ECS cluster with the task in it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct EcsCluster<'a> {
    #[serde(alias = "Name")]
    pub name: Text<'a>,
    #[serde(alias = "Arn")]
    pub arn: Text<'a>,
    #[serde(alias = "TaskDetails", deserialize_with = "nullable")]
    pub task_details: Task<'a>,
}

/// A task of ECS.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Task<'a> {
    #[serde(alias = "Arn")]
    pub arn: Text<'a>,
    #[serde(alias = "Group")]
    pub group: Text<'a>,
    #[serde(alias = "Containers", deserialize_with = "nullable")]
    pub containers: Vec<Container<'a>>,
}

/// What Kubernetes calls it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Kubernetes<'a> {
    #[serde(alias = "KubernetesWorkloadDetails", deserialize_with = "nullable")]
    pub kubernetes_workload_details: Workload<'a>,
}

/// A workload of Kubernetes.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Workload<'a> {
    #[serde(alias = "Name")]
    pub name: Text<'a>,
    #[serde(rename = "type", alias = "Type", alias = "KubernetesResourcesTypes")]
    pub kind: Text<'a>,
    #[serde(alias = "Namespace")]
    pub namespace: Text<'a>,
    #[serde(alias = "Containers", deserialize_with = "nullable")]
    pub containers: Vec<Container<'a>>,
}

/// A container.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Container<'a> {
    #[serde(alias = "Id")]
    pub id: Text<'a>,
    #[serde(alias = "Name")]
    pub name: Text<'a>,
    #[serde(alias = "Image")]
    pub image: Text<'a>,
}

/// A machine.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
pub(super) struct Instance<'a> {
    #[serde(alias = "InstanceId")]
    pub instance_id: Text<'a>,
}

/// The answer of `ListFindings`, which names findings and says nothing of them.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Ids<'a> {
    #[serde(rename = "FindingIds", alias = "findingIds", deserialize_with = "nullable")]
    pub ids: Vec<Text<'a>>,
}
