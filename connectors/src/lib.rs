//! Connectors pull one vendor's account, cluster, registry or feed into observations and raw
//! documents. Each is a folder of its own; [`CONNECTORS`] is the visible list of them. What all share (pace,
//! paging, counting, failures) stands beside them.
//!
//! Refuses to parse what scanners wrote: the bytes are handed on. Refuses to know the store.

pub mod aws;
pub mod azure;
mod caller;
mod connector;
pub mod docker_hub;
mod door;
mod failure;
mod fields;
pub mod folder;
mod following;
pub mod gcp;
pub mod ghcr;
pub mod gitlab;
pub mod harbor;
mod http;
pub mod jfrog;
pub mod kubernetes;
pub mod meter;
mod missing;
pub mod oci;
pub mod pace;
pub mod paging;
pub mod quay;
mod reading;
mod service;
mod tags;
mod token;
mod variables;

use std::path::PathBuf;

pub use connector::{Built, Connector, Context, Descriptor, Forgetful, Item, Memory, Plan, Sink};
pub use failure::Failure;
pub use following::{Follower, Noticed, Notices};

/// Every connector, alphabetical.
pub static CONNECTORS: &[Descriptor] = &[
    aws::DESCRIPTOR,
    azure::DESCRIPTOR,
    docker_hub::DESCRIPTOR,
    gcp::DESCRIPTOR,
    ghcr::DESCRIPTOR,
    gitlab::DESCRIPTOR,
    harbor::DESCRIPTOR,
    jfrog::DESCRIPTOR,
    kubernetes::DESCRIPTOR,
    oci::DESCRIPTOR,
    quay::DESCRIPTOR,
];

/// The connector of a kind.
#[must_use]
pub fn by_kind(kind: &str) -> Option<&'static Descriptor> {
    CONNECTORS.iter().find(|connector| connector.about.kind == kind)
}

/// A raw document on its way to the pipeline.
#[derive(Debug)]
pub struct Delivery {
    /// Where it came from, as people name it.
    pub name: String,
    /// Its bytes, or why they could not be had.
    pub content: Result<Content, CollectError>,
}

/// The bytes of a document.
#[derive(Debug)]
pub enum Content {
    /// All of them.
    Bytes(Vec<u8>),
    /// A file that is better not held in memory.
    Long(PathBuf),
}

impl Content {
    /// All of them, also of a long file.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn into_bytes(self) -> Result<Vec<u8>, CollectError> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            Self::Long(path) => {
                std::fs::read(&path).map_err(|source| CollectError::Unreadable { path, source })
            }
        }
    }
}

/// Why something could not be collected.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// The path does not exist.
    #[error("`{}` does not exist: check the path", .0.display())]
    Missing(PathBuf),
    /// The file is larger than the limit.
    #[error("`{}` has {size} bytes, more than the limit of {limit}: raise `ingest.max_document_bytes` or split it", .path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The operating system refused.
    #[error("`{}` could not be read: {source}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The refusal.
        source: std::io::Error,
    },
}
