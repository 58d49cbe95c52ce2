//! The things of a document that its entries point to, kept so that they can stand beside them in every portion.
//! Refuses to keep more than fits: then the document has to be read as a whole.

use std::collections::{HashMap, HashSet};

use super::Stop;
use super::plan::Name;
use super::splitter::{Element, Slot};

/// Most bytes kept.
const MOST: usize = 96 << 20;

/// A thing that was kept.
#[derive(Debug)]
pub(super) struct Thing {
    /// Which of those kept it is.
    pub(super) number: usize,
    pub(super) slot: usize,
    pub(super) index: usize,
    pub(super) offset: usize,
    pub(super) bytes: Box<[u8]>,
}

/// A name, with the object in which it holds.
type Key = (Option<usize>, String);

/// What is needed, and what was found of it.
#[derive(Debug, Default)]
pub(super) struct Needed {
    wanted: HashSet<Key>,
    found: HashMap<Key, usize>,
    things: Vec<Thing>,
    size: usize,
}

fn key(slot: &Slot, name: Name) -> Key {
    (name.near.then_some(slot.holder), name.text)
}

impl Needed {
    /// An entry of this list points to these.
    pub(super) fn want(&mut self, slot: &Slot, names: Vec<Name>) {
        self.wanted.extend(names.into_iter().map(|name| key(slot, name)));
    }

    /// Keeps a thing if an entry needs it, or if it is the first; of those with one name, the first.
    pub(super) fn keep(
        &mut self,
        slot: &Slot,
        element: &Element<'_>,
        names: fn(&[u8]) -> Vec<Name>,
    ) -> Result<(), Stop> {
        let number = self.things.len();
        let mut wanted = number == 0;
        if !self.wanted.is_empty() {
            for name in names(element.bytes) {
                let key = key(slot, name);
                if self.wanted.contains(&key) && !self.found.contains_key(&key) {
                    self.found.insert(key, number);
                    wanted = true;
                }
            }
        }
        if !wanted {
            return Ok(());
        }
        self.size += element.bytes.len();
        if self.size > MOST {
            return Err(Stop::Whole);
        }
        let (slot, index, offset) = (element.slot, element.index, element.offset);
        self.things.push(Thing { number, slot, index, offset, bytes: element.bytes.into() });
        Ok(())
    }

    /// The things behind the names that an entry of this list points to.
    pub(super) fn of<'n>(&'n self, slot: &Slot, names: Vec<Name>) -> impl Iterator<Item = &'n Thing> {
        names.into_iter().filter_map(move |name| {
            let key = (name.near.then_some(slot.holder), name.text);
            self.found.get(&key).and_then(|number| self.things.get(*number))
        })
    }

    /// The first thing of the document: a list that is not empty must not seem so.
    pub(super) fn first(&self) -> Option<&Thing> {
        self.things.first()
    }
}
