//! One file a page: its struct, its handler, its decisions. Templates of the same name only show.

pub(crate) mod documents;
pub(crate) mod help;
pub(crate) mod overview;
pub(crate) mod search;
