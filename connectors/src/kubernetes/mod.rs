//! Kubernetes clusters: nodes, what runs, who can reach it, what decides of admission, and what other tools found, of
//! the cluster this runs in, of contexts of a kubeconfig or of a cloud. A scope is a cluster and a service of
//! [`SERVICES`]. Between two runs a cluster is listened to, where that is wanted.
//!
//! Refuses to change anything in a cluster, to read a secret, and to take a denied list for an empty one.

mod admission;
#[cfg(test)]
mod chart_tests;
mod client;
mod cloud;
mod clusters;
mod config;
mod connector;
mod constraints;
mod events;
mod follow;
mod lists;
mod nodes;
mod papers;
mod plan;
mod policies;
mod refusal;
mod reports;
mod resource;
mod routes;
mod service;
#[cfg(test)]
mod tests;
mod watch;
mod workloads;

#[cfg(feature = "test-support")]
pub use connector::build_with_key;
use domain::source::{Permission, SourceKind};
use service::Service;

use crate::Descriptor;
use crate::service::{count, joined};

/// Its word in files and in the database.
pub const KIND: &str = "kubernetes";

/// See the module.
pub const DESCRIPTOR: Descriptor = Descriptor {
    about: SourceKind {
        kind: KIND,
        title: "Kubernetes",
        summary: "Nodes, workloads, who can reach them and what other tools found, of the cluster this runs in, of a kubeconfig's or of a cloud's.",
        fields: config::FIELDS,
        permissions: &PERMISSIONS,
        docs: include_str!("README.md"),
    },
    build: connector::build,
};

/// Every service, alphabetical.
const SERVICES: &[Service] = &[
    admission::SERVICE,
    nodes::SERVICE,
    policies::SERVICE,
    reports::SERVICE,
    routes::SERVICE,
    workloads::SERVICE,
];

/// The permissions of every service, after those that following takes.
const PERMISSIONS: [Permission; count(follow::PERMISSIONS, SERVICES)] = joined(follow::PERMISSIONS, SERVICES);
