//! AWS Batch: job definitions, asked for and not observed running. Refuses jobs: they show where they run.

mod collect;
mod definitions;
#[cfg(test)]
mod tests;

use domain::source::Permission;

use crate::aws::listing::probe;
use crate::aws::service::{Regions, Service};

/// AWS Batch.
pub(in crate::aws) const SERVICE: Service = Service {
    name: "batch",
    places: Regions::Every,
    permissions: PERMISSIONS,
    collect: |ask, sink| Box::pin(collect::collect(ask, sink)),
    probes: &[probe!("batch:DescribeJobDefinitions", aws_sdk_batch, |client| {
        client.describe_job_definitions().max_results(1)
    })],
};

const PERMISSIONS: &[Permission] =
    &[Permission { action: "batch:DescribeJobDefinitions", why: "to read which images jobs ask for" }];
