//! The artifacts of a repository: those that stand by themselves, with and without tags, each with its digest, so that
//! no tag need be looked up. Refuses moments of the year 1, by which Harbor says never.

use chrono::{DateTime, Utc};
use domain::digest::Digest;

use super::client::Api;
use super::wire::Artifact;
use crate::Failure;
use crate::oci::Named;
use crate::oci::crawl::{Root, Roots, is_fallback, is_tag};
use crate::reading::moment;

const LIST: &str = "artifact:list";
const READ: &str = "artifact:read";

/// Every artifact of a repository, the platforms of an index excepted; nothing where there is no such repository.
///
/// # Errors
/// When the list cannot be read to its end.
pub(super) async fn all(api: &Api<'_>, named: &Named) -> Result<Option<Vec<Artifact>>, Failure> {
    let Some(mut parts) = parts(named) else { return Ok(None) };
    parts.push("artifacts");
    let mut address = api.address(&parts)?;
    address.query_pairs_mut().append_pair("with_tag", "true").append_pair("with_scan_overview", "true");
    api.all(LIST, address).await
}

/// One artifact, which may be a platform of an index; nothing where it is gone.
///
/// # Errors
/// When it is not told.
pub(super) async fn one(api: &Api<'_>, named: &Named, digest: &Digest) -> Result<Option<Artifact>, Failure> {
    let Some(mut parts) = parts(named) else { return Ok(None) };
    parts.extend(["artifacts", digest.as_str()]);
    let mut address = api.address(&parts)?;
    address.query_pairs_mut().append_pair("with_tag", "false").append_pair("with_scan_overview", "true");
    api.one(READ, address).await
}

/// Where a repository is in Harbor's interface: by its project, and by its name below that.
pub(super) fn parts(named: &Named) -> Option<Vec<&str>> {
    let (project, repository) = named.name.split_once('/')?;
    Some(vec!["projects", project, "repositories", repository])
}

/// What is listed, as far as it is no paper beside an image, which goes by a tag made of that image's digest.
pub(super) fn roots(artifacts: &[Artifact]) -> Roots {
    let mut roots = Roots::default();
    for artifact in artifacts {
        let Ok(digest) = artifact.digest.parse() else { continue };
        let names = artifact.tags.iter().map(|tag| &tag.name);
        if !artifact.tags.is_empty() && names.clone().all(|name| is_fallback(name)) {
            continue;
        }
        let mut tags: Vec<String> =
            names.filter(|name| is_tag(name) && !is_fallback(name)).cloned().collect();
        tags.sort();
        let media_type = artifact.manifest_media_type.clone();
        let mut root =
            Root { tags, media_type, pushed_at: moment_of(&artifact.push_time), ..Root::default() };
        root.pulled_at = moment_of(&artifact.pull_time);
        roots.add(digest, root);
    }
    roots
}

/// A moment, if it is one that was.
pub(super) fn moment_of(text: &str) -> Option<DateTime<Utc>> {
    moment(text).filter(|at| at.timestamp() > 0)
}
