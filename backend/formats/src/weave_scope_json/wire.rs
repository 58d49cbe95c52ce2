//! A report as Scope's probes write it: how many nodes each topology has. Refuses to look into nodes: nothing of them is
//! used.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::json::{Text, pairs};

/// Topologies by the names that reports give them. What else stands beside them draws them, or says when they were seen.
const TOPOLOGIES: [&str; 24] = [
    "CloudProvider",
    "CloudRegion",
    "Container",
    "ContainerImage",
    "CronJob",
    "DaemonSet",
    "Deployment",
    "ECSService",
    "ECSTask",
    "Endpoint",
    "Host",
    "Job",
    "KubernetesCluster",
    "Namespace",
    "Overlay",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Pod",
    "Process",
    "ReplicaSet",
    "Service",
    "StatefulSet",
    "StorageClass",
    "SwarmService",
];
/// Where Scope puts the nodes of a topology; ThreatMapper puts them into it at once.
const NODES: &str = "nodes";

/// The topologies of a report, each with how many nodes it has.
#[derive(Debug)]
pub(super) struct Report(pub(super) Vec<(&'static str, usize)>);

impl<'de> Deserialize<'de> for Report {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ReportVisitor).map(Report)
    }
}

struct ReportVisitor;

impl<'de> Visitor<'de> for ReportVisitor {
    type Value = Vec<(&'static str, usize)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of topologies")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut topologies = Vec::new();
        while let Some(name) = members.next_key::<Text<'de>>()? {
            if let Some(known) = TOPOLOGIES.into_iter().find(|known| **known == *name) {
                topologies.push((known, members.next_value::<Topology>()?.0));
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(topologies)
    }
}

/// How many nodes a topology has.
#[derive(Clone, Copy, Debug)]
struct Topology(usize);

impl<'de> Deserialize<'de> for Topology {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TopologyVisitor).map(Topology)
    }
}

struct TopologyVisitor;

impl<'de> Visitor<'de> for TopologyVisitor {
    type Value = usize;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a topology")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<usize, A::Error> {
        let (mut within, mut count) = (None, 0_usize);
        while let Some(name) = members.next_key::<Text<'de>>()? {
            if *name == *NODES {
                within = Some(members.next_value::<Nodes>()?.0);
            } else {
                members.next_value::<IgnoredAny>()?;
                count += 1;
            }
        }
        Ok(within.unwrap_or(count))
    }

    fn visit_unit<E>(self) -> Result<usize, E> {
        Ok(0)
    }
}

/// How many members an object of nodes has.
#[derive(Clone, Copy, Debug)]
struct Nodes(usize);

impl<'de> Deserialize<'de> for Nodes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let nodes: Vec<(IgnoredAny, IgnoredAny)> = pairs(deserializer)?;
        Ok(Self(nodes.len()))
    }
}
