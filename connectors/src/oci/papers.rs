//! What is attached to the images of a repository: by the registry's list of referrers, by tags that stand for such a
//! list, by cosign's tags, within an index. Refuses to ask for a list again where the registry has none.

use std::collections::{BTreeMap, BTreeSet};

use domain::digest::Digest;
use domain::image::DigestRole;
use futures_util::{StreamExt, stream};

use super::attached::{in_index, subject_of_tag};
use super::beside::Papers;
use super::client::Ask;
use super::crawl::{self, Crawled, Roots, listed_for};
use super::images::Named;
use super::wire::Descriptor;
use crate::missing::Missing;
use crate::reading::moment;
use crate::{Failure, Sink};

/// When something was made, by the specification's annotation.
const CREATED: &str = "org.opencontainers.image.created";

/// Hands on what is attached to the images of a repository, under the name of a source.
///
/// # Errors
/// When nothing further would be answered.
pub(crate) async fn hand_on(
    ask: &Ask<'_>,
    named: &Named,
    tags: Vec<String>,
    source: &str,
    sink: &Sink,
) -> Result<Missing, Failure> {
    let (roots, mut missing) = Roots::of_tags(ask, named, tags.clone()).await?;
    let (crawled, more) = crawl::read(ask, named, roots).await?;
    missing.join(more);
    let holders = holders(ask, named, &tags, &crawled, &mut missing).await?;
    let wanted = holders.keys().cloned().collect();
    let (contents, more) = crawl::contents_of(ask, named, &wanted).await?;
    missing.join(more);
    let memory = &*ask.asker.caller.context.memory;
    let papers = Papers { door: ask, named, source, memory, sink };
    for (holder, subjects) in &holders {
        let Some(manifest) = contents.get(holder).map(|content| &content.manifest) else { continue };
        let stated = manifest.subject.as_ref().and_then(|subject| subject.digest.parse().ok());
        let at = manifest.annotations.get(CREATED).and_then(|text| moment(text));
        for subject in stated.iter().chain(subjects).collect::<BTreeSet<&Digest>>() {
            papers.layers(manifest, subject, at, &mut missing).await?;
        }
    }
    if missing.is_empty() {
        papers.searched(&crawled.manifests).await?;
    }
    Ok(missing)
}

/// The manifests that are attached to others, each with what it is attached to as far as that is told beside it.
type Holders = BTreeMap<Digest, BTreeSet<Digest>>;

async fn holders(
    ask: &Ask<'_>,
    named: &Named,
    tags: &[String],
    crawled: &Crawled,
    missing: &mut Missing,
) -> Result<Holders, Failure> {
    let mut holders = Holders::new();
    for content in crawled.contents.values() {
        for attached in in_index(&content.manifest) {
            holders.entry(attached.holder).or_default().insert(attached.subject);
        }
    }
    for tag in tags.iter().filter(|tag| crawl::is_fallback(tag)) {
        let Some(head) = missing.without(ask.head(&named.name, tag).await)?.flatten() else { continue };
        match listed_for(tag) {
            Some(subject) => {
                let wanted = BTreeSet::from([head.digest]);
                let (lists, more) = crawl::contents_of(ask, named, &wanted).await?;
                missing.join(more);
                let listed = lists.into_values().flat_map(|list| list.manifest.manifests);
                add(&mut holders, &subject, listed);
            }
            None => holders.entry(head.digest).or_default().extend(subject_of_tag(tag)),
        }
    }
    for (subject, listed) in referrers(ask, named, crawled, missing).await? {
        add(&mut holders, &subject, listed);
    }
    Ok(holders)
}

fn add(holders: &mut Holders, subject: &Digest, listed: impl IntoIterator<Item = Descriptor>) {
    for digest in listed.into_iter().filter_map(|one| one.digest.parse().ok()) {
        holders.entry(digest).or_default().insert(subject.clone());
    }
}

/// What the registry lists of each image and index; nothing where it has no such lists.
async fn referrers(
    ask: &Ask<'_>,
    named: &Named,
    crawled: &Crawled,
    missing: &mut Missing,
) -> Result<Vec<(Digest, Vec<Descriptor>)>, Failure> {
    let images = crawled.manifests.images(named);
    let digests = images.flat_map(|image| image.digests);
    let subjects = digests.filter(|(role, _)| matches!(role, DigestRole::Manifest | DigestRole::Index));
    let subjects: BTreeSet<Digest> = subjects.map(|(_, digest)| digest).collect();
    let mut subjects = subjects.into_iter();
    let Some(first) = subjects.next() else { return Ok(Vec::new()) };
    let Some(listed) = missing.without(ask.referrers(&named.name, first.as_str()).await)?.flatten() else {
        return Ok(Vec::new());
    };
    let mut all = vec![(first, listed)];
    let mut asking = stream::iter(subjects)
        .map(|subject| async move { (ask.referrers(&named.name, subject.as_str()).await, subject) })
        .buffer_unordered(ask.asker.caller.context.concurrency.max(1));
    while let Some((listed, subject)) = asking.next().await {
        all.extend(missing.without(listed)?.flatten().map(|listed| (subject, listed)));
    }
    Ok(all)
}
