//! The images of a repository, from its tags down: what each tag leads to is asked every time and costs no pull, what
//! a digest says is read once. Refuses an index within indexes without end, and what is not what its digest says.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::digest::Digest;
use domain::image::{DigestRole, Image, Platform};
use domain::observation::Observation;
use futures_util::{StreamExt, stream};

use super::attached::{is_digest_of, subject_of_tag};
use super::beside::{self, Door};
use super::client::Ask;
use super::contents::{self, Content, Facts};
use super::images::{Described, Manifests, Named, Nature, is_index};
use super::wire::{Descriptor, LARGEST, Manifest};
use crate::missing::Missing;
use crate::{Failure, Sink};

/// Indexes within indexes that are gone into.
const DEEPEST: usize = 6;

/// What a repository's tags lead to, before any of it is read.
#[derive(Debug, Default)]
pub(crate) struct Roots(BTreeMap<Digest, Root>);

/// A manifest by what is told beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Root {
    /// Its tags.
    pub(crate) tags: Vec<String>,
    /// Its media type, if that is told.
    pub(crate) media_type: String,
    /// When it was pushed, if that is told.
    pub(crate) pushed_at: Option<DateTime<Utc>>,
    /// When it was last pulled, if that is told.
    pub(crate) pulled_at: Option<DateTime<Utc>>,
    /// What stands in for it while it may not be pulled, if that is told.
    pub(crate) told: Option<Told>,
}

/// What a vendor tells of a manifest that was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// It is an image.
    Image {
        /// Where it runs.
        platform: Option<Platform>,
        /// What a pull fetches, in bytes.
        size: Option<u64>,
    },
    /// It is a list of these.
    Index(Vec<Digest>),
}

/// What a repository holds.
#[derive(Debug, Default)]
pub(crate) struct Crawled {
    /// Its manifests.
    pub(crate) manifests: Manifests,
    pub(super) contents: HashMap<Digest, Content>,
}

impl Roots {
    /// Takes what is told of a manifest.
    pub(crate) fn add(&mut self, digest: Digest, root: Root) {
        let known = self.0.entry(digest).or_default();
        known.tags.extend(root.tags);
        if known.media_type.is_empty() {
            known.media_type = root.media_type;
        }
        known.pushed_at = known.pushed_at.or(root.pushed_at);
        known.pulled_at = known.pulled_at.or(root.pulled_at);
        known.told = known.told.take().or(root.told);
    }

    /// What tags lead to, asked one by one; tags by which something is attached to images lead to none.
    ///
    /// # Errors
    /// When nothing further would be answered.
    pub(crate) async fn of_tags(
        ask: &Ask<'_>,
        named: &Named,
        tags: Vec<String>,
    ) -> Result<(Self, Missing), Failure> {
        let (mut roots, mut missing) = (Self::default(), Missing::default());
        let tags = tags.into_iter().filter(|tag| is_tag(tag) && !is_fallback(tag));
        let mut heads = stream::iter(tags)
            .map(|tag| async move { (ask.head(&named.name, &tag).await, tag) })
            .buffer_unordered(at_once(ask));
        while let Some((head, tag)) = heads.next().await {
            // A tag may be gone since it was listed.
            let Some(head) = missing.without(head)?.flatten() else { continue };
            roots.add(head.digest, Root { tags: vec![tag], media_type: head.media_type, ..Root::default() });
        }
        roots.0.values_mut().for_each(|root| root.tags.sort());
        Ok((roots, missing))
    }
}

/// Reads what manifests say, and all that they are lists of.
///
/// # Errors
/// When nothing further would be answered.
pub(crate) async fn read(ask: &Ask<'_>, named: &Named, roots: Roots) -> Result<(Crawled, Missing), Failure> {
    let (mut unread, mut known, mut missing) = (Manifests::default(), HashMap::new(), Missing::default());
    let mut frontier: BTreeSet<Digest> = BTreeSet::new();
    let mut seen: HashSet<Digest> = HashSet::new();
    for (digest, root) in &roots.0 {
        if is_manifest(&root.media_type) {
            frontier.insert(digest.clone());
        } else {
            unread.add(digest.clone(), described(root, None));
        }
    }
    for depth in 0.. {
        frontier.retain(|digest| seen.insert(digest.clone()));
        if frontier.is_empty() {
            break;
        }
        if depth == DEEPEST {
            missing.note(format!(
                "{}/{} has indexes within indexes, deeper than {DEEPEST}: what lies below was not looked at",
                named.registry, named.name
            ));
            break;
        }
        let (contents, more) = contents_of(ask, named, &frontier).await?;
        missing.join(more);
        frontier = contents.values().flat_map(members).collect();
        known.extend(contents);
    }
    if ask.registry.pulls.are_used_up() {
        stand_in(&mut unread, &roots, &known);
    }
    Ok((Crawled::of(&roots, unread, known), missing))
}

impl Crawled {
    /// What was read, joined with what is told beside it; `manifests` are those that were not read.
    pub(super) fn of(roots: &Roots, mut manifests: Manifests, contents: HashMap<Digest, Content>) -> Self {
        for (digest, content) in &contents {
            let root = roots.0.get(digest).cloned().unwrap_or_default();
            manifests.add(digest.clone(), described(&root, Some(content)));
        }
        for (digest, content) in contents.iter().filter(|(_, content)| content.nature() == Nature::Index) {
            let members = flattened(&content.manifest, &contents, DEEPEST);
            manifests.add_index(digest, &Manifest { manifests: members, ..Manifest::default() });
        }
        Self { manifests, contents }
    }

    /// Its images, with what their configurations say.
    pub(crate) fn images<'c>(&'c self, named: &'c Named) -> impl Iterator<Item = Image> + 'c {
        self.manifests.images(named).map(|mut image| {
            let own = image.digests.iter().find(|(role, _)| *role == DigestRole::Manifest);
            if let Some(content) = own.and_then(|(_, digest)| self.contents.get(digest)) {
                content.describe(&mut image);
            }
            image
        })
    }

    /// Hands its images on.
    ///
    /// # Errors
    /// When nobody takes them any more.
    pub(crate) async fn hand_on(&self, named: &Named, sink: &Sink) -> Result<(), Failure> {
        for image in self.images(named) {
            sink.observe(Observation::Image(image)).await?;
        }
        Ok(())
    }
}

/// What manifests say: remembered, or read now and remembered.
pub(super) async fn contents_of(
    ask: &Ask<'_>,
    named: &Named,
    wanted: &BTreeSet<Digest>,
) -> Result<(HashMap<Digest, Content>, Missing), Failure> {
    let _turn = ask.registry.turn(&named.name).await;
    let memory = &ask.asker.caller.context.memory;
    let words: Vec<String> = wanted.iter().map(contents::key).collect();
    let recalled = memory.recall(&words).await;
    let mut known: HashMap<Digest, Content> = HashMap::new();
    let (mut unread, mut learned, mut missing) = (Vec::new(), Vec::new(), Missing::default());
    for (digest, word) in wanted.iter().zip(&words) {
        match recalled.get(word).and_then(|bytes| serde_json::from_slice(bytes).ok()) {
            Some(content) => drop(known.insert(digest.clone(), content)),
            None => unread.push(digest.clone()),
        }
    }
    let mut reading = stream::iter(unread)
        .map(|digest| async move { (content_of(ask, named, &digest).await, digest) })
        .buffer_unordered(at_once(ask));
    while let Some((read, digest)) = reading.next().await {
        let Some((content, more)) = missing.without(read)? else { continue };
        let whole = more.is_empty();
        missing.join(more);
        let Some(content) = content else { continue };
        if whole && let Ok(bytes) = serde_json::to_vec(&content) {
            learned.push((contents::key(&digest), bytes));
        }
        known.insert(digest, content);
    }
    drop(reading);
    if !learned.is_empty() {
        memory.remember(&learned).await;
    }
    Ok((known, missing))
}

/// What one manifest says, and its configuration; nothing where it is not there or not what its digest says.
async fn content_of(
    ask: &Ask<'_>,
    named: &Named,
    digest: &Digest,
) -> Result<(Option<Content>, Missing), Failure> {
    let mut missing = Missing::default();
    let Some(manifest) = beside::manifest(ask, named, digest.as_str(), &mut missing).await? else {
        return Ok((None, missing));
    };
    let mut content = Content { manifest, facts: None };
    if let Some(config) = content.config().cloned() {
        let read = config_of(ask, named, &config).await;
        match missing.without(read)? {
            Some(Ok(facts)) => content.facts = Some(facts),
            Some(Err(why)) => {
                missing.note(format!(
                    "the configuration of {}/{}@{} {why}",
                    named.registry,
                    named.name,
                    digest.short()
                ));
            }
            None => {}
        }
    }
    Ok((Some(content), missing))
}

/// The facts of a configuration, or why there are none.
async fn config_of(
    ask: &Ask<'_>,
    named: &Named,
    config: &Descriptor,
) -> Result<Result<Facts, &'static str>, Failure> {
    if config.size > LARGEST as u64 {
        return Ok(Err("is larger than 4 MiB and was left out"));
    }
    Ok(match ask.blob(named, &config.digest, LARGEST).await? {
        None => Err("is not in the registry"),
        Some(bytes) if !is_digest_of(&config.digest, &bytes) => Err("is not what its digest says"),
        Some(bytes) => contents::facts(&bytes).ok_or("is unreadable"),
    })
}

/// What an index lists that may be read further.
fn members(content: &Content) -> impl Iterator<Item = Digest> + '_ {
    let listed = content.manifest.manifests.iter().filter(|member| !member.is_attestation());
    listed.filter_map(|member| member.digest.parse().ok())
}

/// The members of an index, with those of indexes among them.
fn flattened(index: &Manifest, contents: &HashMap<Digest, Content>, deepest: usize) -> Vec<Descriptor> {
    let mut members = Vec::new();
    for member in &index.manifests {
        let inner = member.digest.parse().ok().and_then(|digest: Digest| contents.get(&digest));
        match inner.filter(|inner| deepest > 0 && inner.nature() == Nature::Index) {
            Some(inner) => members.extend(flattened(&inner.manifest, contents, deepest - 1)),
            None => members.push(member.clone()),
        }
    }
    members
}

/// What is told of manifests stands in for those that may not be pulled.
pub(super) fn stand_in(unread: &mut Manifests, roots: &Roots, known: &HashMap<Digest, Content>) {
    for (digest, root) in roots.0.iter().filter(|(digest, _)| !known.contains_key(*digest)) {
        let plain = described(root, None);
        match root.told.clone() {
            Some(Told::Image { platform, size }) => {
                unread.add(digest.clone(), Described { platform, size, nature: Nature::Image, ..plain });
            }
            Some(Told::Index(members)) => {
                let named =
                    |digest: Digest| Descriptor { digest: digest.to_string(), ..Descriptor::default() };
                let manifests = members.into_iter().map(named).collect();
                unread.add(digest.clone(), Described { nature: Nature::Index, ..plain });
                unread.add_index(digest, &Manifest { manifests, ..Manifest::default() });
            }
            None => {}
        }
    }
}

/// A manifest as it is told and read; one that was not read is what its media type says.
fn described(root: &Root, content: Option<&Content>) -> Described {
    let told = Some(root.media_type.clone()).filter(|told| !told.is_empty());
    let media_type = content.and_then(|content| content.manifest.media_type.clone()).or(told);
    let nature = match content {
        Some(content) => content.nature(),
        None if is_ancient(&root.media_type) => Nature::Image,
        None => Nature::Artefact,
    };
    Described {
        tags: root.tags.clone(),
        media_type,
        size: content.and_then(Content::size),
        pushed_at: root.pushed_at,
        pulled_at: root.pulled_at,
        platform: None,
        nature,
    }
}

/// Whether a media type, or none, is that of a manifest that can be read.
fn is_manifest(media_type: &str) -> bool {
    media_type.is_empty()
        || is_index(media_type)
        || media_type.ends_with("image.manifest.v1+json")
        || media_type.ends_with("distribution.manifest.v2+json")
}

/// Whether a media type is that of the manifests of 2015, whose bytes do not have the digest that they go by.
fn is_ancient(media_type: &str) -> bool {
    media_type.contains("distribution.manifest.v1+")
}

/// As the distribution specification has it: others cannot be asked for.
pub(crate) fn is_tag(tag: &str) -> bool {
    let mut bytes = tag.bytes();
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    bytes.next().is_some_and(word)
        && tag.len() <= 128
        && bytes.all(|byte| word(byte) || b"-.".contains(&byte))
}

/// Whether a tag only says what its manifest is attached to: cosign's, and `sha256-…` of the referrers' fallback.
pub(crate) fn is_fallback(tag: &str) -> bool {
    subject_of_tag(tag).is_some() || listed_for(tag).is_some()
}

/// The digest whose referrers a tag lists, where the registry has no list of its own.
pub(crate) fn listed_for(tag: &str) -> Option<Digest> {
    let (algorithm, hex) = tag.split_once('-')?;
    format!("{algorithm}:{hex}").parse().ok()
}

fn at_once(ask: &Ask<'_>) -> usize {
    ask.asker.caller.context.concurrency.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_words() {
        for right in ["latest", "1.0", "_x", "build-0001"] {
            assert!(is_tag(right), "{right}");
        }
        for odd in ["", "../up", "-x", "sp ace", "käse", "new\nline", &"t".repeat(129)] {
            assert!(!is_tag(odd), "{odd}");
        }
    }

    #[test]
    fn a_tag_may_stand_for_what_is_attached() {
        let hex = "a".repeat(64);
        assert!(is_fallback(&format!("sha256-{hex}.sig")) && is_fallback(&format!("sha256-{hex}")));
        assert!(!is_fallback("sha256-short") && !is_fallback("latest"));
    }
}
