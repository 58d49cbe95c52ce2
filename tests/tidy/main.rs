//! Rules that hold for the whole tree, each an absence that someone would otherwise have to watch for.
//! Refuses to build anything: it reads files.

mod edges;
mod files;
mod folders;
mod tree;
mod walls;
