//! Documents in files: single files, standard input, directories with all that is in them.
//! Refuses symbolic links inside a directory (they may lead out of it) and files over the limit.

mod walk;

#[cfg(test)]
mod tests;

pub use walk::{STANDARD_INPUT, count, deliveries};

use crate::Descriptor;

/// The kind of this connector.
pub const KIND: &str = "folder";

/// What this connector is.
pub const DESCRIPTOR: Descriptor = Descriptor {
    kind: KIND,
    title: "Files and folders",
    summary: "Reads documents from files, directories and standard input.",
    permissions: &["read access to the files"],
};
