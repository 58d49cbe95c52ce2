//! How services of a cluster are called. Refuses to know any of them: the list stands in `mod.rs`.

use super::SERVICES;
use super::client::Ask;
use super::connector::Kubernetes;
use super::resource::Resource;
use crate::Failure;
use crate::service::{self, Vendor};

/// A service, asked cluster by cluster.
pub(super) type Service = service::Service<Kubernetes>;
/// A call that shows whether a permission is granted.
pub(super) type Probe = service::Probe<Kubernetes>;

impl Vendor for Kubernetes {
    type Ask<'a> = Ask<'a>;
    type Places = ();
    const SERVICES: &'static [Service] = SERVICES;
}

/// A probe that lists one object.
macro_rules! lists {
    ($resource:expr) => {
        Probe {
            action: $resource.action,
            attempt: |ask| Box::pin(crate::kubernetes::service::listed(ask, &$resource)),
        }
    };
}
pub(super) use lists;

/// Lists one object.
pub(super) async fn listed(ask: &Ask<'_>, resource: &Resource<'_>) -> Result<(), Failure> {
    ask.probe(resource).await
}
