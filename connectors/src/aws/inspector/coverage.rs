//! Which images Inspector watches. Refuses to call an image clean: that it is watched says nothing of what is
//! in it.

use aws_sdk_inspector2::Client;
use aws_sdk_inspector2::types::{
    CoverageFilterCriteria, CoverageStringComparison, CoverageStringFilter, CoveredResource, ScanStatusCode,
};
use domain::coverage::{Coverage, InUse};
use domain::image::{DigestRole, Image};
use domain::observation::Observation;

use super::TOOL;
use super::findings::Found;
use crate::aws::Ask;
use crate::aws::ecr::arn;
use crate::aws::place::moment;
use crate::paging::Pages;
use crate::{Failure, Sink};

const ACTION: &str = "inspector2:ListCoverage";
/// The most that a page may have.
const ROWS: i32 = 200;

/// Hands on the coverage of images; answers the ARNs of those that are watched and had no findings, where
/// findings were read.
///
/// # Errors
/// When the list cannot be read to its end.
pub(super) async fn collect(
    ask: &Ask<'_>,
    client: &Client,
    found: Option<&Found>,
    sink: &Sink,
) -> Result<Vec<String>, Failure> {
    let (mut clean, mut pages, mut token) = (Vec::new(), Pages::default(), None::<String>);
    let criteria = CoverageFilterCriteria::builder()
        .set_resource_type(equal("AWS_ECR_CONTAINER_IMAGE"))
        .set_account_id(equal(&ask.place.account.id))
        .build();
    loop {
        let send = || {
            let request = client.list_coverage().max_results(ROWS).set_next_token(token.clone());
            request.filter_criteria(criteria.clone()).send()
        };
        let page = ask.call(ACTION, send).await?;
        for told in page.covered_resources.unwrap_or_default() {
            let Some(coverage) = coverage(&told) else { continue };
            let scanned = coverage.watched == Some(true) && coverage.last_scanned_at.is_some();
            if scanned && found.is_some_and(|found| !found.has(&told.resource_id)) {
                clean.push(told.resource_id);
            }
            sink.observe(Observation::Coverage(coverage)).await?;
        }
        token = ask.next(ACTION, &mut pages, page.next_token)?;
        if token.is_none() {
            return Ok(clean);
        }
    }
}

/// Inspector's word on one image, if it is one.
pub(super) fn coverage(told: &CoveredResource) -> Option<Coverage> {
    let reference = arn::image(&told.resource_id)?;
    let status = told.scan_status();
    let metadata = told.resource_metadata().and_then(|metadata| metadata.ecr_image());
    let in_use = metadata.and_then(|metadata| {
        let count = u64::try_from(metadata.in_use_count()?).ok()?;
        Some(InUse { count, last_at: metadata.last_in_use_at().and_then(moment) })
    });
    Some(Coverage {
        tool: TOOL.to_owned(),
        image: Image {
            digests: reference.digest.iter().map(|digest| (DigestRole::Manifest, digest.clone())).collect(),
            references: vec![reference],
            ..Image::default()
        },
        watched: status.map(|status| *status.status_code() == ScanStatusCode::Active),
        reason: status.map_or_else(String::new, |status| status.reason().as_str().to_owned()),
        last_scanned_at: told.last_scanned_at().and_then(moment),
        in_use,
    })
}

fn equal(value: &str) -> Option<Vec<CoverageStringFilter>> {
    let filter =
        CoverageStringFilter::builder().comparison(CoverageStringComparison::Equals).value(value).build();
    filter.ok().map(|filter| vec![filter])
}
