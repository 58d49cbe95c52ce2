//! The calls to App Runner. Refuses services that are being deleted.

use std::collections::BTreeMap;

use aws_sdk_apprunner::Client;
use aws_sdk_apprunner::types::{Service, ServiceStatus, ServiceSummary};
use domain::observation::Observation;
use domain::source::Completeness;
use futures_util::{StreamExt, stream};

use super::services::{route, workload};
use crate::aws::Ask;
use crate::aws::place::tags;
use crate::missing::Missing;
use crate::{Failure, Sink};

/// Services described at once.
const AT_ONCE: usize = 4;

/// Collects the services of a region.
///
/// # Errors
/// When the services cannot be listed.
pub(super) async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    const ACTION: &str = "apprunner:ListServices";
    let (place, mut missing) = (&ask.place, Missing::default());
    let client = &Client::new(&ask.sdk);
    let listed = ask.list(ACTION, |token| async move {
        let page = ask.call(ACTION, || client.list_services().set_next_token(token.clone()).send()).await?;
        Ok((page.service_summary_list, page.next_token))
    });
    let mut listed: Vec<ServiceSummary> = listed.await?;
    listed.retain(|service| service.status() != Some(&ServiceStatus::Deleted));
    let described = stream::iter(listed).map(|summary| async move {
        let arn = summary.service_arn().unwrap_or_default();
        (describe(ask, client, arn).await, labels(ask, client, arn).await)
    });
    let mut described = described.buffered(AT_ONCE);
    while let Some((service, tags)) = described.next().await {
        let tags = missing.without(tags)?.unwrap_or_default();
        let Some(service) = missing.without(service)?.flatten() else { continue };
        if let Some(workload) = workload(place, &service, &tags) {
            sink.observe(Observation::Workload(workload)).await?;
            sink.observe(Observation::Exposure(route(place, &service))).await?;
        }
    }
    Ok(missing.completeness())
}

async fn describe(ask: &Ask<'_>, client: &Client, arn: &str) -> Result<Option<Service>, Failure> {
    let answer =
        ask.call("apprunner:DescribeService", || client.describe_service().service_arn(arn).send()).await?;
    Ok(answer.service)
}

async fn labels(ask: &Ask<'_>, client: &Client, arn: &str) -> Result<BTreeMap<String, String>, Failure> {
    let call = || client.list_tags_for_resource().resource_arn(arn).send();
    let answer = ask.call("apprunner:ListTagsForResource", call).await?;
    Ok(tags(answer.tags().iter().map(|tag| (tag.key(), tag.value()))))
}
