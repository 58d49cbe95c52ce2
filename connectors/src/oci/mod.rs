//! What registries of all vendors hold, as the specifications of the Open Container Initiative and Docker write
//! it: manifests, indexes, what is attached to images. Refuses the network: each vendor has a
//! [`Door`] of its own.

mod attached;
mod beside;
mod images;
mod wire;

pub(crate) use attached::{
    Attached, LARGEST, artefacts, in_index, is_digest_of, kind, subject, subject_of_tag,
};
pub(crate) use beside::{Door, hand_on, manifest, provenance};
pub(crate) use images::{Described, Manifests, Named, Nature, is_index, is_runnable, reference};
pub(crate) use wire::{Descriptor, Manifest, parse};
