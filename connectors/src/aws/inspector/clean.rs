//! Images that Inspector watches and finds nothing in. No list says so by name: ECR is asked for each, so that
//! findings which were there before can close. Refuses to conclude it from a list in which an image is missing.

use futures_util::{StreamExt, stream};

use super::TOOL;
use crate::aws::Ask;
use crate::aws::ecr::{self, arn};
use crate::missing::Missing;
use crate::{Failure, Sink};

/// Hands on what ECR answers for each.
///
/// # Errors
/// When the run was cancelled, or nothing is answered any more.
pub(super) async fn collect(ask: &Ask<'_>, images: Vec<String>, sink: &Sink) -> Result<Missing, Failure> {
    let mut missing = Missing::default();
    let enhanced = missing.without(ecr::is_enhanced(ask).await)?;
    if images.is_empty() || enhanced != Some(true) {
        return Ok(missing);
    }
    let client = &aws_sdk_ecr::Client::new(&ask.sdk);
    let images: Vec<_> = images.iter().filter_map(|image| arn::image(image)).collect();
    let mut asked = stream::iter(images)
        .map(|image| Box::pin(ecr::scan(ask, client, (image, TOOL), None, sink)))
        .buffer_unordered(ask.context.concurrency.max(1));
    while let Some(done) = asked.next().await {
        match done {
            Err(failure @ Failure::Denied { .. }) => {
                missing.note(failure);
                break;
            }
            other => missing.without(other).map(drop)?,
        }
    }
    drop(asked);
    Ok(missing)
}
