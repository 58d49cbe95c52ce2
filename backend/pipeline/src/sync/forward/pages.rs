//! What a collector remembers, as it lies in its file: a mark, a checksum, and one entry after the other. Pure. Refuses
//! every byte that is not as it was written, and more than [`LARGEST`] bytes of contents: the longest unused go first.

use std::collections::{BTreeMap, HashMap};

use sha2::{Digest, Sha256};

/// What the file begins with.
const MARK: &[u8] = b"plimsoll memory 1\n";
/// The most bytes of contents and their words.
const LARGEST: usize = 64 << 20;
/// The most documents.
const MOST_DOCUMENTS: usize = 200_000;
/// The most bytes of a file that are read. A document's entry is a digest and a name.
pub(super) const LARGEST_FILE: u64 = 256 << 20;
/// Seconds after which a document is sent again.
const SENT_AGAIN: i64 = 24 * 60 * 60;
/// Seconds after which contents that nobody asked for are forgotten.
const UNUSED: i64 = 30 * 24 * 60 * 60;
/// Marks of entries.
const CONTENTS: u8 = 0;
const DOCUMENT: u8 = 1;
const RUN: u8 = 2;

/// Everything that is remembered.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pages {
    contents: BTreeMap<String, Kept>,
    /// Documents at the destination, with the second in which that was known.
    delivered: BTreeMap<String, i64>,
    /// The run that ended last there.
    run: Option<String>,
    /// Bytes of contents with their words.
    size: usize,
}

#[derive(Debug, PartialEq, Eq)]
struct Kept {
    /// The second in which somebody asked for it last.
    used: i64,
    bytes: Vec<u8>,
}

impl Pages {
    /// What is remembered of these words.
    pub(super) fn recall(&mut self, words: &[String], now: i64) -> HashMap<String, Vec<u8>> {
        let mut recalled = HashMap::new();
        for word in words {
            if let Some(kept) = self.contents.get_mut(word) {
                kept.used = now;
                recalled.insert(word.clone(), kept.bytes.clone());
            }
        }
        recalled
    }

    /// Remembers this; what is remembered already stays as it is.
    pub(super) fn remember(&mut self, contents: &[(String, Vec<u8>)], now: i64) {
        for (word, bytes) in contents {
            self.keep(word.clone(), Kept { used: now, bytes: bytes.clone() });
        }
        if self.size > LARGEST {
            // A little more than needed, so that the next words do not ask for it again.
            self.forget_contents(now, LARGEST - LARGEST / 8);
        }
    }

    /// Documents are at the destination, and the run that brought them is over.
    pub(super) fn deliver(&mut self, run: String, keys: Vec<String>, now: i64) {
        self.delivered.extend(keys.into_iter().map(|key| (key, now)));
        self.run = Some(run);
    }

    /// The run that ended last at the destination.
    pub(super) fn run(&self) -> Option<&str> {
        self.run.as_deref()
    }

    /// The destination is not the one that it was.
    pub(super) fn deliver_anew(&mut self) {
        self.delivered.clear();
        self.run = None;
    }

    /// Whether a document is at the destination, and need not be sent again yet.
    pub(super) fn is_delivered(&self, key: &str, now: i64) -> bool {
        self.delivered.get(key).is_some_and(|at| is_recent(*at, now))
    }

    /// The bytes of the file, without what is too old or too much; that is forgotten here as well.
    pub(super) fn encode(&mut self, now: i64) -> Vec<u8> {
        self.forget_contents(now, LARGEST);
        self.forget_documents(now);
        let mut entries = Vec::with_capacity(self.size + 100 * (self.contents.len() + self.delivered.len()));
        for (word, kept) in &self.contents {
            write_entry(&mut entries, CONTENTS, kept.used, word, &kept.bytes);
        }
        for (key, at) in &self.delivered {
            write_entry(&mut entries, DOCUMENT, *at, key, &[]);
        }
        if let Some(run) = &self.run {
            write_entry(&mut entries, RUN, 0, run, &[]);
        }
        let sum = Sha256::digest(&entries);
        [MARK, &sum[..], &entries[..]].concat()
    }

    /// What a file holds; nothing where it is not as it was written.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let (sum, mut rest) = bytes.strip_prefix(MARK)?.split_first_chunk::<32>()?;
        if Sha256::digest(rest)[..] != sum[..] {
            return None;
        }
        let mut pages = Self::default();
        while !rest.is_empty() {
            let ([kind], at) = (chunk(&mut rest)?, i64::from_le_bytes(chunk(&mut rest)?));
            let word = String::from_utf8(part(&mut rest)?.to_vec()).ok()?;
            let bytes = part(&mut rest)?.to_vec();
            match kind {
                CONTENTS => pages.keep(word, Kept { used: at, bytes }),
                DOCUMENT => {
                    pages.delivered.insert(word, at);
                }
                RUN => pages.run = Some(word),
                _ => return None,
            }
        }
        Some(pages)
    }

    fn keep(&mut self, word: String, kept: Kept) {
        let size = word.len() + kept.bytes.len();
        if let std::collections::btree_map::Entry::Vacant(place) = self.contents.entry(word) {
            place.insert(kept);
            self.size += size;
        }
    }

    /// Forgets contents that nobody asked for, and then the longest unused until the rest has at most so many bytes.
    fn forget_contents(&mut self, now: i64, most: usize) {
        self.contents.retain(|_, kept| now.saturating_sub(kept.used) < UNUSED);
        self.size = self.contents.iter().map(|(word, kept)| word.len() + kept.bytes.len()).sum();
        if self.size <= most {
            return;
        }
        let mut by_use: Vec<(i64, String)> =
            self.contents.iter().map(|(word, kept)| (kept.used, word.clone())).collect();
        by_use.sort();
        for (_, word) in by_use {
            if self.size <= most {
                break;
            }
            if let Some(kept) = self.contents.remove(&word) {
                self.size -= word.len() + kept.bytes.len();
            }
        }
    }

    fn forget_documents(&mut self, now: i64) {
        self.delivered.retain(|_, at| is_recent(*at, now));
        let more = self.delivered.len().saturating_sub(MOST_DOCUMENTS);
        if more > 0 {
            let mut by_age: Vec<(i64, String)> =
                self.delivered.iter().map(|(key, at)| (*at, key.clone())).collect();
            by_age.sort();
            for (_, key) in by_age.into_iter().take(more) {
                self.delivered.remove(&key);
            }
        }
    }
}

/// A clock that was set back makes nothing recent for ever.
fn is_recent(at: i64, now: i64) -> bool {
    (0..SENT_AGAIN).contains(&now.saturating_sub(at))
}

/// An entry; one with a part that has no length in four bytes is left out.
fn write_entry(entries: &mut Vec<u8>, kind: u8, at: i64, word: &str, bytes: &[u8]) {
    let lengths = (u32::try_from(word.len()), u32::try_from(bytes.len()));
    if let (Ok(word_length), Ok(length)) = lengths {
        entries.push(kind);
        entries.extend(at.to_le_bytes());
        entries.extend(word_length.to_le_bytes());
        entries.extend(word.as_bytes());
        entries.extend(length.to_le_bytes());
        entries.extend(bytes);
    }
}

/// The next bytes, as many as a number has.
fn chunk<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk::<N>()?;
    *rest = tail;
    Some(*head)
}

/// The next part, behind its length.
fn part<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let length = usize::try_from(u32::from_le_bytes(chunk(rest)?)).ok()?;
    let (head, tail) = (*rest).split_at_checked(length)?;
    *rest = tail;
    Some(head)
}
