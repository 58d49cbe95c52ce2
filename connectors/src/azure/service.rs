//! Where products of Azure are asked, and how the connector calls them. Refuses to know any of them: the list stands in
//! `mod.rs`.

use super::SERVICES;
use super::ask::Ask;
use super::connector::Azure;
use crate::service::{self, Vendor};

/// A product, asked subscription by subscription.
pub(super) type Service = service::Service<Azure>;
/// A call that shows whether a permission is granted.
pub(super) type Probe = service::Probe<Azure>;

/// Where a product is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Places {
    /// In each location of the settings: what it tells lies in one.
    Located,
    /// Once for all of them.
    Whole,
}

impl Vendor for Azure {
    type Ask<'a> = Ask<'a>;
    type Places = Places;
    const SERVICES: &'static [Service] = SERVICES;
}

/// A probe of a list in the subscription: `lists!("Microsoft.App/jobs/read", "Microsoft.App/jobs", VERSION)`.
macro_rules! lists {
    ($action:literal, $what:literal, $version:expr) => {
        $crate::azure::service::Probe {
            action: $action,
            attempt: |ask| Box::pin(async move { ask.may($action, &ask.below($what), $version).await }),
        }
    };
}
pub(super) use lists;

/// A probe of what lies below a resource, of which there need be none: the manager looks at permissions first.
macro_rules! nowhere {
    ($action:literal, $what:literal, $version:expr) => {
        $crate::azure::service::Probe {
            action: $action,
            attempt: |ask| Box::pin(async move { ask.may($action, &ask.nowhere($what), $version).await }),
        }
    };
}
pub(super) use nowhere;
