//! Images by their ARN: `arn:aws:ecr:eu-west-1:111122223333:repository/team/api/sha256:…`. Refuses repositories
//! and everything else that has an ARN.

use domain::reference::ImageReference;

use crate::aws::partition::Partition;

/// Whether an ARN is that of an image.
pub(in crate::aws) fn is_image(arn: &str) -> bool {
    image(arn).is_some()
}

/// The name by which an image is pulled.
pub(in crate::aws) fn image(arn: &str) -> Option<ImageReference> {
    let mut parts = arn.splitn(6, ':');
    let (Some("arn"), _, Some("ecr")) = (parts.next(), parts.next(), parts.next()) else { return None };
    let (region, account, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let (repository, digest) = rest.strip_prefix("repository/")?.rsplit_once('/')?;
    Some(ImageReference {
        registry: registry(account, region),
        repository: repository.to_owned(),
        tag: None,
        digest: Some(digest.parse().ok()?),
    })
}

/// The host of an account's private registry.
fn registry(account: &str, region: &str) -> String {
    format!("{account}.dkr.ecr.{region}.{}", Partition::of(region).suffix)
}
