//! Findings put together by image, each image's in one document: a document replaces what was said of its image
//! before. Refuses to hand on a document that may lack findings of its image.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use aws_sdk_inspector2::Client;
use aws_sdk_inspector2::types::{
    FilterCriteria, SortCriteria, SortField, SortOrder, StringComparison, StringFilter,
};
use chrono::Utc;
use domain::document::Provenance;
use serde_json::value::RawValue;

use super::wire::{Finding, Page};
use crate::aws::capture::Capture;
use crate::aws::ecr::arn;
use crate::aws::{Ask, KIND};
use crate::paging::Pages;
use crate::{Failure, Sink};

const ACTION: &str = "inspector2:ListFindings";
/// The most that a page may have.
const ROWS: i32 = 100;

/// Images of which findings were handed on, by a hash of their ARN.
#[derive(Debug, Default)]
pub(super) struct Found(HashSet<u64>);

impl Found {
    /// Whether an image had findings.
    pub(super) fn has(&self, arn: &str) -> bool {
        self.0.contains(&hash(arn))
    }
}

/// The findings of images that are not handed on yet. The list is asked for in the order of push, so that the
/// findings of images that were pushed together come together, and only those are held.
#[derive(Debug, Default)]
pub(super) struct Gathering {
    pushed_at: String,
    open: BTreeMap<String, Vec<Box<RawValue>>>,
    done: Found,
    /// Images that came again after they were handed on: the order was not kept.
    late: BTreeMap<String, ()>,
}

/// Hands on all findings on images.
///
/// # Errors
/// When the list cannot be read to its end; what was not complete by then is not handed on.
pub(super) async fn collect(ask: &Ask<'_>, client: &Client, sink: &Sink) -> Result<Found, Failure> {
    let mut gathering = Gathering::default();
    list(ask, client, None, &mut gathering, sink).await?;
    hand_on(std::mem::take(&mut gathering.open), sink).await?;
    for image in std::mem::take(&mut gathering.late).into_keys() {
        let mut alone = Gathering::default();
        list(ask, client, Some(&image), &mut alone, sink).await?;
        hand_on(alone.open, sink).await?;
    }
    Ok(gathering.done)
}

/// Reads the list of all images, or of one.
async fn list(
    ask: &Ask<'_>,
    client: &Client,
    image: Option<&str>,
    gathering: &mut Gathering,
    sink: &Sink,
) -> Result<(), Failure> {
    let (mut pages, mut token) = (Pages::default(), None::<String>);
    loop {
        let capture = Capture::default();
        let send = || {
            let request = client.list_findings().max_results(ROWS).set_next_token(token.clone());
            let request = request.filter_criteria(criteria(&ask.place.account.id, image));
            request.set_sort_criteria(by_push()).customize().interceptor(capture.clone()).send()
        };
        let page = ask.call(ACTION, send).await?;
        let body = capture.take();
        let told: Page<'_> = serde_json::from_slice(&body).map_err(|error| Failure::Unreadable {
            action: ACTION.to_owned(),
            scope: ask.scope().clone(),
            detail: error.to_string(),
        })?;
        for finding in told.findings {
            let complete = gathering.add(finding);
            hand_on(complete, sink).await?;
        }
        token = ask.next(ACTION, &mut pages, page.next_token)?;
        if token.is_none() {
            return Ok(());
        }
    }
}

impl Gathering {
    /// Takes a finding; answers the images that are complete by it.
    pub(super) fn add(&mut self, raw: &RawValue) -> BTreeMap<String, Vec<Box<RawValue>>> {
        let mut complete = BTreeMap::new();
        let finding: Finding = serde_json::from_str(raw.get()).unwrap_or_default();
        let Some(resource) = finding.resources.into_iter().find(|resource| arn::is_image(&resource.id))
        else {
            return complete;
        };
        let pushed_at = resource.details.aws_ecr_container_image.pushed_at;
        let pushed_at = pushed_at.as_deref().map(RawValue::get).unwrap_or_default();
        if self.pushed_at != pushed_at {
            pushed_at.clone_into(&mut self.pushed_at);
            complete = std::mem::take(&mut self.open);
        }
        if !self.open.contains_key(&resource.id) && !self.done.0.insert(hash(&resource.id)) {
            self.late.insert(resource.id, ());
        } else {
            self.open.entry(resource.id).or_default().push(raw.to_owned());
        }
        complete
    }
}

async fn hand_on(images: BTreeMap<String, Vec<Box<RawValue>>>, sink: &Sink) -> Result<(), Failure> {
    for (image, findings) in images {
        let Some(image) = arn::image(&image) else { continue };
        let provenance = Provenance {
            name: format!("Inspector on {}", image.familiar()),
            source: KIND.to_owned(),
            image: Some(image),
            cluster: None,
            as_of: Utc::now(),
        };
        sink.document(document(&findings), provenance).await?;
    }
    Ok(())
}

/// The shape in which Inspector itself answers, always in the same order, so that the same findings are the same
/// document.
pub(super) fn document(findings: &[Box<RawValue>]) -> Vec<u8> {
    let mut findings: Vec<&str> = findings.iter().map(|finding| finding.get()).collect();
    findings.sort_unstable();
    format!("{{\"findings\":[{}]}}", findings.join(",")).into_bytes()
}

/// Findings on images of the account that stand, or were set aside by its people.
fn criteria(account: &str, image: Option<&str>) -> FilterCriteria {
    let criteria = FilterCriteria::builder()
        .set_resource_type(equal("AWS_ECR_CONTAINER_IMAGE"))
        .set_aws_account_id(equal(account))
        .set_finding_status(equal("ACTIVE").into_iter().chain(equal("SUPPRESSED")).reduce(
            |mut all, more| {
                all.extend(more);
                all
            },
        ));
    criteria.set_resource_id(image.and_then(equal)).build()
}

fn equal(value: &str) -> Option<Vec<StringFilter>> {
    let filter = StringFilter::builder().comparison(StringComparison::Equals).value(value).build();
    filter.ok().map(|filter| vec![filter])
}

fn by_push() -> Option<SortCriteria> {
    SortCriteria::builder().field(SortField::EcrImagePushedAt).sort_order(SortOrder::Asc).build().ok()
}

fn hash(arn: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    arn.hash(&mut hasher);
    hasher.finish()
}
