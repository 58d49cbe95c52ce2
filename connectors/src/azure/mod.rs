//! Microsoft Azure: registries, what runs, and what Defender for Cloud says of it, over subscriptions, a management
//! group or a tenant. A scope is a subscription, a location where some were named, and a product of [`SERVICES`].
//!
//! Refuses to write anything to Azure, to read a secret, and to take a denied call for an empty answer.

mod aci;
mod acr;
mod aks;
mod ask;
mod client;
mod cloud;
mod config;
mod connector;
mod container_apps;
mod credential;
mod defender;
mod place;
mod plan;
mod refusal;
mod resource_graph;
mod service;
mod tokens;
mod web_apps;
mod wire;

#[cfg(test)]
mod tests;

pub(crate) use aks::cloud;
#[cfg(feature = "test-support")]
pub(crate) use aks::cloud_with_key;
#[cfg(feature = "test-support")]
pub use connector::build_in;
use domain::source::{Permission, SourceKind};
use service::Service;

use crate::Descriptor;
use crate::service::{count, joined};

/// Its word in files and in the database.
pub const KIND: &str = "azure";
/// The provider of its subscriptions.
const PROVIDER: &str = "azure";
/// Its built-in policies, which say how resources should be set up.
const POLICY: &str = "Azure Policy";

/// See the module.
pub const DESCRIPTOR: Descriptor = Descriptor {
    about: SourceKind {
        kind: KIND,
        title: "Microsoft Azure",
        summary: "Registries, running containers and Defender's findings, over subscriptions or a tenant.",
        fields: config::FIELDS,
        permissions: &PERMISSIONS,
        docs: include_str!("README.md"),
    },
    build: connector::build,
};

/// Every product, alphabetical.
const SERVICES: &[Service] = &[
    aci::SERVICE,
    acr::SERVICE,
    acr::ATTACHED,
    aks::SERVICE,
    container_apps::SERVICE,
    defender::SERVICE,
    web_apps::SERVICE,
];

/// What finding subscriptions takes.
const PLAN_PERMISSIONS: &[Permission] = &[
    Permission { action: plan::SUBSCRIPTIONS, why: "to find subscriptions and their names" },
    Permission {
        action: plan::DESCENDANTS,
        why: "to find the subscriptions below a management group; without it they must be listed in the settings",
    },
];

/// The permissions of the plan and of every product.
const PERMISSIONS: [Permission; count(PLAN_PERMISSIONS, SERVICES)] = joined(PLAN_PERMISSIONS, SERVICES);
