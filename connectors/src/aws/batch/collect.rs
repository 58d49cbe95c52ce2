//! The calls to AWS Batch. Refuses definitions that are not active.

use aws_sdk_batch::Client;
use domain::observation::Observation;
use domain::source::Completeness;

use super::definitions::{newest, workload};
use crate::aws::Ask;
use crate::{Failure, Sink};

/// Collects the job definitions of a region.
///
/// # Errors
/// When they cannot be listed.
pub(super) async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    const ACTION: &str = "batch:DescribeJobDefinitions";
    let place = &ask.place;
    let client = &Client::new(&ask.sdk);
    let definitions = ask.list(ACTION, |token| async move {
        let call = || client.describe_job_definitions().status("ACTIVE").set_next_token(token.clone()).send();
        let page = ask.call(ACTION, call).await?;
        Ok((page.job_definitions.unwrap_or_default(), page.next_token))
    });
    for definition in newest(definitions.await?) {
        if let Some(workload) = workload(place, &definition) {
            sink.observe(Observation::Workload(workload)).await?;
        }
    }
    Ok(Completeness::Complete)
}
