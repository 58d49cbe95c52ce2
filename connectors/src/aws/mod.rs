//! Amazon Web Services: registries, what runs, and what AWS's own scanners say of it, over one account or an
//! organisation. A scope is an account, a region and a service of [`SERVICES`].
//!
//! Refuses to write anything to AWS, and to take a denied call for an empty answer.

mod apprunner;
mod batch;
mod capture;
mod client;
mod config;
mod connector;
mod download;
mod ec2;
mod ecr;
mod ecrpublic;
mod ecs;
mod eks;
mod elb;
mod guardduty;
mod inspector;
mod lambda;
mod listing;
mod organizations;
mod partition;
mod place;
mod plan;
mod refusal;
mod regions;
mod securityhub;
mod service;
mod sessions;

#[cfg(test)]
mod handbook_tests;
#[cfg(test)]
mod tests;

use client::Ask;
#[cfg(feature = "test-support")]
pub use connector::build_with_key;
use domain::source::{Permission, SourceKind};
pub(crate) use eks::cloud;
#[cfg(feature = "test-support")]
pub(crate) use eks::cloud_with_key;
use service::{Probe, Service};

use crate::Descriptor;
use crate::service::{count, joined};

/// Its word in files and in the database.
pub const KIND: &str = "aws";
/// What people are told of it.
const README: &str = include_str!("README.md");
/// The provider of its accounts.
const PROVIDER: &str = "aws";

/// See the module.
pub const DESCRIPTOR: Descriptor = Descriptor {
    about: SourceKind {
        kind: KIND,
        title: "Amazon Web Services",
        summary: "Registries, running containers and AWS's own findings, over one account or an organisation.",
        fields: config::FIELDS,
        permissions: &PERMISSIONS,
        docs: README,
    },
    build: connector::build,
};

/// Every service, alphabetical.
const SERVICES: &[Service] = &[
    apprunner::SERVICE,
    batch::SERVICE,
    ecr::SERVICE,
    ecr::ATTACHED,
    ecr::FINDINGS,
    ecrpublic::SERVICE,
    ecs::SERVICE,
    eks::SERVICE,
    guardduty::SERVICE,
    inspector::SERVICE,
    lambda::SERVICE,
    securityhub::SERVICE,
];

/// What finding accounts and regions takes.
const PLAN_PERMISSIONS: &[Permission] = &[
    Permission {
        action: "sts:AssumeRole",
        why: "to enter the other accounts; without it only the account of the credentials is seen",
    },
    Permission {
        action: "organizations:ListAccounts",
        why: "to find the accounts of the organisation; without it they must be listed in the settings",
    },
    Permission {
        action: "account:ListRegions",
        why: "to find the enabled regions of an account; without it they must be listed in the settings",
    },
];

/// The permissions of the plan and of every service.
const PERMISSIONS: [Permission; count(PLAN_PERMISSIONS, SERVICES)] = joined(PLAN_PERMISSIONS, SERVICES);
