//! Images: the list, and one image with its evidence in tabs. Refuses to show a tag as an identity.

mod detail;
mod export;
mod list;
mod sentence;
mod tabs;
#[cfg(test)]
mod tests;
mod watch;

pub(crate) use detail::show;
pub(crate) use export::{count, list as export, part as export_part};
pub(crate) use list::{Line, SPEC, filter_of, list, with_package};
pub(crate) use sentence::counted;
