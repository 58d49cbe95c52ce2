//! Google Cloud: registries, what runs, and what Google's own scanner says of it, over some projects, a folder or
//! an organisation. A scope is a project, a location and a service of [`SERVICES`].
//!
//! Refuses to write anything to Google Cloud, and to take a denied call for an empty answer.

mod artifact_analysis;
mod artifact_registry;
mod client;
mod cloud_run;
mod config;
mod connector;
mod exchange;
mod gke;
mod part;
mod place;
mod plan;
mod projects;
mod refusal;
mod request;
mod service;
mod sign_in;

#[cfg(test)]
mod tests;

#[cfg(feature = "test-support")]
pub use connector::build_with_key;
use domain::source::{Permission, SourceKind};
pub(crate) use gke::cloud;
#[cfg(feature = "test-support")]
pub(crate) use gke::cloud_with_key;
use service::Service;

use crate::Descriptor;
use crate::service::{count, joined};

/// Its word in files and in the database.
pub const KIND: &str = "gcp";
/// The provider of its accounts.
const PROVIDER: &str = "gcp";

/// See the module.
pub const DESCRIPTOR: Descriptor = Descriptor {
    about: SourceKind {
        kind: KIND,
        title: "Google Cloud",
        summary: "Registries, running containers and Google's own findings, over projects, folders or an organisation.",
        fields: config::FIELDS,
        permissions: &PERMISSIONS,
        docs: include_str!("README.md"),
    },
    build: connector::build,
};

/// Every service, alphabetical.
const SERVICES: &[Service] = &[
    artifact_analysis::SERVICE,
    artifact_registry::SERVICE,
    artifact_registry::ATTACHED,
    cloud_run::SERVICE,
    gke::SERVICE,
];

/// The permissions of the plan and of every service.
const PERMISSIONS: [Permission; count(projects::PERMISSIONS, SERVICES)] =
    joined(projects::PERMISSIONS, SERVICES);
