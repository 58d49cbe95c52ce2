//! Archives to the files inside, one in memory at a time: zip and tar, a tar also compressed, and archives in archives.
//! What a hostile one can cost is bounded before it is paid; what is left out is named.
//!
//! Refuses to write anything anywhere, so that a path is a name and leads nowhere; to follow links; to open what is
//! encrypted; and images and office documents, which are archives and hold no reports.

mod meter;
mod path;
mod tar;
mod walk;
mod zip;

#[cfg(test)]
mod tests;

use domain::document::Warning;

use crate::error::Error;
use crate::expansion;

/// What an archive may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of one file inside, and of all that comes out together.
    pub size: u64,
    /// Most bytes that come out for each byte of the archive, once [`Limits::grace`] is used up.
    pub ratio: u64,
    /// Bytes that may come out whatever the ratio: small archives of much the same text shrink well.
    pub grace: u64,
    /// Most entries looked at, those of archives inside included.
    pub entries: usize,
    /// How deep archives may lie in each other; 1 opens none inside.
    pub levels: usize,
}

impl Limits {
    /// The limits where `size` is the most bytes of a document after decompression.
    #[must_use]
    pub fn of(size: u64) -> Self {
        Self { size, ratio: 250, grace: 64 << 20, entries: 10_000, levels: 2 }
    }
}

/// The archives that are opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Files compressed one by one.
    Zip,
    /// Files one after the other; the whole may be compressed with gzip, zstd or xz.
    Tar,
}

impl Kind {
    /// With its article: `a zip archive`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Zip => "a zip archive",
            Self::Tar => "a tar archive",
        }
    }
}

/// A file inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its path in the archive, after the paths of the archives it lies in: relative, without `..`, and for people only.
    pub path: String,
    /// Its bytes; a compressed report is still compressed.
    pub bytes: Vec<u8>,
}

/// What unpacking came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unpacked {
    /// Files that were handed on.
    pub members: usize,
    /// What was left out, by path.
    pub warnings: Vec<Warning>,
}

/// Whether these bytes are an archive that is opened; of what is compressed, only the first bytes are expanded.
#[must_use]
pub fn recognise(raw: &[u8]) -> Option<Kind> {
    if zip::is_zip(raw) {
        return Some(Kind::Zip);
    }
    let head = expansion::beginning(raw, tar::BLOCK);
    tar::is_header(&head).then_some(Kind::Tar)
}

/// Hands on every file inside, in their order, until `keep` says that no more are wanted.
///
/// # Errors
/// When not one file could be handed on.
pub fn unpack(
    raw: &[u8],
    kind: Kind,
    limits: Limits,
    keep: &mut dyn FnMut(Member) -> bool,
) -> Result<Unpacked, Error> {
    walk::all(raw, kind, limits, keep)
}
