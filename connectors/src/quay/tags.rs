//! Tags as Quay's interface lists them: each with the digest that it leads to and since when, so that none need be
//! looked up. Refuses those that are no more, and pages that begin anew without end.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::digest::Digest;

use super::client::{Api, READ};
use super::wire::{Tag, Tags};
use crate::Failure;
use crate::oci::Named;
use crate::oci::crawl::{Root, Roots, is_fallback, is_tag};
use crate::paging::Pages;

/// Rows of a page, as many as Quay gives.
const ROWS: usize = 100;

/// Every tag of a repository; nothing where there is no such repository.
///
/// # Errors
/// When the list cannot be read to its end.
pub(super) async fn all(api: &Api<'_>, named: &Named) -> Result<Option<Vec<Tag>>, Failure> {
    let (mut rows, mut pages) = (Vec::new(), Pages::default());
    for page in 1.. {
        let path = format!("repository/{}/tag/?onlyActiveTags=true&limit={ROWS}&page={page}", named.name);
        let Some(told) = api.one::<Tags>(READ, api.address(&path)?).await? else { return Ok(None) };
        // Pages go by numbers, which never come again: what they begin with does.
        let first = told.tags.first().map(|tag| format!("{} {:?}", tag.name, tag.start_ts));
        pages.next(first).map_err(|pages| api.ask.asker.caller.repeated(READ, pages))?;
        let ends = !told.has_additional || told.tags.is_empty();
        rows.extend(told.tags);
        if ends {
            break;
        }
    }
    Ok(Some(rows))
}

/// What tags lead to, since the first of them came to lead there.
pub(super) fn roots(tags: Vec<Tag>) -> Roots {
    let mut told: BTreeMap<Digest, Root> = BTreeMap::new();
    for tag in tags.into_iter().filter(|tag| is_tag(&tag.name) && !is_fallback(&tag.name)) {
        let Ok(digest) = tag.manifest_digest.parse() else { continue };
        let root = told.entry(digest).or_default();
        root.pushed_at = root.pushed_at.into_iter().chain(since(&tag)).min();
        root.tags.push(tag.name);
    }
    let mut roots = Roots::default();
    for (digest, mut root) in told {
        root.tags.sort();
        roots.add(digest, root);
    }
    roots
}

fn since(tag: &Tag) -> Option<DateTime<Utc>> {
    tag.start_ts.filter(|seconds| *seconds > 0).and_then(|seconds| DateTime::from_timestamp(seconds, 0))
}
