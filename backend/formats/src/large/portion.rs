//! A part of a document as a document of its own: the skeleton with some elements of its lists. What its parser says of
//! places is told as places of the whole.
//!
//! Refuses to be empty-handed: without elements it is the skeleton, which also says something.

use std::collections::HashSet;
use std::ops::Range;

use super::needed::Thing;
use super::splitter::{Element, Skeleton};
use crate::error::Error;
use crate::{Format, Parsed};

/// An element that belongs to the portion.
struct Piece {
    slot: usize,
    index: usize,
    offset: usize,
    /// Where it lies in the arena.
    bytes: Range<usize>,
}

/// A portion as it is filled.
pub(super) struct Portion<'s> {
    skeleton: &'s Skeleton,
    most: usize,
    pieces: Vec<Piece>,
    arena: Vec<u8>,
    beside: HashSet<usize>,
}

impl<'s> Portion<'s> {
    /// A portion for so many bytes of lists.
    pub(super) fn new(skeleton: &'s Skeleton, most: usize) -> Self {
        let most = most.max(skeleton.bytes.len());
        Self { skeleton, most, pieces: Vec::new(), arena: Vec::new(), beside: HashSet::new() }
    }

    /// Whether this element belongs to the next portion.
    pub(super) fn is_full(&self, element: &Element<'_>) -> bool {
        !self.arena.is_empty() && self.arena.len() + element.bytes.len() > self.most
    }

    pub(super) fn add(&mut self, element: &Element<'_>) {
        self.push(element.slot, element.index, element.offset, element.bytes);
    }

    /// Adds what an entry points to, once.
    pub(super) fn beside(&mut self, thing: &Thing) {
        if self.beside.insert(thing.number) {
            self.push(thing.slot, thing.index, thing.offset, &thing.bytes);
        }
    }

    fn push(&mut self, slot: usize, index: usize, offset: usize, bytes: &[u8]) {
        let start = self.arena.len();
        self.arena.extend_from_slice(bytes);
        self.pieces.push(Piece { slot, index, offset, bytes: start..self.arena.len() });
    }

    /// Reads the portion, and begins the next.
    pub(super) fn take(&mut self, format: &Format) -> Result<Parsed, Error> {
        self.pieces.sort_by_key(|piece| (piece.slot, piece.index));
        let (document, origins) = self.compose();
        let read = (format.parse)(&document);
        let result = match read {
            Ok(mut parsed) => {
                for warning in &mut parsed.warnings {
                    self.relocate(&mut warning.at);
                }
                Ok(parsed)
            }
            Err(mut error) => {
                if let Error::Broken { at, offset, .. } | Error::Truncated { at, offset, .. } = &mut error {
                    self.relocate(at);
                    *offset = origin(&origins, *offset);
                }
                Err(error)
            }
        };
        self.pieces.clear();
        self.arena.clear();
        self.beside.clear();
        result
    }

    /// The portion as a document, and where its stretches begin here and in the whole.
    fn compose(&self) -> (Vec<u8>, Vec<(usize, usize)>) {
        let skeleton = &self.skeleton.bytes;
        let mut document = Vec::with_capacity(skeleton.len() + self.arena.len() + self.pieces.len());
        let mut origins = vec![(0, 0)];
        let (mut from, mut pieces) = (0, self.pieces.iter().peekable());
        for (number, slot) in self.skeleton.slots.iter().enumerate() {
            document.extend_from_slice(&skeleton[from..slot.at]);
            from = slot.at;
            let mut first = true;
            while let Some(piece) = pieces.next_if(|piece| piece.slot == number) {
                if !first {
                    document.push(b',');
                }
                first = false;
                origins.push((document.len(), piece.offset));
                document.extend_from_slice(&self.arena[piece.bytes.clone()]);
            }
            origins.push((document.len(), slot.resumes));
        }
        document.extend_from_slice(&skeleton[from..]);
        (document, origins)
    }

    /// `Results[3].Packages[7].Name`, of which the 7 counts in the portion, as the whole counts.
    fn relocate(&self, at: &mut String) {
        let slots = self.skeleton.slots.iter().enumerate();
        let found = slots.rev().find_map(|(number, slot)| {
            let rest = at.strip_prefix(slot.path.as_str())?.strip_prefix('[')?;
            let (digits, rest) = rest.split_once(']')?;
            let mut inside = self.pieces.iter().filter(|piece| piece.slot == number);
            let piece = inside.nth(digits.parse().ok()?)?;
            Some(format!("{}[{}]{rest}", slot.path, piece.index))
        });
        if let Some(found) = found {
            *at = found;
        }
    }
}

/// A byte of the portion as one of the whole.
fn origin(origins: &[(usize, usize)], offset: usize) -> usize {
    let next = origins.partition_point(|(here, _)| *here <= offset);
    origins.get(next.saturating_sub(1)).map_or(offset, |(here, there)| there + (offset - here))
}
