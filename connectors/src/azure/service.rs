//! What a product of Azure is to this connector: its scope, what it must be allowed, how it is asked. Refuses to
//! know any of them: the list stands in `mod.rs`.

use domain::source::{Completeness, Permission};
use futures_util::future::BoxFuture;

use super::ask::Ask;
use crate::{Failure, Sink};

/// A product, asked subscription by subscription.
#[derive(Clone, Copy, Debug)]
pub(super) struct Service {
    /// Its word in scopes and settings.
    pub(super) name: &'static str,
    /// Whether what it tells lies in locations; what does not is asked once for all.
    pub(super) located: bool,
    /// What asking it takes; an action stands with one product only, even if several need it.
    pub(super) permissions: &'static [Permission],
    /// Hands what it shows to the sink.
    pub(super) collect: for<'a> fn(&'a Ask<'a>, &'a Sink) -> BoxFuture<'a, Result<Completeness, Failure>>,
    /// Calls that show whether its permissions are granted.
    pub(super) probes: &'static [Probe],
}

/// A call that shows whether a permission is granted, changing nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Probe {
    /// The permission.
    pub(super) action: &'static str,
    /// The call. Any answer but a denial shows that it is granted: what it asks for need not exist.
    pub(super) attempt: for<'a> fn(&'a Ask<'a>) -> BoxFuture<'a, Result<(), Failure>>,
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

/// How many permissions these products and the plan take together.
pub(super) const fn count(plan: &[Permission], services: &[Service]) -> usize {
    let (mut sum, mut at) = (plan.len(), 0);
    while at < services.len() {
        sum += services[at].permissions.len();
        at += 1;
    }
    sum
}

/// The permissions of the plan and of these products in one list.
pub(super) const fn joined<const N: usize>(plan: &[Permission], services: &[Service]) -> [Permission; N] {
    let mut all = [Permission { action: "", why: "" }; N];
    let (mut filled, mut at) = (0, 0);
    while at < plan.len() {
        all[filled] = plan[at];
        (filled, at) = (filled + 1, at + 1);
    }
    let mut service = 0;
    while service < services.len() {
        at = 0;
        while at < services[service].permissions.len() {
            all[filled] = services[service].permissions[at];
            (filled, at) = (filled + 1, at + 1);
        }
        service += 1;
    }
    all
}
