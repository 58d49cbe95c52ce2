//! Documents too long to be held: long lists are read in portions, each a document of the same kind with a part of every
//! list and all that stands beside them, and what the portions say is put together again.
//!
//! Refuses kinds without a plan, UTF-16, and documents whose length is not in a list: those are read as a whole.

mod merge;
mod needed;
mod plan;
mod portion;
mod splitter;

#[cfg(test)]
mod tests;

use std::io::{self, BufReader};

use crate::document::Limits;
use crate::error::Error;
use crate::{Format, Head, Parsed, Read, expansion, recognise};
use merge::Merger;
use needed::Needed;
use portion::Portion;
use splitter::{Element, Skeleton, Slot};

pub(crate) use plan::{List, Name, Role};

/// From how many bytes on a document is read in portions.
pub const LONG: usize = 64 << 20;
/// What is compressed to less than this is not long.
const PACKED: usize = 512 << 10;
/// Bytes of lists in a portion, more where there is more beside them.
const PORTION: usize = 4 << 20;
/// Bytes by which a document must be recognised.
const BEGINNING: usize = 64 << 10;

/// A document that can be read from its beginning as often as asked.
pub trait Source {
    /// Its bytes from the first on.
    ///
    /// # Errors
    /// When they cannot be had.
    fn open(&self) -> io::Result<Box<dyn io::Read + '_>>;
}

impl Source for &[u8] {
    fn open(&self) -> io::Result<Box<dyn io::Read + '_>> {
        Ok(Box::new(*self))
    }
}

/// Why a document is not read in portions.
#[derive(Debug)]
enum Stop {
    /// It is refused.
    Failed(Error),
    /// It has to be read as a whole.
    Whole,
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Whether a document at hand is long once it is decompressed.
pub(crate) fn is_long(raw: &[u8]) -> bool {
    if expansion::is_compressed(raw) {
        raw.len() > PACKED && expansion::is_longer(raw, LONG)
    } else {
        raw.len() > LONG
    }
}

/// Reads a document in portions, if its kind allows that.
///
/// # Errors
/// Those of [`crate::read`], and when the source cannot be read.
pub fn read(source: &dyn Source, limits: Limits) -> Result<Option<Read>, Error> {
    let mut beginning = vec![0; BEGINNING];
    let length = splitter::read_full(&mut plain(source)?, &mut beginning).map_err(unreadable)?;
    let format = recognise(&Head::cut(&beginning[..length]))?;
    let Some(lists) = plan::lists(format.kind) else { return Ok(None) };
    match (Work { source, format, lists, limits, portion: PORTION }).run() {
        Ok(parsed) => Ok(Some(Read { format, parsed })),
        Err(Stop::Whole) => Ok(None),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// The plain bytes of a document.
fn plain(source: &dyn Source) -> Result<Box<dyn io::Read + '_>, Error> {
    expansion::plain(BufReader::new(source.open().map_err(unreadable)?)).map_err(unreadable)
}

fn unreadable(error: io::Error) -> Error {
    Error::Unreadable { offset: 0, reason: error.to_string() }
}

/// One document being read.
struct Work<'w> {
    source: &'w dyn Source,
    format: &'static Format,
    lists: &'static [List],
    limits: Limits,
    portion: usize,
}

impl Work<'_> {
    fn run(&self) -> Result<Parsed, Stop> {
        let mut seen = vec![false; self.lists.len()];
        let skeleton = self.walk(&mut |slot, _| {
            seen[slot.list] = true;
            Ok(())
        })?;
        let any = |wanted: fn(&Role) -> bool| {
            self.lists.iter().zip(&seen).any(|(list, seen)| *seen && wanted(&list.role))
        };
        let named = any(|role| matches!(role, Role::Named(_)));
        let mut needed = Needed::default();
        if named && any(|role| matches!(role, Role::Pointing(_))) {
            self.walk(&mut |slot, element| {
                if let Role::Pointing(names) = self.lists[slot.list].role {
                    needed.want(slot, names(element.bytes));
                }
                Ok(())
            })?;
        }
        let mut merger = Merger::default();
        if named {
            self.things(&skeleton, &mut needed, &mut merger)?;
        }
        self.entries(&skeleton, &needed, named, &mut merger)?;
        Ok(merger.finish())
    }

    fn walk(&self, emit: &mut splitter::Emit<'_>) -> Result<Skeleton, Stop> {
        splitter::split(plain(self.source)?, self.format.kind, self.lists, self.limits, emit)
    }

    /// Reads what entries point to, and keeps what they need.
    fn things(&self, skeleton: &Skeleton, needed: &mut Needed, merger: &mut Merger) -> Result<(), Stop> {
        let mut portion = Portion::new(skeleton, self.portion);
        self.walk(&mut |slot, element| {
            let Role::Named(names) = self.lists[slot.list].role else { return Ok(()) };
            needed.keep(slot, &element, names)?;
            if portion.is_full(&element) {
                merger.add(portion.take(self.format)?, true);
            }
            portion.add(&element);
            Ok(())
        })?;
        merger.add(portion.take(self.format)?, true);
        Ok(())
    }

    /// Reads everything else; what entries point to stands beside them and says nothing anew.
    fn entries(
        &self,
        skeleton: &Skeleton,
        needed: &Needed,
        named: bool,
        merger: &mut Merger,
    ) -> Result<(), Stop> {
        let mut portion = Portion::new(skeleton, self.portion);
        let mut any = !named;
        self.walk(&mut |slot: &Slot, element: Element<'_>| {
            let names = match self.lists[slot.list].role {
                Role::Named(_) | Role::Unread => return Ok(()),
                Role::Pointing(names) if named => names(element.bytes),
                Role::Pointing(_) | Role::Alone => Vec::new(),
            };
            any = true;
            if portion.is_full(&element) {
                merger.add(portion.take(self.format)?, !named);
            }
            for thing in needed.of(slot, names) {
                portion.beside(thing);
            }
            if let (true, Some(first)) = (named, needed.first()) {
                portion.beside(first);
            }
            portion.add(&element);
            Ok(())
        })?;
        if any {
            merger.add(portion.take(self.format)?, !named);
        }
        Ok(())
    }
}
