//! Security Hub: findings on images, clusters and functions that other products than Inspector and GuardDuty
//! brought there. Each account and region is asked for its own findings only: an administrator would answer
//! for all.
//!
//! Refuses the findings of Inspector and GuardDuty: both are asked themselves and say more.

use aws_sdk_securityhub::Client;
use aws_sdk_securityhub::operation::get_findings::GetFindingsError;
use aws_sdk_securityhub::types::{
    AwsSecurityFindingFilters, SortCriterion, SortOrder, StringFilter, StringFilterComparison,
};
use chrono::Utc;
use domain::document::Provenance;
use domain::source::{Completeness, Permission};

use super::capture::Capture;
use super::listing::probe;
use super::service::{Regions, Service};
use super::{Ask, KIND};
use crate::paging::Pages;
use crate::{Failure, Sink};

const ACTION: &str = "securityhub:GetFindings";
/// The most that a page may have.
const ROWS: i32 = 100;
/// Resources that are containers, or run them.
const RESOURCES: [&str; 10] = [
    "AwsEcrContainerImage",
    "AwsEcrRepository",
    "AwsEcsCluster",
    "AwsEcsContainer",
    "AwsEcsService",
    "AwsEcsTask",
    "AwsEcsTaskDefinition",
    "AwsEksCluster",
    "AwsLambdaFunction",
    "Container",
];
/// Products that are asked themselves.
const OTHERS: [&str; 2] = ["Inspector", "GuardDuty"];

/// See the module.
pub(super) const SERVICE: Service = Service {
    name: "securityhub",
    places: Regions::Every,
    permissions: &[Permission { action: ACTION, why: "what other products reported on containers" }],
    collect: |ask, sink| Box::pin(collect(ask, sink)),
    probes: &[probe!("securityhub:GetFindings", aws_sdk_securityhub, |client| {
        client.get_findings().max_results(1)
    })],
};

async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let client = Client::new(&ask.sdk);
    let (mut pages, mut token) = (Pages::default(), None::<String>);
    loop {
        let capture = Capture::default();
        let send = || {
            let request = client.get_findings().filters(filters(&ask.place.account.id, &ask.place.region));
            let request = request.sort_criteria(oldest_first()).max_results(ROWS);
            request.set_next_token(token.clone()).customize().interceptor(capture.clone()).send()
        };
        let page = match ask.answer(ACTION, send).await? {
            Ok(page) => page,
            // Security Hub is not switched on here.
            Err(GetFindingsError::InvalidAccessException(_)) => return Ok(Completeness::Complete),
            Err(error) => return Err(ask.refused(ACTION, &error)),
        };
        let document = capture.findings().map_err(|error| ask.unreadable(ACTION, &error))?;
        if let Some(document) = document {
            sink.document(document, provenance(ask, pages.read() + 1)).await?;
        }
        token = ask.next(ACTION, &mut pages, page.next_token)?;
        if token.is_none() {
            return Ok(Completeness::Complete);
        }
    }
}

fn provenance(ask: &Ask<'_>, page: usize) -> Provenance {
    let place = &ask.place;
    Provenance {
        name: format!("Security Hub {} {}, page {page}", place.account.id, place.region),
        source: KIND.to_owned(),
        image: None,
        cluster: None,
        as_of: Utc::now(),
    }
}

/// Findings of this account and region that stand.
fn filters(account: &str, region: &str) -> AwsSecurityFindingFilters {
    let equal = |value: &str| filter(StringFilterComparison::Equals, value);
    AwsSecurityFindingFilters::builder()
        .aws_account_id(equal(account))
        .region(equal(region))
        .record_state(equal("ACTIVE"))
        .set_resource_type(Some(RESOURCES.iter().map(|kind| equal(kind)).collect()))
        .set_product_name(Some(
            OTHERS.iter().map(|product| filter(StringFilterComparison::NotEquals, product)).collect(),
        ))
        .build()
}

fn filter(comparison: StringFilterComparison, value: &str) -> StringFilter {
    StringFilter::builder().comparison(comparison).value(value).build()
}

/// New findings come last, so that the pages before them stay as they were.
fn oldest_first() -> SortCriterion {
    SortCriterion::builder().field("CreatedAt").sort_order(SortOrder::Ascending).build()
}
