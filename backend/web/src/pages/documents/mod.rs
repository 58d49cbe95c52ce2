//! Documents: upload, history, one document with what was odd about it, its bytes, what its columns mean, and reading it
//! again.
//! Refuses to read a document here: an upload is a row and a wake-up.

mod detail;
pub(crate) mod intake;
mod list;
pub(crate) mod mapping;
mod raw;
mod upload;
mod words;

pub(crate) use detail::{bytes, find, name_image, replay, saved_as, show};
pub(crate) use list::{SPEC, export, filter_of, list};
pub(crate) use raw::download;
pub(crate) use upload::upload;

#[cfg(test)]
mod tests;
