//! Rules that hold for the whole tree, each an absence that someone would otherwise have to watch for.
//! Refuses to build anything: it reads files.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod edges;
mod files;
mod folders;
mod tree;
mod walls;
