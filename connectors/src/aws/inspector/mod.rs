//! Stub.
use domain::source::Completeness;
use futures_util::future::BoxFuture;

use super::Ask;
use super::service::{Regions, Service};
use crate::{Failure, Sink};

/// How Inspector's reports name their tool.
pub(super) const TOOL: &str = "aws-inspector";

/// See the module.
pub(super) const SERVICE: Service =
    Service { name: "inspector", regions: Regions::Every, permissions: &[], collect, probes: &[] };

fn collect<'a>(_ask: &'a Ask<'a>, _sink: &'a Sink) -> BoxFuture<'a, Result<Completeness, Failure>> {
    Box::pin(async move { Ok(Completeness::Partial("not asked yet".to_owned())) })
}
