//! The manifests of an image as Artifactory keeps them, a file for each tag and for each platform of an index: one query
//! tells their digests and when they were put there. What it leaves out, the registry is asked.
//!
//! Refuses to ask a remote repository for tags: it would ask elsewhere for all that there are.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::digest::Digest;
use serde_json::json;

use super::Jfrog;
use super::keys::Key;
use super::wire::{File, Found};
use crate::Failure;
use crate::missing::Missing;
use crate::oci::crawl::{Root, Roots, is_fallback, is_tag};
use crate::oci::{Ask, Shelf};
use crate::reading::moment;

/// Under which names manifests are kept.
const NAMES: [&str; 2] = ["manifest.json", "list.manifest.json"];

/// A manifest in the folder of a tag or of its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) tag: Option<String>,
    pub(super) digest: Digest,
    pub(super) media_type: String,
    pub(super) put_at: Option<DateTime<Utc>>,
}

/// What is asked for: the manifests of an image, or where manifests of all images are.
pub(super) fn query(key: &Key, image: Option<&str>) -> String {
    let names = NAMES.map(|name| json!({ "name": name }));
    let mut wanted = json!({ "repo": key.storage(), "$or": names });
    let fields = match image {
        Some(image) => {
            wanted["path"] = json!({ "$match": format!("{image}/*") });
            r#""repo","path","name","created","modified","sha256","property""#
        }
        None => r#""repo","path","name""#,
    };
    format!("items.find({wanted}).include({fields})")
}

/// What is missing of an answer that was cut.
pub(super) fn cut(key: &Key, found: &Found) -> Missing {
    let mut missing = Missing::default();
    if let Some(said) = &found.range.notification {
        missing.note(format!("not every file of `{}` was told: {said}", key.storage()));
    }
    missing
}

/// The images that manifests belong to: a manifest lies in a folder below its image.
pub(super) fn images(files: &[File]) -> BTreeSet<String> {
    let images = files.iter().filter_map(|file| file.path.rsplit_once('/'));
    images.map(|(image, _)| image.to_owned()).collect()
}

/// The manifests of an image, the first that was put there first; those of images below it are none of its own.
pub(super) fn placed(image: &str, files: &[File]) -> Vec<Placed> {
    let of = |file: &File| {
        let folder = file.path.strip_prefix(image)?.strip_prefix('/').filter(|rest| !rest.contains('/'))?;
        let property = |end: &str| file.properties.iter().find(|one| one.key.ends_with(end));
        let told = property(".manifest.digest").and_then(|one| one.value.parse().ok());
        let digest = told.or_else(|| format!("sha256:{}", file.sha256).parse().ok())?;
        let of_digest = folder.parse::<Digest>().is_ok();
        if !of_digest && (!is_tag(folder) || is_fallback(folder)) {
            return None;
        }
        Some(Placed {
            tag: (!of_digest).then(|| folder.to_owned()),
            digest,
            media_type: property(".manifest.type").map(|one| one.value.clone()).unwrap_or_default(),
            put_at: moment(&file.modified).or_else(|| moment(&file.created)),
        })
    };
    let mut placed: Vec<Placed> = files.iter().filter_map(of).collect();
    placed.sort_by(|one, other| (one.put_at, &one.tag).cmp(&(other.put_at, &other.tag)));
    placed
}

/// What a repository's tags lead to; nothing where it is not there.
///
/// # Errors
/// When it is not told.
pub(super) async fn roots(
    shop: &Jfrog,
    ask: &Ask<'_>,
    shelf: &Shelf,
) -> Result<Option<(Roots, Missing)>, Failure> {
    let name = &shelf.named.name;
    let Some((key, image)) = name.split_once('/') else { return Ok(None) };
    let key = shop.keys.find(&shop.api, ask, key).await?;
    let search = shop.api.search(ask, query(key, Some(image)));
    if key.is_remote() {
        let found = search.await?;
        let placed = placed(image, &found.results);
        let mut roots = Roots::default();
        let is_there = !placed.is_empty();
        placed.into_iter().for_each(|one| add(&mut roots, one));
        return Ok(is_there.then(|| (roots, cut(key, &found))));
    }
    let Some(tags) = ask.tags(name).await? else { return Ok(None) };
    let mut missing = Missing::default();
    let found = missing.without(search.await)?.unwrap_or_default();
    let mut placed = placed(image, &found.results);
    let tags: BTreeSet<String> = tags.into_iter().collect();
    // A tag that only the query knows is gone by now.
    placed.retain(|one| one.tag.as_ref().is_none_or(|tag| tags.contains(tag)));
    let told: BTreeSet<&String> = placed.iter().filter_map(|one| one.tag.as_ref()).collect();
    let untold: Vec<String> = tags.iter().filter(|tag| !told.contains(tag)).cloned().collect();
    let (mut roots, more) = Roots::of_tags(ask, &shelf.named, untold).await?;
    missing.join(more);
    placed.into_iter().for_each(|one| add(&mut roots, one));
    Ok(Some((roots, missing)))
}

fn add(roots: &mut Roots, placed: Placed) {
    let Placed { tag, digest, media_type, put_at } = placed;
    let tags = tag.into_iter().collect();
    roots.add(digest, Root { tags, media_type, pushed_at: put_at, ..Root::default() });
}
