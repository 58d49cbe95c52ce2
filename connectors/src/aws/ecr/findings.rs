//! What ECR's scans found, image by image, as the bytes that ECR answered, and why an image was not scanned.
//! Refuses to ask for what Inspector is asked for anyway: under enhanced scanning both answer the same.

use aws_sdk_ecr::Client;
use chrono::{DateTime, Utc};
use domain::coverage::Coverage;
use domain::digest::Digest;
use domain::document::Provenance;
use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use domain::reference::ImageReference;
use domain::source::Completeness;

use super::images;
use super::repositories::{self, Known};
use super::{each, manifests, scanning};
use crate::aws::capture::Capture;
use crate::aws::place::moment;
use crate::aws::{Ask, KIND, inspector};
use crate::missing::Missing;
use crate::oci::{Manifests, reference};
use crate::paging::Pages;
use crate::{Failure, Sink};

const ACTION: &str = "ecr:DescribeImageScanFindings";
/// The most that a page may have.
const ROWS: i32 = 1000;
/// How reports of basic scanning name their tool, and those of enhanced scanning.
const TOOLS: [&str; 2] = ["aws-ecr", inspector::TOOL];

/// See the module.
///
/// # Errors
/// When the repositories or their images cannot be listed.
pub(super) async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let scanning = scanning::read(ask).await?;
    if scanning.is_enhanced() && ask.wants(inspector::SERVICE.name) {
        return Ok(Completeness::Complete);
    }
    let client = &Client::new(&ask.sdk);
    let repositories = repositories::all(ask, client).await?;
    let tool = TOOLS[usize::from(scanning.is_enhanced())];
    each(ask, repositories, Missing::default(), |known| {
        Box::pin(async move { repository(ask, client, (&known, tool), sink).await })
    })
    .await
}

async fn repository(
    ask: &Ask<'_>,
    client: &Client,
    (known, tool): (&Known, &str),
    sink: &Sink,
) -> Result<Missing, Failure> {
    let (mut manifests, mut missing) = (Manifests::default(), Missing::default());
    let read = images::describe(ask, client, known, &mut manifests).await;
    for (digest, described) in manifests.runnable() {
        let image = reference(&known.named(), None, Some(digest));
        match scan(ask, client, (image, tool), described.pushed_at, sink).await {
            Ok(()) => {}
            // The rest of the repository would be denied alike.
            Err(failure @ (Failure::Denied { .. } | Failure::Unreadable { .. })) => return Err(failure),
            Err(failure @ (Failure::Vendor { .. } | Failure::RepeatedToken { .. })) => missing.note(failure),
            Err(failure) => return Err(failure),
        }
    }
    read.map(|()| missing)
}

/// Hands on what was found in one image: all pages in one document. Nothing where it was not scanned, or is
/// gone. `pushed_at` is the moment it speaks for, where it tells none.
///
/// # Errors
/// When the list cannot be read to its end.
pub(in crate::aws) async fn scan(
    ask: &Ask<'_>,
    client: &Client,
    (image, tool): (ImageReference, &str),
    pushed_at: Option<DateTime<Utc>>,
    sink: &Sink,
) -> Result<(), Failure> {
    let (mut document, mut pages, mut token) = (Vec::new(), Pages::default(), None::<String>);
    let mut completed = None;
    let Some(digest) = image.digest.clone() else { return Ok(()) };
    loop {
        let capture = Capture::default();
        let send = || {
            let request = client.describe_image_scan_findings().repository_name(&image.repository);
            let request = request.image_id(manifests::named(&digest)).max_results(ROWS);
            request.set_next_token(token.clone()).customize().interceptor(capture.clone()).send()
        };
        let Ok(page) = ask.answer(ACTION, send).await? else { return Ok(()) };
        document.extend(capture.take());
        document.push(b'\n');
        let status = page.image_scan_status().and_then(|status| status.status());
        let word = status.map_or("", |status| status.as_str());
        if !["COMPLETE", "ACTIVE"].contains(&word) {
            return sink.observe(unscanned(image, digest, tool, word)).await;
        }
        let found = page.image_scan_findings().and_then(|found| found.image_scan_completed_at());
        completed = completed.or(found.and_then(moment));
        token = ask.next(ACTION, &mut pages, page.next_token)?;
        if token.is_none() {
            return sink.document(document, provenance(image, completed.or(pushed_at))).await;
        }
    }
}

/// The tool's word on an image that it does not watch.
fn unscanned(image: ImageReference, digest: Digest, tool: &str, word: &str) -> Observation {
    Observation::Coverage(Coverage {
        tool: tool.to_owned(),
        image: Image {
            references: vec![image],
            digests: vec![(DigestRole::Manifest, digest)],
            ..Image::default()
        },
        watched: Some(["IN_PROGRESS", "PENDING"].contains(&word)),
        reason: word.to_owned(),
        last_scanned_at: None,
        in_use: None,
    })
}

fn provenance(image: ImageReference, as_of: Option<DateTime<Utc>>) -> Provenance {
    Provenance {
        name: format!("ECR scan of {}", image.familiar()),
        source: KIND.to_owned(),
        image: Some(image),
        cluster: None,
        as_of: as_of.unwrap_or_else(Utc::now),
    }
}
