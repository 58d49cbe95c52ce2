//! The manifests of a package, by its versions: those without a tag too, which nothing else tells of. Refuses versions
//! that are only attached to others by their tags: they are found beside those.

use domain::digest::Digest;

use super::wire::Version;
use crate::oci::{Root, Roots, is_fallback, is_tag};
use crate::reading::moment;

/// What a package holds, before any of it is read.
pub(super) fn roots(rows: Vec<Version>) -> Roots {
    let mut roots = Roots::default();
    let mut read: Vec<(Digest, Root)> = rows.into_iter().filter_map(root).collect();
    // A list that grows while it is read tells a row twice.
    read.sort_by(|(one, _), (other, _)| one.cmp(other));
    read.dedup_by(|(one, _), (other, _)| one == other);
    read.into_iter().for_each(|(digest, root)| roots.add(digest, root));
    roots
}

fn root(row: Version) -> Option<(Digest, Root)> {
    let mut tags = row.metadata.container.tags;
    if !tags.is_empty() && tags.iter().all(|tag| is_fallback(tag)) {
        return None;
    }
    tags.retain(|tag| is_tag(tag) && !is_fallback(tag));
    tags.sort();
    let digest = row.name.parse().ok()?;
    Some((digest, Root { tags, pushed_at: moment(&row.created_at), ..Root::default() }))
}
