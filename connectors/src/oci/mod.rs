//! Registries that speak the distribution API of the Open Container Initiative, and what registries of all vendors
//! hold, as the specifications write it: manifests, indexes, configurations, what is attached to images.
//!
//! Vendors that say more have a folder of their own and a [`Shop`]; vendors whose clouds have doors of their own bring
//! a [`Door`]. Refuses to pull what it need not, to change anything, and to take a denied list for an empty one.

mod attached;
mod beside;
mod challenge;
mod client;
pub(crate) mod config;
mod contents;
pub(crate) mod crawl;
mod images;
mod login;
mod papers;
mod plain;
mod pulls;
mod refusal;
mod signed;
mod source;
#[cfg(test)]
mod tests;
mod wire;

pub(crate) use attached::{
    Attached, LARGEST, artefacts, digest_of, in_index, is_digest_of, kind, subject, subject_of_tag,
};
pub(crate) use beside::{Door, Papers, manifest, provenance};
pub(crate) use client::{Ask, next};
pub(crate) use crawl::{Root, Roots, Told, is_fallback, is_tag};
pub(crate) use images::{Described, Manifests, Named, Nature, is_index, is_runnable, reference};
pub(crate) use login::Credentials;
pub use plain::DESCRIPTOR;
pub(crate) use plain::named;
pub(crate) use refusal::{Refusal, until};
pub(crate) use signed::{document as signature_document, is_signed};
pub(crate) use source::{ATTACHED, IMAGES, Shelf, Shop, Source};
pub(crate) use wire::{Descriptor, Manifest, parse};
