//! What registries of all vendors hold, as the specifications of the Open Container Initiative and Docker write
//! it: manifests, indexes, what is attached to images. Refuses the network: each vendor has a door of its own.

mod attached;
mod images;
mod wire;

#[cfg(test)]
pub(crate) use attached::subject_of_tag;
pub(crate) use attached::{Attached, LARGEST, artefacts, in_index, is_digest_of, kind, subject};
pub(crate) use images::{Described, Manifests, Named, Nature, is_index, is_runnable, reference};
pub(crate) use wire::{Descriptor, Manifest, parse};
